"""What a referral is about, as it was when the friend accepted: later changes of the rule do not reach it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from loyalty.earning.kinds import referral as kind
from loyalty.earning.kinds.fields import value_of
from loyalty.earning.models import EarningRule


@dataclass(frozen=True, slots=True)
class ReferralTerms:
    """Money is text in the shop's currency; days are whole days of the shop. Fields as the rule's kind declares them."""

    advocate_gets: str
    advocate_reward: str | None
    friend_gets: str
    friend_amount: str
    friend_points: int
    friend_minimum_spend: str | None
    friend_product_ids: list[int]
    friend_collection_ids: list[int]
    friend_purchases: str
    friend_combines_product: bool
    friend_combines_order: bool
    friend_combines_shipping: bool
    claim_days: int
    minimum_amount: int | None
    needs_account: bool
    cap_per_day: int | None
    cap_per_month: int | None
    approval_days: int

    @property
    def has_code(self) -> bool:
        """Whether the friend gets a code for the first order."""
        return self.friend_gets in kind.CODES

    def stored(self) -> dict[str, Any]:
        """Returns the terms as they are kept with the referral."""
        return asdict(self)

    def offer(self, currency: str, *, whose: str = "your", points: str = "") -> str:
        """Returns what the friend gets, as they read it.

        Args:
            whose: "their" for anybody else.
            points: The friend's points by the shop's own name ("100 beans"); empty is "100 points".
        """
        amount = self.friend_amount
        return {
            kind.PERCENTAGE: f"{amount}% off {whose} first order",
            kind.FIXED_AMOUNT: f"{amount} {currency} off {whose} first order",
            kind.FREE_SHIPPING: f"free shipping on {whose} first order",
            kind.POINTS: f"{points or f'{self.friend_points:,} points'} for creating an account",
        }.get(self.friend_gets, "a warm welcome")


def terms_of_rule(rule: EarningRule) -> ReferralTerms:
    """Returns the terms a referral rule offers now."""
    declared = {field.name: value_of(kind.FIELDS, rule.options, field.name) for field in kind.FIELDS}
    return ReferralTerms(**declared, approval_days=rule.approval_days)


def terms_from(stored: dict[str, Any]) -> ReferralTerms:
    """Returns the terms kept with a referral; terms of a later version are ignored."""
    known = {field.name for field in fields(ReferralTerms)}
    return ReferralTerms(**{name: value for name, value in stored.items() if name in known})
