"""What Klaviyo reads, made from what happened: pure.

Names are an interface of the merchant's flows: never renamed, only added to (marketing-platforms facts, section 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from loyalty.events import EventKind
from loyalty.integrations.state import MemberState

METRICS: dict[EventKind, str] = {
    EventKind.POINTS_EARNED: "Points Awarded",
    EventKind.POINTS_REDEEMED: "Reward Redeemed",
    EventKind.REWARD_ISSUED: "Reward Redeemed",
    EventKind.TIER_CHANGED: "VIP Tier Changed",
    EventKind.MEMBER_ENROLLED: "Loyalty Program Joined",
    EventKind.POINTS_REVERSED: "Points Deducted",
    EventKind.POINTS_DEDUCTED: "Points Deducted",
    EventKind.POINTS_EXPIRED: "Points Expired",
}
_DISCOUNT_TYPES = {"fixed_amount": "fixed"}


def event(
    *,
    kind: EventKind,
    payload: Mapping[str, Any],
    state: MemberState,
    unique_id: str,
    occurred_at: datetime,
    is_test: bool = False,
) -> dict[str, Any]:
    """Returns the body of `POST /api/events`. The member's state rides along, so that a flow shows the new balance.

    Args:
        is_test: It is about a test: said in a property of its own, which no other event has.
    """
    return {
        "data": {
            "type": "event",
            "attributes": {
                "metric": {"data": {"type": "metric", "attributes": {"name": METRICS[kind]}}},
                "profile": {
                    "data": {"type": "profile", "attributes": {"email": state.email, "properties": properties(state)}}
                },
                "properties": {
                    **_event_properties(kind, payload, state),
                    **({"Encore Test": True} if is_test else {}),
                },
                "time": occurred_at.astimezone(UTC).isoformat(timespec="seconds"),
                "unique_id": unique_id,
                "backfill": False,
            },
        }
    }


def profile(*, state: MemberState) -> dict[str, Any]:
    """Returns the body of `POST /api/profile-import`; what no longer applies is unset."""
    known = properties(state)
    gone = [name for name in _OPTIONAL if name not in known]
    data: dict[str, Any] = {"type": "profile", "attributes": {"email": state.email, "properties": known}}
    if gone:
        data["meta"] = {"patch_properties": {"unset": gone}}
    return {"data": data}


_OPTIONAL = (
    "Encore VIP Tier",
    "Encore Next VIP Tier",
    "Encore Points To Next Tier",
    "Encore Points Expire At",
)


def properties(state: MemberState) -> dict[str, Any]:
    """Returns the profile properties that apply, under Klaviyo's spelling."""
    values: dict[str, Any] = {
        "Encore Points Balance": state.balance,
        "Encore Points Pending": state.pending,
        "Encore Lifetime Points": state.lifetime,
        "Encore VIP Tier": state.tier,
        "Encore Next VIP Tier": state.next_tier,
        "Encore Points To Next Tier": state.points_to_next_tier if state.next_tier else None,
        "Encore Loyalty Status": state.status,
        "Encore Referral URL": state.referral_url,
        "Encore Points Expire At": state.expires_at.isoformat() if state.expires_at else None,
        "Encore Member Since": state.member_since.isoformat(),
        "Encore Updated At": state.read_at.isoformat(timespec="seconds"),
    }
    return {name: value for name, value in values.items() if value is not None}


def _event_properties(kind: EventKind, payload: Mapping[str, Any], state: MemberState) -> dict[str, Any]:
    balance = {"Points Balance": state.balance}
    match kind:
        case EventKind.POINTS_EARNED:
            order = {"Order Number": payload["order_number"]} if payload.get("order_number") else {}
            rule = payload.get("rule_name") or "Manual"
            return {
                "Points Awarded": payload["points"],
                "Earning Rule": rule,
                "Status": "approved",
                **order,
                **balance,
            }
        case EventKind.POINTS_REDEEMED | EventKind.REWARD_ISSUED:  # the latter with no points spent
            kind_of_discount = str(payload.get("discount_type"))
            code = {"Discount Code": payload["discount_code"]} if payload.get("discount_code") else {}
            ends = {"Expires At": payload["expires_at"]} if payload.get("expires_at") else {}
            return {
                "Reward Name": payload.get("reward_name"),
                "Points Spent": payload["points"],
                "Discount Type": _DISCOUNT_TYPES.get(kind_of_discount, kind_of_discount),
                **code,
                **ends,
                **balance,
            }
        case EventKind.TIER_CHANGED:
            previous = {"Previous Tier Name": payload["previous_tier"]} if payload.get("previous_tier") else {}
            return {
                "New Tier Name": payload.get("new_tier") or "None",
                **previous,
                "Direction": payload.get("direction", "up"),
            }
        case EventKind.MEMBER_ENROLLED:
            return {**balance, "Source": payload.get("source", "")}
        case EventKind.POINTS_EXPIRED:
            return {"Points Expired": payload["points"], **balance}
        case _:
            reason = payload.get("note") or payload.get("rule_name") or "Correction"
            return {"Points Deducted": payload["points"], "Reason": reason, **balance}
