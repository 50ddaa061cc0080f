"""What marketing platforms are told, by name: one table for all of them. Pure.

Names are an interface of the merchant's flows: never renamed, only added to. A vendor's mapping spells them its own way.
Source: marketing-platforms facts, section 7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop as _

from loyalty.events import EventKind

if TYPE_CHECKING:
    from loyalty.integrations.state import MemberState

Payload = Mapping[str, Any]
DISCOUNT_TYPES = {"fixed_amount": "fixed"}
"""Where flows know a kind of discount under another word than ours."""
REFERRAL_CLAIMED = "referral_claimed"


@dataclass(frozen=True, slots=True)
class Named:
    """One event as flows know it.

    Attributes:
        name: In title case with spaces.
        says: When it is told, for the merchant who chooses.
        properties: By name, out of what happened and the member's state at this moment; None is left out.
        case: In which case of its kinds of event it is told.
        is_usual: A new connection tells it.
        about_friend: It is about the friend of a referral, who may be no member; `friends.py` knows more of them.
        queue: Which of a vendor's queues it waits in. Two names of one event wait in different ones.
    """

    name: str
    says: str
    kinds: frozenset[EventKind]
    properties: Callable[[Payload, MemberState | None], Mapping[str, Any]]
    sample: Mapping[str, Any] = field(default_factory=dict)
    case: Callable[[Payload], bool] = lambda _payload: True
    is_usual: bool = True
    about_friend: bool = False
    queue: str = "events"


def _balance(state: MemberState | None) -> dict[str, Any]:
    return {"Points Balance": state.balance} if state else {}


def _awarded(payload: Payload, state: MemberState | None) -> dict[str, Any]:
    return {
        "Points Awarded": payload["points"], "Earning Rule": payload.get("rule_name") or "Manual", "Status": "approved",
        "Order Number": _bare(payload.get("order_number")), **_balance(state),
    }  # fmt: skip


def _redeemed(payload: Payload, state: MemberState | None) -> dict[str, Any]:
    kind = str(payload.get("discount_type"))
    return {
        "Reward Name": payload.get("reward_name"), "Points Spent": payload["points"],
        "Discount Type": DISCOUNT_TYPES.get(kind, kind), "Discount Code": payload.get("discount_code"),
        "Expires At": payload.get("expires_at"), **_balance(state),
    }  # fmt: skip


def _tier(payload: Payload, _state: MemberState | None) -> dict[str, Any]:
    return {
        "New Tier Name": payload.get("new_tier") or "None", "Previous Tier Name": payload.get("previous_tier"),
        "Direction": payload.get("direction", "up"),
    }  # fmt: skip


def _expiring(payload: Payload, state: MemberState | None) -> dict[str, Any]:
    days = None
    if state is not None and payload.get("expires_at"):
        days = max(0, ceil((datetime.fromisoformat(payload["expires_at"]) - state.read_at).total_seconds() / 86_400))
    return {
        "Points Expiring": payload["points"], "Current Points": state.balance if state else payload.get("balance"),
        "Days Until Expiry": days, "First Name": (state and state.first_name) or "there",
    }  # fmt: skip


def _deducted(payload: Payload, state: MemberState | None) -> dict[str, Any]:
    reason = payload.get("note") or payload.get("rule_name") or "Correction"
    return {
        "Points Deducted": payload["points"], "Reason": reason, "Order Number": _bare(payload.get("order_number")),
        **_balance(state),
    }  # fmt: skip


def _claimed(payload: Payload, _state: MemberState | None) -> dict[str, Any]:
    return {name: payload.get(name) for name in _CLAIMED}


_CLAIMED = (
    "Discount Code", "Discount Type", "Discount Value", "Campaign Name", "Reward", "Advocate Email", "Advocate Name",
)  # fmt: skip


def _completed(payload: Payload, _state: MemberState | None) -> dict[str, Any]:
    return {
        "Campaign Name": payload.get("rule_name"), "Points Awarded": payload.get("points") or None,
        "Reward Name": payload.get("reward_name"), "Discount Code": payload.get("discount_code"),
    }  # fmt: skip


EVENTS: dict[str, Named] = {
    "points_awarded": Named(
        "Points Awarded", _("A member's points can be spent"), frozenset({EventKind.POINTS_EARNED}), _awarded,
        {"points": 100, "rule_name": "Place an order", "order_number": "#1042"},
    ),
    "reward_redeemed": Named(
        "Reward Redeemed", _("A member has a reward, for points or as a gift"),
        frozenset({EventKind.POINTS_REDEEMED, EventKind.REWARD_ISSUED}), _redeemed,
        {"points": 500, "reward_name": "$5 off", "discount_type": "fixed_amount", "discount_code": "ENCORE-SAMPLE"},
    ),
    "vip_tier_changed": Named(
        "VIP Tier Changed", _("A member rises to a tier or falls from one"), frozenset({EventKind.TIER_CHANGED}), _tier,
        {"new_tier": "Gold", "previous_tier": "Silver", "direction": "up"},
    ),
    "points_expiry_soon": Named(
        "Points Expiry Soon", _("Points end within a week; at most once in seven days"),
        frozenset({EventKind.POINTS_EXPIRING}), _expiring,
        {"points": 100, "balance": 1250, "expires_at": "2030-01-01T00:00:00+00:00"}, is_usual=False,
    ),
    REFERRAL_CLAIMED: Named(
        "Referral Claimed", _("A friend has accepted an invitation; told about the friend"),
        frozenset({EventKind.REFERRAL_CLAIMED}), _claimed,
        {
            "Discount Code": "FRIEND-SAMPLE", "Discount Type": "percentage", "Discount Value": 10,
            "Campaign Name": "Refer a friend", "Reward": "10% off", "Advocate Name": "Ada",
        },
        about_friend=True,
    ),
    "referral_completed": Named(
        "Referral Completed", _("A member has the reward for a friend's first order"),
        frozenset({EventKind.REFERRAL_COMPLETED}), _completed, {"points": 500, "rule_name": "Refer a friend"},
    ),
    "loyalty_program_joined": Named(
        "Loyalty Program Joined", _("A customer becomes a member"), frozenset({EventKind.MEMBER_ENROLLED}),
        lambda payload, state: {**_balance(state), "Source": payload.get("source", "")}, {"source": "account"},
    ),
    "points_deducted": Named(
        "Points Deducted", _("Points are taken back, after a refund or by hand"),
        frozenset({EventKind.POINTS_REVERSED, EventKind.POINTS_DEDUCTED}), _deducted, {"points": 20, "note": "Refund"},
    ),
    "points_expired": Named(
        "Points Expired", _("Points have ended"), frozenset({EventKind.POINTS_EXPIRED}),
        lambda payload, state: {"Points Expired": payload["points"], **_balance(state)}, {"points": 30},
    ),
    "birthday_reward": Named(
        "Birthday Reward", _("A member has the points for a birthday"), frozenset({EventKind.POINTS_EARNED}),
        lambda payload, _state: {"Points Awarded": payload["points"]}, {"points": 200},
        case=lambda payload: payload.get("action") == "birthday", queue="birthdays",
    ),
}  # fmt: skip
"""Every event a merchant may choose, by the name it is chosen under."""
KINDS = frozenset(kind for named in EVENTS.values() for kind in named.kinds)
USUAL = tuple(slug for slug, named in EVENTS.items() if named.is_usual)


def chosen(slugs: list[str], kind: EventKind) -> list[Named]:
    """Returns the events of a kind among those a merchant has chosen; a name that is gone is no name."""
    return [EVENTS[slug] for slug in slugs if slug in EVENTS and kind in EVENTS[slug].kinds]


def in_queue(kind: EventKind, queue: str) -> Named | None:
    """Returns what an event of a kind is called in one of a vendor's queues."""
    found = (named for named in EVENTS.values() if kind in named.kinds and named.queue == queue)
    return next(found, None)


def properties_of(
    named: Named, payload: Payload, state: MemberState | None, *, is_test: bool = False
) -> dict[str, Any]:
    """Returns an event's properties: numbers, text and yes or no.

    Args:
        is_test: It is about a test: said in a property of its own, which no other event has.
    """
    said = {name: value for name, value in named.properties(payload, state).items() if value is not None}
    return {**said, "Encore Test": True} if is_test else said


def _bare(order_number: Any) -> str | None:
    """An order's number without the sign before it."""
    return str(order_number).lstrip("#") if order_number else None
