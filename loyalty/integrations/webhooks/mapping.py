"""What a subscription hears, made from what happened: names and data of the contract, and ours beyond it. Pure.

Names are an interface: never renamed. Source: rest-api facts, section 12.2.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.events import EventKind
from loyalty.instants import instant

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Who:
    """The member an event is about, as the first attempt found them. The last four are Appstle's, for our own events."""

    shopify_customer_id: int
    email: str | None
    balance: int
    lifetime: int
    store_credit: str | None = None
    tier_ends_at: datetime | None = None
    shared_on_facebook: bool = False
    shared_on_x: bool = False


def _earned(payload: Payload, who: Who) -> dict[str, Any]:
    return {
        "points_earned": payload["points"],
        "points_balance": payload.get("balance", who.balance),
        "lifetime_points": payload.get("lifetime", who.lifetime),
        "source": payload.get("source") or "earning_rule",
        "earning_rule_name": payload.get("rule_name"),
        "order_number": _bare(payload.get("order_number")),
    }


def _redeemed(payload: Payload, who: Who) -> dict[str, Any]:
    return {
        "points_redeemed": payload["points"],
        "points_balance": payload.get("balance", who.balance),
        "reward_name": payload.get("reward_name"),
        "reward_id": payload.get("reward_id"),
        "discount_code": payload.get("discount_code"),
    }


def _tier(payload: Payload, who: Who) -> dict[str, Any]:
    return {
        "previous_tier": payload.get("previous_tier"),
        "new_tier": payload.get("new_tier"),
        "lifetime_points": payload.get("lifetime", who.lifetime),
    }


def _ours(payload: Payload, who: Who) -> dict[str, Any]:
    """What our own events say: what happened as we keep it, the balance, and the four fields of Appstle's webhooks."""
    left_out = {"entry_id", "rule_number", "reward_number", "balance", "lifetime", "door", "was_pending", "reverses"}
    told = {name: value for name, value in payload.items() if name not in left_out}
    if "order_number" in told:
        told["order_number"] = _bare(told["order_number"])
    return {
        **told,
        "points_balance": payload.get("balance", who.balance),
        "lifetime_points": payload.get("lifetime", who.lifetime),
        "storeCreditBalance": who.store_credit,
        "vipTierExpiredAt": instant(who.tier_ends_at),
        "rewardedForSharingOnFacebook": who.shared_on_facebook,
        "rewardedForSharingOnX": who.shared_on_x,
    }


@dataclass(frozen=True, slots=True)
class Heard:
    """A name a subscription may hear: of which kind of event, in which case of it, and what it tells."""

    kind: EventKind
    data: Callable[[Payload, Who], dict[str, Any]] = _ours
    case: Callable[[Payload], bool] = lambda _payload: True


EVENTS: dict[str, Heard] = {
    "points.earned": Heard(EventKind.POINTS_EARNED, _earned),
    "points.redeemed": Heard(EventKind.POINTS_REDEEMED, _redeemed),
    "customer.tier_upgrade": Heard(EventKind.TIER_CHANGED, _tier, lambda payload: payload.get("direction") == "up"),
    "customer.tier_downgrade": Heard(EventKind.TIER_CHANGED, _tier, lambda payload: payload.get("direction") == "down"),
    "encore.points_approved": Heard(EventKind.POINTS_EARNED, case=lambda payload: bool(payload.get("was_pending"))),
    "encore.points_rejected": Heard(EventKind.POINTS_REJECTED),
    "encore.points_reversed": Heard(EventKind.POINTS_REVERSED),
    "encore.points_expiring": Heard(EventKind.POINTS_EXPIRING),
    "encore.points_expired": Heard(EventKind.POINTS_EXPIRED),
    "encore.member_enrolled": Heard(EventKind.MEMBER_ENROLLED),
    "encore.redemption_failed": Heard(EventKind.REDEMPTION_FAILED),
    "encore.reward_used": Heard(EventKind.REWARD_USED),
    "encore.referral_completed": Heard(EventKind.REFERRAL_COMPLETED),
}
"""Every name a subscription may hear: the four documented ones, and ours."""
KINDS = frozenset(heard.kind for heard in EVENTS.values())


def body(*, name: str, shop: str, occurred_at: datetime, payload: Payload, who: Who) -> str:
    """Returns the body as it is sent and signed, the same on every attempt.

    Args:
        shop: The shop's handle, without `.myshopify.com`.
    """
    data = {"shopify_customer_id": str(who.shopify_customer_id), "email": who.email}
    data |= EVENTS[name].data(payload, who)
    told = {"event": name, "shop": shop, "timestamp": instant(occurred_at), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def sample(name: str) -> dict[str, Any]:
    """Returns a payload to try an event of this name out with."""
    points = {"points": 100, "balance": 1250, "lifetime": 3400, "rule_name": "Placed an order", "order_number": "#1042"}
    reward = {"reward_name": "$5 off", "reward_id": "reward_sample", "discount_code": "ENCORE-SAMPLE"}
    tier = {"previous_tier": "Silver", "new_tier": "Gold", "direction": "up", "lifetime": 3400}
    return {**points, **reward, **(tier if name.startswith("customer.") else {}), "source": "earning_rule"}


def _bare(order_number: Any) -> str | None:
    """An order's number without the sign before it."""
    return str(order_number).lstrip("#") if order_number else None
