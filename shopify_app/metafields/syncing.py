"""Having many customers written again, in sets: after a switch in the settings, a renamed tier, or the merchant's word.

They go to a queue of their own beside the one of what happens, so that nobody's change waits behind them, and are due four a
second, so that a Standard shop's bucket (100 points a second) keeps room for purchases.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from loyalty.members.models import Member
from loyalty.members.queries import count
from loyalty.outbox.operations import queue_syncs
from loyalty.programs.operations import tell_of_change

CUSTOMER = "shopify:customer-metafield"
AGAIN, WITHOUT_TAG = f"{CUSTOMER}:again", f"{CUSTOMER}:without-tag"
EVERY = timedelta(milliseconds=250)


@transaction.atomic
def sync_everything(*, program_id: int, now: datetime, takes_tags_back: bool = False) -> int:
    """Queues the shop and all living members of the programme in scope, and returns how many members those are.

    Who waits already keeps their place. At the moment of sending everything is read afresh.

    Args:
        takes_tags_back: The tier tags were switched off: each customer loses theirs.
    """
    tell_of_change(program_id=program_id, of="settings", now=now)
    queue_syncs(
        program_id=program_id, destination=WITHOUT_TAG if takes_tags_back else AGAIN,
        member_ids=Member.objects.living().values_list("pk", flat=True), now=now, every=EVERY,
    )  # fmt: skip
    return count()


def sync_tier(*, program_id: int, tier_id: int, now: datetime) -> int:
    """Queues the living members on one tier of the programme in scope; returns how many joined the queue."""
    theirs = Member.objects.living().filter(tier_membership__tier_id=tier_id)
    return queue_syncs(
        program_id=program_id, destination=AGAIN, member_ids=theirs.values_list("pk", flat=True), now=now, every=EVERY
    )
