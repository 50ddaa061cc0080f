"""The kinds of email there are: one table. From which event in which case, and which placeholders a text may use. Pure.

What an email tells is in `texts/`, per language. A kind's name is a part of its destination's and never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty.errors import NotFound
from loyalty.events import EventKind
from loyalty.integrations.state import MemberState

Payload = Mapping[str, Any]


class Special(Enum):
    """What has words of its own in every language."""

    CREDIT = auto()


@dataclass(frozen=True, slots=True)
class Amount:
    """Points with the word for them."""

    points: int


Value = str | int | datetime | Amount | Special | None
"""A placeholder's value, before it is written in a language; a `datetime` is an end: the day before it is meant."""


class Goes(Enum):
    """Where the button of an email leads."""

    SHOP = auto()
    CODE = auto()
    LINK = auto()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that a text may use: what it stands for, and an example of it."""

    says: str | Promise
    example: Value


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of email.

    Attributes:
        values: Its own placeholders' values, out of what happened.
        own: Its own placeholders; `COMMON` are there besides.
        case: In which case of its events it is sent.
        goes: Where its button leads.
        sample: What happened, for examples and tests: what is told beside the placeholders.
    """

    slug: str
    label: str | Promise
    says: str | Promise
    events: frozenset[EventKind]
    own: Mapping[str, Placeholder]
    values: Callable[[Payload], Mapping[str, Value]]
    case: Callable[[Payload], bool] = lambda _payload: True
    goes: Goes = Goes.SHOP
    sample: Mapping[str, Any] | None = None

    @property
    def placeholders(self) -> dict[str, Placeholder]:
        """Every placeholder its texts may use, by name."""
        return {**self.own, **COMMON}

    @property
    def destination(self) -> str:
        """Its name in the outbox."""
        return f"{FAMILY}:{self.slug}"


FAMILY = "email"
_END = datetime(2030, 1, 1, tzinfo=UTC)
_POINTS = Placeholder(_("How many points"), 250)
_REASON = Placeholder(_("The earning rule"), "Place an order")
COMMON: dict[str, Placeholder] = {
    "first_name": Placeholder(_("The member’s first name; nothing when there is none"), "Ada"),
    "points_balance": Placeholder(_("Points they can spend now"), 1250),
    "tier": Placeholder(_("Their VIP tier; nothing when there is none"), "Gold"),
    "referral_url": Placeholder(_("Their own link for friends"), "https://example.com/?referral_code=ADA12345"),
    "shop_name": Placeholder(_("Your shop’s name"), "Tea & Co"),
}


def common_values(state: MemberState, shop_name: str) -> dict[str, Value]:
    """Returns what every email may say of a member."""
    return {
        "first_name": state.first_name, "points_balance": state.balance, "tier": state.tier,
        "referral_url": state.referral_url, "shop_name": shop_name,
    }  # fmt: skip


def _earned(payload: Payload) -> dict[str, Value]:
    return {"points": payload["points"], "reason": payload.get("rule_name") or Special.CREDIT}


def _is_news(payload: Payload) -> bool:
    """Whether points are told of by themselves: those for a friend have an email of their own."""
    return payload.get("source") != "referral"


KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(
            "points_earned", _("Points earned"), _("When points can be spent at once, for an order or anything else."),
            frozenset({EventKind.POINTS_EARNED}), {"points": _POINTS, "reason": _REASON}, _earned,
            case=lambda payload: _is_news(payload) and not payload.get("was_pending"),
        ),
        Kind(
            "points_approved", _("Points approved"), _("When points that had to wait can be spent."),
            frozenset({EventKind.POINTS_EARNED}), {"points": _POINTS, "reason": _REASON}, _earned,
            case=lambda payload: _is_news(payload) and bool(payload.get("was_pending")),
        ),
        Kind(
            "points_expiring", _("Points end soon"), _("When points end within a week; at most once in seven days."),
            frozenset({EventKind.POINTS_EXPIRING}),
            {"points": _POINTS, "last_day": Placeholder(_("The last day of those that end first"), _END)},
            lambda payload: {"points": payload["points"], "last_day": _moment(payload.get("expires_at"))},
        ),
        Kind(
            "reward_issued", _("Reward"), _("When a member has a reward, for points or as a gift. A code stands beneath the text."),
            frozenset({EventKind.POINTS_REDEEMED, EventKind.REWARD_ISSUED}),
            {"reward_name": Placeholder(_("The reward"), "5 off"), "points": Placeholder(_("Points it cost; nothing for a gift"), 500)},
            lambda payload: {"reward_name": payload.get("reward_name"), "points": payload.get("points") or None},
            goes=Goes.CODE, sample={"discount_code": "ENCORE-SAMPLE", "expires_at": _END.isoformat()},
        ),
        Kind(
            "tier_reached", _("VIP tier reached"), _("When a member rises to a tier."), frozenset({EventKind.TIER_CHANGED}),
            {"tier_name": Placeholder(_("The new tier"), "Gold"), "previous_tier": Placeholder(_("The tier before"), "Silver")},
            lambda payload: {"tier_name": payload.get("new_tier"), "previous_tier": payload.get("previous_tier")},
            case=lambda payload: payload.get("direction") == "up",
        ),
        Kind(
            "referral_completed", _("Friend referred"), _("When a member has the reward for a friend’s first order."),
            frozenset({EventKind.REFERRAL_COMPLETED}),
            {"reward": Placeholder(_("What they have for it: points or a reward"), Amount(500))},
            lambda payload: {"reward": payload.get("reward_name") or Amount(payload.get("points") or 0)}, goes=Goes.LINK,
        ),
    )
}  # fmt: skip
"""Every kind, by its name, in the order of the page."""
EVENTS = frozenset(event for kind in KINDS.values() for event in kind.events)


def kind_named(slug: str) -> Kind:
    """Returns a kind by its name.

    Raises:
        NotFound: There is no such kind.
    """
    if slug not in KINDS:
        raise NotFound(gettext("There is no email '%(slug)s'") % {"slug": slug})
    return KINDS[slug]


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
