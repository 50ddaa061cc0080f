"""What may happen to tiers: the ladder is edited, members are placed on it."""

from loyalty.tiers.operations.importing import Stood, place_all, put_back_all
from loyalty.tiers.operations.ladder import change_ladder, create_tier, delete_tier
from loyalty.tiers.operations.moving import Manner
from loyalty.tiers.operations.placing import (
    assign,
    give_skipped_entry,
    merge_standing,
    release,
    requalify,
    requalify_all,
)
from loyalty.tiers.operations.sweeping import place_some
from loyalty.tiers.operations.testing import forget_standing, keep_standing, restore_standing
from loyalty.tiers.terms import Ladder, TierTerms

__all__ = [
    "Ladder",
    "Manner",
    "Stood",
    "TierTerms",
    "assign",
    "change_ladder",
    "create_tier",
    "delete_tier",
    "forget_standing",
    "give_skipped_entry",
    "keep_standing",
    "merge_standing",
    "place_all",
    "place_some",
    "put_back_all",
    "release",
    "requalify",
    "requalify_all",
    "restore_standing",
]
