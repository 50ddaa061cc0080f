"""What a merchant decides about a reward, and which decisions Shopify and common sense allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _

from loyalty.errors import InvalidField
from loyalty.money import exponent
from loyalty.points import MAX_POINTS
from loyalty.rewards import countries
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier

MAX_AMOUNT = Decimal(1_000_000)
MAX_DAYS = 3650
MAX_LIMIT = 1_000_000_000
MAX_GIDS = 100
"""Products, collections or variants one reward may name. Shopify takes 250 in one input."""

_Kind = Reward.DiscountType
WITH_AMOUNT = frozenset({_Kind.FIXED_AMOUNT, _Kind.STORE_CREDIT})
"""Kinds worth an amount of money, which alone may be flexible."""


@dataclass(frozen=True, slots=True)
class RewardTerms:
    """What a merchant decides about a reward. Codes already issued keep the terms they were bought under.

    Attributes:
        points_cost: Whole points; for a flexible reward the fewest it takes. 0: nobody can buy it, it is only given.
        discount_amount: Money in the shop's currency, or percent (more than 0, at most 100); None for the other kinds,
            and for a flexible reward.
        redemption_type: `fixed`, or `flexible`: the buyer says how many points.
        amount_per_point: Of a flexible reward: money per point, up to six decimal places.
        max_points: Of a flexible reward: the most points one purchase takes.
        maximum_shipping: Of free shipping: the dearest rate that becomes free; None is any.
        countries, rest_of_world: Of free shipping: where to, by ISO code, and whether also to countries that the shop's
            shipping zones don't name; no country is everywhere.
        variant_gids: Of a free product: the product variants to choose from.
            Of store credit nothing about codes counts: its amount, points, limits, dates and days of life alone.
        quantity: Of a free product: how many become free, beside what has to be bought (`applies_to`); None frees every
            unit of them in one order. Shopify counts only in "buy X get Y" discounts.
        minimum_spend: Smallest subtotal in the shop's currency; None is any.
        applies_to, applies_to_gids: `all`, or `products` or `collections` and which; of a free product with a quantity:
            what has to be bought.
        purchase_type: `one_time`, `subscription` or `both`.
        max_redemptions, total_limit: Times one customer, and all of them, may buy it; None is any number.
        period_limit, limit_period: Times one customer may buy it in a day, week, month or year of the shop.
        expiry_days: Days a code works, counted in days of the shop; None is for ever.
        reactivates_on_refund: The code works again when its order is cancelled or refunded in full.
        tier, tier_and_above: Only members on this tier, or on it and above, may buy it; None is everybody.
        starts_at, ends_at: When it can be bought, half-open; None is open.
    """

    name: str
    discount_type: str
    points_cost: int
    discount_amount: Decimal | None = None
    redemption_type: str = Reward.RedemptionType.FIXED
    amount_per_point: Decimal | None = None
    max_points: int | None = None
    maximum_shipping: Decimal | None = None
    countries: tuple[str, ...] = ()
    rest_of_world: bool = False
    variant_gids: tuple[str, ...] = ()
    quantity: int | None = None
    minimum_spend: Decimal | None = None
    applies_to: str = Reward.AppliesTo.ALL
    applies_to_gids: tuple[str, ...] = ()
    purchase_type: str = Reward.PurchaseType.ONE_TIME
    combines_with_product: bool = False
    combines_with_order: bool = False
    combines_with_shipping: bool = False
    max_redemptions: int | None = None
    total_limit: int | None = None
    period_limit: int | None = None
    limit_period: str = ""
    expiry_days: int | None = None
    reactivates_on_refund: bool = False
    tier: Tier | None = None
    tier_and_above: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    description: str | None = None
    is_active: bool = True

    @property
    def is_flexible(self) -> bool:
        """Whether the buyer says how many points."""
        return self.redemption_type == Reward.RedemptionType.FLEXIBLE


def amount_for(points: int, *, amount_per_point: Decimal, currency: str) -> Decimal:
    """Returns what `points` are worth in a flexible reward, rounded down to the currency's smallest unit."""
    unit = Decimal(1).scaleb(-exponent(currency))
    return (points * amount_per_point).quantize(unit, rounding=ROUND_FLOOR)


def check(terms: RewardTerms, currency: str) -> None:
    """Checks every term against its rule.

    Raises:
        InvalidField: A term breaks a rule; the field is named.
    """
    if not terms.name.strip():
        raise InvalidField("name", _("Give the reward a name"))
    if terms.discount_type not in _Kind.values:
        raise InvalidField("discount_type", _("Choose what the code gives"))
    if not 0 <= terms.points_cost <= MAX_POINTS:
        raise InvalidField(
            "points_cost",
            _("A reward costs at most %(most)s points; 0 is for one that is only given") % {"most": f"{MAX_POINTS:,}"},
        )
    _check_value(terms, currency)
    _check_limits(terms)
    if terms.discount_type != _Kind.STORE_CREDIT:  # which is no code: it has no order to be used on
        _check_code(terms, currency)
    if terms.tier_and_above and terms.tier is None:
        raise InvalidField("tier_and_above", _("Choose the tier from which on it can be bought"))
    if terms.starts_at and terms.ends_at and terms.ends_at <= terms.starts_at:
        raise InvalidField("ends_at", _("The end must be after the start"))


def _check_value(terms: RewardTerms, currency: str) -> None:
    if terms.redemption_type not in Reward.RedemptionType.values:
        raise InvalidField("redemption_type", _("Choose who decides the number of points"))
    if terms.is_flexible:
        return _check_flexible(terms, currency)
    amount = terms.discount_amount
    if terms.discount_type == _Kind.PERCENTAGE and not (amount and 0 < amount <= 100):
        raise InvalidField("discount_amount", _("Percent must be more than 0 and at most 100"))
    if terms.discount_type in WITH_AMOUNT:
        check_money("discount_amount", amount or Decimal(0), currency)
    if terms.discount_type == _Kind.FREE_SHIPPING:
        _check_shipping(terms, currency)
    return None


def _check_shipping(terms: RewardTerms, currency: str) -> None:
    if terms.maximum_shipping is not None:
        check_money("maximum_shipping", terms.maximum_shipping, currency)
    for code in terms.countries:
        if code not in countries.NAMES:
            raise InvalidField(
                "countries",
                _("“%(code)s” is no country: give its code or its English name") % {"code": code[:60]},
            )
    if terms.rest_of_world and not terms.countries:
        raise InvalidField("rest_of_world", _("Name the countries besides which it is for the rest of the world"))


def _check_flexible(terms: RewardTerms, currency: str) -> None:
    if terms.discount_type not in WITH_AMOUNT:
        raise InvalidField("redemption_type", _("Only an amount of money can depend on the number of points"))
    per_point, most = terms.amount_per_point, terms.max_points
    if not per_point or not per_point.is_finite() or not 0 < per_point <= MAX_AMOUNT:
        raise InvalidField("amount_per_point", _("Say how much one point is worth, more than 0"))
    if per_point != round(per_point, 6):
        raise InvalidField("amount_per_point", _("The worth of a point has at most 6 decimal places"))
    if most is None or not terms.points_cost <= most <= MAX_POINTS:
        raise InvalidField(
            "max_points",
            _("The most points must be between the fewest and %(most)s") % {"most": f"{MAX_POINTS:,}"},
        )
    if amount_for(terms.points_cost, amount_per_point=per_point, currency=currency) <= 0:
        raise InvalidField(
            "points_cost", _("The fewest points must be worth something in %(currency)s") % {"currency": currency}
        )
    if amount_for(most, amount_per_point=per_point, currency=currency) > MAX_AMOUNT:
        raise InvalidField(
            "max_points",
            _("The most points may be worth at most %(most)s %(currency)s")
            % {"most": f"{MAX_AMOUNT:,}", "currency": currency},
        )


def _check_code(terms: RewardTerms, currency: str) -> None:
    _check_scope(terms)
    _check_combinations(terms)
    if terms.minimum_spend:
        check_money("minimum_spend", terms.minimum_spend, currency)


def _check_scope(terms: RewardTerms) -> None:
    """What a code is for: the kinds of gids, and what Shopify can count."""
    if terms.applies_to not in Reward.AppliesTo.values:
        raise InvalidField("applies_to", _("Choose what the code is for"))
    if terms.purchase_type not in Reward.PurchaseType.values:
        raise InvalidField("purchase_type", _("Choose which purchases the code is for"))
    kind = {"products": "Product", "collections": "Collection"}.get(terms.applies_to)
    if kind is not None:
        _check_gids("applies_to_gids", terms.applies_to_gids, kind)
    if terms.discount_type == _Kind.FREE_SHIPPING and kind is not None:
        raise InvalidField("applies_to", _("Free shipping is for the whole order"))
    if terms.discount_type != _Kind.FREE_PRODUCT:
        return
    _check_gids("variant_gids", terms.variant_gids, "ProductVariant")
    if terms.quantity is not None and not 1 <= terms.quantity <= 1000:
        raise InvalidField("quantity", _("Between 1 and 1,000 can be free; leave it empty for every one in the order"))
    if terms.quantity is not None and kind is None:
        raise InvalidField(
            "quantity",
            _("Shopify counts free products only beside something bought: choose the products or collections"),
        )
    if terms.quantity is None and kind is not None:
        raise InvalidField("quantity", _("Say how many are free beside what is bought"))


def _check_gids(field: str, gids: tuple[str, ...], kind: str) -> None:
    if not 1 <= len(set(gids)) <= MAX_GIDS:
        raise InvalidField(field, _("Choose between 1 and %(most)s") % {"most": MAX_GIDS})
    begin = f"gid://shopify/{kind}/"
    for gid in gids:
        number = gid.removeprefix(begin)
        if not gid.startswith(begin) or not (number.isascii() and number.isdigit()) or len(gid) > 100:
            raise InvalidField(
                field,
                _("“%(gid)s” is not a Shopify %(kind)s id: it looks like %(begin)s123")
                % {"gid": gid[:100], "kind": kind, "begin": begin},
            )


def _check_combinations(terms: RewardTerms) -> None:
    if terms.discount_type == _Kind.FREE_SHIPPING and terms.combines_with_shipping:
        raise InvalidField("combines_with_shipping", _("Shopify never combines free shipping with shipping discounts"))


def _check_limits(terms: RewardTerms) -> None:
    for field, what in (
        ("max_redemptions", "limit per customer"),
        ("total_limit", "limit in total"),
        ("period_limit", "limit per period"),
    ):
        limit = getattr(terms, field)
        if limit is not None and not 1 <= limit <= MAX_LIMIT:
            raise InvalidField(field, _("The %(what)s must be at least 1, or empty for no limit") % {"what": what})
    if terms.period_limit is not None and terms.limit_period not in Reward.LimitPeriod.values:
        raise InvalidField("limit_period", _("Choose the period of the limit"))
    if terms.expiry_days is not None and not 1 <= terms.expiry_days <= MAX_DAYS:
        raise InvalidField(
            "expiry_days",
            _("Codes work between 1 and %(most)s days; leave it empty for ever") % {"most": f"{MAX_DAYS:,}"},
        )


def check_money(field: str, amount: Decimal, currency: str) -> None:
    """Checks an amount of money: more than 0, at most `MAX_AMOUNT`, no finer than the currency's smallest unit.

    Raises:
        InvalidField: It is not.
    """
    if not 0 < amount <= MAX_AMOUNT:
        raise InvalidField(
            field,
            _("The amount must be more than 0 and at most %(most)s %(currency)s")
            % {"most": f"{MAX_AMOUNT:,}", "currency": currency},
        )
    if amount != round(amount, exponent(currency)):
        raise InvalidField(
            field,
            _("%(currency)s amounts have at most %(places)s decimal places")
            % {"currency": currency, "places": exponent(currency)},
        )
