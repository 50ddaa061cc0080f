"""A reward in words: what it gives, who may buy it and how often, and its form as sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.rewards.countries import name_of
from loyalty.rewards.models import Reward
from shopify_app.dashboard.reading import UNKNOWN, number, price
from shopify_app.dashboard.reward_forms import FIXED, PERCENT, RewardForm
from shopify_app.dashboard.reward_terms import countries

_Kind = Reward.DiscountType
COMBINATIONS = ("product", "order", "shipping")


def gives(kind: str, amount: str, currency: str) -> str:
    """What it gives, in words; `amount` is money or percent, with an ellipsis where there is none yet."""
    said = {"amount": amount or UNKNOWN, "money": price(amount, currency)}
    words: dict[str, str] = {
        _Kind.FIXED_AMOUNT: _("%(money)s off") % said,
        _Kind.PERCENTAGE: _("%(amount)s%% off") % said,
        _Kind.FREE_PRODUCT: _("A free product"),
        _Kind.STORE_CREDIT: _("%(money)s of store credit") % said,
    }
    return words.get(kind, _("Free shipping"))


def who(reward: Reward) -> str:
    """Who may buy it, in words."""
    if reward.tier is None:
        return _("Everyone")
    said = _("%(tier)s members and above") if reward.tier_and_above else _("%(tier)s members")
    return said % {"tier": reward.tier.name}


def limits(reward: Reward) -> str:
    """How often it may be bought, in words."""
    said = []
    if reward.max_redemptions:
        said.append(_("%(times)s× per customer") % {"times": number(reward.max_redemptions)})
    if reward.period_limit:
        said.append(
            _("%(times)s× per customer %(per_period)s")
            % {"times": number(reward.period_limit), "per_period": reward.get_limit_period_display()}
        )
    if reward.total_limit:
        said.append(_("%(times)s× in total") % {"times": number(reward.total_limit)})
    return ", ".join(said) or _("No limit")


def summary(form: RewardForm, currency: str) -> list[str]:
    """The form as sentences, for the aside; what belongs to another kind is not said."""
    kind = _value(form, "discount_type")
    kind = kind if kind in _Kind.values else FIXED
    is_credit = kind == _Kind.STORE_CREDIT
    lines = _bought(form, kind, currency)
    if kind == _Kind.FREE_SHIPPING and _value(form, "countries"):
        named = [name_of(code) for code in countries(_value(form, "countries"))]
        if _value(form, "rest_of_world"):
            named.append(_("the rest of the world"))
        lines.append(_("to %(countries)s") % {"countries": ", ".join(named)})
    if is_credit:
        lines.append(
            _("on the customer's account in the shop, to be spent with a new customer account; there is no code")
        )
    else:
        least = _value(form, "minimum_spend")
        if least:
            lines.append(_("on orders of %(money)s or more") % {"money": price(least, currency)})
        lines.append(combinations([name for name in COMBINATIONS if form[f"combines_with_{name}"].value()]))
    return [*lines, _lasts(_value(form, "expiry_days"), is_credit=is_credit), *_bounds(form)]


def _value(form: RewardForm, name: str) -> str:
    given = form[name].value()
    return "" if given is None or given is False else str(given)


def _figure(text: str) -> str:
    """A number as it was typed, with separators; what is none stays as it is."""
    return number(int(text)) if text.isdecimal() else text or UNKNOWN


def _plural(text: str) -> int:
    return int(text) if text.isdecimal() else 2


def _bought(form: RewardForm, kind: str, currency: str) -> list[str]:
    """What it gives and for how many points."""
    cost = _value(form, "points_cost")
    if kind in (FIXED, _Kind.STORE_CREDIT) and _value(form, "redemption_type") == "flexible":
        said = (
            _("%(money)s for each point off, from %(least)s to %(most)s points")
            if kind == FIXED
            else _("%(money)s for each point of store credit, from %(least)s to %(most)s points")
        )
        return [
            said % {
                "money": price(_value(form, "amount_per_point"), currency), "least": _figure(cost),
                "most": _figure(_value(form, "max_points")),
            }
        ]  # fmt: skip
    amount = _value(form, "percent") if kind == PERCENT else _value(form, "amount")
    if cost == "0":
        return [gives(kind, amount, currency), _("given, not bought")]
    cost_words = ngettext("for %(points)s point", "for %(points)s points", _plural(cost)) % {"points": _figure(cost)}
    return [gives(kind, amount, currency), cost_words]


def _lasts(days: str, *, is_credit: bool) -> str:
    """How long what it gives may be used."""
    if not days:
        return _("the credit never expires") if is_credit else _("the code never expires")
    if is_credit:
        said = ngettext("the credit works for %(n)s day", "the credit works for %(n)s days", _plural(days))
    else:
        said = ngettext("the code works for %(n)s day", "the code works for %(n)s days", _plural(days))
    return said % {"n": _figure(days)}


def _bounds(form: RewardForm) -> list[str]:
    """How often it may be had, and by whom."""
    lines, times, total = [], _value(form, "max_redemptions"), _value(form, "total_limit")
    if _value(form, "points_cost") != "0":
        said = ngettext("at most %(n)s time per customer", "at most %(n)s times per customer", _plural(times))
        lines.append(said % {"n": _figure(times)} if times else _("as often as there are points"))
    if total:
        said = ngettext("at most %(n)s time in total", "at most %(n)s times in total", _plural(total))
        lines.append(said % {"n": _figure(total)})
    if _value(form, "tier"):
        names = dict(form.fields["tier"].choices)  # type: ignore[attr-defined]  # a ChoiceField
        is_above = form["tier_and_above"].value()
        said = _("for %(tier)s and above only") if is_above else _("for %(tier)s only")
        lines.append(said % {"tier": names.get(_value(form, "tier"), _("one tier"))})
    return lines


def combinations(names: list[str]) -> str:
    """Which other discounts a code may be used with, in words: each set of them is a sentence of its own."""
    words = {
        (): _("can't be combined with any other discount"),
        ("product",): _("can be combined with product discounts"),
        ("order",): _("can be combined with order discounts"),
        ("shipping",): _("can be combined with shipping discounts"),
        ("product", "order"): _("can be combined with product and order discounts"),
        ("product", "shipping"): _("can be combined with product and shipping discounts"),
        ("order", "shipping"): _("can be combined with order and shipping discounts"),
        COMBINATIONS: _("can be combined with product, order and shipping discounts"),
    }
    return words[tuple(names)]
