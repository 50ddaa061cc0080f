"""What a profile at a marketing platform says of a member: names and values. Pure.

Names are an interface of the merchant's segments: never renamed, only added to (marketing-platforms facts, section 7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loyalty.integrations.state import MemberState


@dataclass(frozen=True, slots=True)
class Field:
    """One property: its name, its value (None: it does not apply), and what stands for nothing where a vendor can't clear."""

    name: str
    value: Callable[[MemberState], Any]
    empty: str | int = ""


FIELDS = (
    Field("Encore Points Balance", lambda state: state.balance, 0),
    Field("Encore Points Pending", lambda state: state.pending, 0),
    Field("Encore Lifetime Points", lambda state: state.lifetime, 0),
    Field("Encore VIP Tier", lambda state: state.tier),
    Field("Encore Next VIP Tier", lambda state: state.next_tier),
    Field("Encore Points To Next Tier", lambda state: state.points_to_next_tier if state.next_tier else None, 0),
    Field("Encore Loyalty Status", lambda state: state.status),
    Field("Encore Referral URL", lambda state: state.referral_url),
    Field("Encore Points Expire At", lambda state: state.expires_at.isoformat() if state.expires_at else None),
    Field("Encore Member Since", lambda state: state.member_since.isoformat()),
    Field("Encore Updated At", lambda state: state.read_at.isoformat(timespec="seconds")),
)
BIRTHDAY = Field("Encore Date of Birth", lambda state: state.date_of_birth.isoformat() if state.date_of_birth else None)
"""Only where the merchant has switched it on."""
EMPTY = {field.name: field.empty for field in (*FIELDS, BIRTHDAY)}


def properties(state: MemberState, *, sends_birthday: bool) -> dict[str, Any]:
    """Returns every property by its name, whole numbers and text; None is one that does not apply now."""
    fields = (*FIELDS, BIRTHDAY) if sends_birthday else FIELDS
    return {field.name: field.value(state) for field in fields}


def emptied(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the properties with what stands for nothing in place of None, for vendors that can't clear one."""
    return {name: EMPTY[name] if value is None else value for name, value in values.items()}


def known(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the properties that apply."""
    return {name: value for name, value in values.items() if value is not None}
