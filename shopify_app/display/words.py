"""How the programme reads to customers, in the language of the page: points, money, ways to earn, rewards and tiers."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.fields import value_of
from loyalty.earning.models import EarningRule
from loyalty.money import exponent
from loyalty.programs.models import Program
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier

_Kind = Reward.DiscountType


def points(value: int, program: Program) -> str:
    """Returns a number of points by the shop's own name for them, or by the language's word."""
    said, named = number_format(value, force_grouping=True), program.point_name if value == 1 else program.points_name
    if named:
        return f"{said} {named}"
    return ngettext("%(points)s point", "%(points)s points", value) % {"points": said}


def amount(value: Decimal | int | str, currency: str) -> str:
    """Returns an amount of money: 5 EUR, 2.50 EUR, in German 2,50 EUR; what is finer than the currency's unit stays so."""
    money, unit = Decimal(value), Decimal(1).scaleb(-exponent(currency))
    if money != money.to_integral_value() and money == money.quantize(unit):
        return f"{number_format(money, exponent(currency), force_grouping=True)} {currency}"
    return f"{figure(money)} {currency}"


def figure(value: Decimal | int | str) -> str:
    """Returns a number without needless zeros: 1.5, in German 1,5."""
    text = f"{Decimal(value):f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return number_format(plain, force_grouping=True)


def earns(rule: EarningRule, program: Program) -> str:
    """Returns what a rule gives each time."""
    given = points(rule.points, program)
    if rule.action == "place_order" and _option(rule, "per") == "currency_unit":
        return _("%(points)s per %(currency)s") % {"points": given, "currency": program.currency}
    if rule.action == "place_order":
        return _("%(points)s per order") % {"points": given}
    if rule.action == "referral" and _option(rule, "advocate_gets") == "reward":
        return _("A reward")
    return given


def condition(rule: EarningRule, program: Program) -> str:
    """Returns when or how often a rule gives: the merchant's description where there is one; empty: always."""
    if rule.description:
        return rule.description
    if rule.action == "order_milestone":
        orders = int(_option(rule, "orders"))
        return ngettext("With your first order", "With your %(n)s orders", orders) % {"n": number_format(orders)}
    if rule.action == "spend_milestone":
        spent = amount(_option(rule, "spent"), program.currency)
        return _("Once you have spent %(amount)s") % {"amount": spent}
    if rule.action in ("place_order", "referral") and (least := _option(rule, "minimum_amount")):
        return _("On orders of %(amount)s or more") % {"amount": amount(least, program.currency)}
    return {
        "birthday": _("Once a year, on your birthday"),
        "anniversary": _("Once a year, on the day you joined"),
    }.get(rule.action, "")


def _option(rule: EarningRule, name: str) -> str:
    kind = KINDS.get(rule.action)
    return str(value_of(kind.fields, rule.options, name) or "") if kind else ""


def price(reward: Reward, program: Program) -> str:
    """Returns what a reward costs."""
    if reward.is_flexible:
        return _("From %(points)s") % {"points": points(reward.points_cost, program)}
    return points(reward.points_cost, program)


def gives(discount_type: str, value: Decimal | str | None, currency: str) -> str:
    """Returns what a reward or code gives."""
    if value is None:
        return {_Kind.FREE_SHIPPING.value: _("Free shipping"), _Kind.FREE_PRODUCT.value: _("A free product")}.get(
            discount_type, ""
        )
    if discount_type == _Kind.PERCENTAGE:
        return _("%(amount)s%% off") % {"amount": figure(value)}
    if discount_type == _Kind.STORE_CREDIT:
        return _("%(amount)s of store credit") % {"amount": amount(value, currency)}
    return _("%(amount)s off") % {"amount": amount(value, currency)}


def rate(reward: Reward, currency: str) -> str:
    """Returns what each hundred points of a flexible reward give."""
    worth = (reward.amount_per_point or Decimal(0)) * 100
    return _("%(amount)s for every 100") % {"amount": amount(worth, currency)}


def terms(reward: Reward, currency: str) -> str:
    """Returns under which conditions a reward's code works; empty: none."""
    said = []
    if reward.minimum_spend:
        said.append(_("on orders of %(amount)s or more") % {"amount": amount(reward.minimum_spend, currency)})
    if reward.expiry_days:
        days = {"n": number_format(reward.expiry_days)}
        said.append(ngettext("valid for %(n)s day", "valid for %(n)s days", reward.expiry_days) % days)
    text = ", ".join(said)
    return text[:1].upper() + text[1:]


def whose(reward: Reward) -> str:
    """Returns which members may buy a reward; empty: all."""
    if reward.tier is None:
        return ""
    said = _("For %(tier)s members and above") if reward.tier_and_above else _("For %(tier)s members")
    return said % {"tier": reward.tier.name}


def needed(value: int, program: Program) -> str:
    """Returns a qualifying figure in its unit: points, money or orders."""
    if program.tier_entry == Program.TierEntry.SPEND:
        return amount(value, program.currency)
    if program.tier_entry == Program.TierEntry.PURCHASES:
        return ngettext("%(n)s order", "%(n)s orders", value) % {"n": number_format(value, force_grouping=True)}
    return points(value, program)


def reached_by(tier: Tier, program: Program) -> str:
    """Returns how a tier is reached."""
    if tier.threshold == 0:
        return _("From the start")
    return _("From %(figure)s") % {"figure": needed(tier.threshold, program)}


def multiplies(tier: Tier) -> str:
    """Returns how a tier multiplies what is earned; empty: not at all."""
    if tier.multiplier == 1:
        return ""
    return _("%(times)s× points") % {"times": figure(tier.multiplier)}
