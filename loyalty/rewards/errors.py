"""What rewards refuses."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty.errors import NotFound, Refusal

_PERIODS = {
    "day": gettext_lazy("day"),
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
    "year": gettext_lazy("year"),
}


class RewardNotFound(NotFound):
    """No such reward, or it is off or deleted."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_("Reward '%(public_id)s' not found") % {"public_id": public_id})


class RedemptionNotFound(NotFound):
    """No such purchase of a reward by this member."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_("Redemption '%(public_id)s' not found") % {"public_id": public_id})


class TierRequired(Refusal):
    """The reward is for another tier's members."""

    code = "tier_required"

    def __init__(self, tier: str, *, and_above: bool = False) -> None:
        sentence = (
            _("This reward is only available to customers on the %(tier)s tier or above")
            if and_above
            else _("This reward is only available to customers on the %(tier)s tier")
        )
        super().__init__(sentence % {"tier": tier}, tier=tier)


class NotForSale(Refusal):
    """The reward is only given."""

    code = "not_for_sale"

    def __init__(self) -> None:
        super().__init__(_("This reward is given by the shop and cannot be bought with points"))


class RewardInUse(Refusal):
    """Something gives the reward."""

    code = "reward_in_use"

    def __init__(self, tiers: list[str]) -> None:
        super().__init__(
            ngettext(
                "%(tiers)s gives this reward. Choose another under VIP tiers first.",
                "%(tiers)s give this reward. Choose another under VIP tiers first.",
                len(tiers),
            )
            % {"tiers": ", ".join(tiers)},
            tiers=tiers,
        )


class TestTakenBack(Refusal):
    """A test brought it about, which was cleaned up meanwhile."""

    code = "test_taken_back"

    def __init__(self) -> None:
        super().__init__(_("The test that this comes from was cleaned up"))


class LimitReached(Refusal):
    """The reward was bought as often as it allows: by this customer, by them in this period, or by everybody."""

    code = "limit_reached"

    def __init__(self, limit: int, *, period: str = "", in_total: bool = False) -> None:
        if in_total:
            sentence = ngettext(
                "This reward has already been redeemed once, which is its limit in total",
                "This reward has already been redeemed %(limit)s times, which is its limit in total",
                limit,
            )
        elif period:
            sentence = ngettext(
                "Customer has already redeemed this reward once, which is its limit per customer and %(period)s",
                "Customer has already redeemed this reward %(limit)s times, which is its limit per customer and %(period)s",
                limit,
            )
        else:
            sentence = ngettext(
                "Customer has already redeemed this reward once, which is its limit per customer",
                "Customer has already redeemed this reward %(limit)s times, which is its limit per customer",
                limit,
            )
        super().__init__(sentence % {"limit": limit, "period": _PERIODS.get(period, period)}, limit=limit)


class RewardTooExpensive(Refusal):
    """The customer has fewer points than the reward costs."""

    code = "insufficient_points"

    def __init__(self, *, available: int, cost: int) -> None:
        super().__init__(
            _("Customer has %(available)s points but this reward costs %(cost)s")
            % {"available": available, "cost": cost},
            available=available,
            cost=cost,
        )


class ProductUnavailable(Refusal):
    """The shop has nothing left of the free product, or not of the variant that was chosen."""

    code = "product_unavailable"

    def __init__(self, *, is_chosen: bool) -> None:
        super().__init__(
            _("The variant of this reward is not available at the moment")
            if is_chosen
            else _("The product of this reward is not available at the moment")
        )


class NoCode(Refusal):
    """No discount code could be had from Shopify; the points are back."""

    code = "shopify_unavailable"

    def __init__(self) -> None:
        super().__init__(_("Unable to connect to Shopify"))


class NotReturnable(Refusal):
    """The points of this redemption can't be returned by hand."""

    code = "not_returnable"

    def __init__(self, state: str) -> None:
        super().__init__(_("The points can't be returned: the reward is %(state)s") % {"state": state.lower()})


class NotFailed(Refusal):
    """This free reward can't be tried again now."""

    code = "not_failed"

    def __init__(self) -> None:
        super().__init__(
            _("The reward can't be given again: it was given, or Shopify has yet to confirm that no code is left")
        )


class NotUnclear(Refusal):
    """Whether this store credit was given is not in question."""

    code = "not_unclear"

    def __init__(self) -> None:
        super().__init__(_("This store credit does not wait for a decision"))
