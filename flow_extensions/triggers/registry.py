"""Every Flow trigger, one folder each. What Flow is told of, and by which name, stands here and in the manifests."""

from __future__ import annotations

from flow_extensions.triggers.birthday_trigger import publisher as birthday_trigger
from flow_extensions.triggers.loyalty_credits_earned import publisher as loyalty_credits_earned
from flow_extensions.triggers.loyalty_points_approved import publisher as loyalty_points_approved
from flow_extensions.triggers.loyalty_points_earned import publisher as loyalty_points_earned
from flow_extensions.triggers.loyalty_points_expiring import publisher as loyalty_points_expiring
from flow_extensions.triggers.loyalty_points_redeemed import publisher as loyalty_points_redeemed
from flow_extensions.triggers.loyalty_reward_used import publisher as loyalty_reward_used
from flow_extensions.triggers.loyalty_sign_up import publisher as loyalty_sign_up
from flow_extensions.triggers.loyalty_vip_tier_achieved import publisher as loyalty_vip_tier_achieved
from flow_extensions.triggers.loyalty_vip_tier_lost import publisher as loyalty_vip_tier_lost
from flow_extensions.triggers.referral_reward_created import publisher as referral_reward_created
from flow_extensions.triggers.referred_reward_created import publisher as referred_reward_created
from flow_extensions.triggers.trigger import Trigger

_PUBLISHERS = (
    loyalty_sign_up, loyalty_points_earned, loyalty_points_redeemed, loyalty_credits_earned, loyalty_vip_tier_achieved,
    birthday_trigger, referral_reward_created, referred_reward_created,
    # ours beyond the eight
    loyalty_points_expiring, loyalty_points_approved, loyalty_vip_tier_lost, loyalty_reward_used,
)  # fmt: skip
TRIGGERS: dict[str, Trigger] = {each.TRIGGER.handle: each.TRIGGER for each in _PUBLISHERS}
"""By handle."""
KINDS = frozenset(kind for trigger in TRIGGERS.values() for kind in trigger.kinds)
_NAMES = {spelled.casefold(): each.handle for each in TRIGGERS.values() for spelled in (each.handle, each.name)}


def handle_of(definition_id: str) -> str | None:
    """Returns the trigger that Shopify means by a definition's id: its name or its handle in any case; None if neither."""
    return _NAMES.get(definition_id.strip().casefold())
