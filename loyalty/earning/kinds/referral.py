"""Referring a friend: what the advocate gets, what the friend gets, and when a referral waits for a decision.

The rule's points are the advocate's. Its approval time counts from the friend's first paid order: the days in which it
may still be returned. Source: programme-rules facts, section 8; docs/adr/0019.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import Amount, Choice, Ids, RewardOfShop, Switch, WholeNumber, value_of
from loyalty.errors import InvalidField

POINTS, REWARD = "points", "reward"
NOTHING, PERCENTAGE, FIXED_AMOUNT, FREE_SHIPPING = "nothing", "percentage", "fixed_amount", "free_shipping"
CODES = (PERCENTAGE, FIXED_AMOUNT, FREE_SHIPPING)
"""What a friend may get as a code for the first order."""
_FOR_A_CODE = f"friend_gets={'|'.join(CODES)}"
_FOR_ITEMS = f"friend_gets={PERCENTAGE}|{FIXED_AMOUNT}"
_ADVOCATE, _FRIEND, _WHEN = _("Who refers a friend"), _("The friend"), _("When a referral counts")

FIELDS = (
    Choice(
        "advocate_gets",
        _("They get"),
        default=POINTS,
        choices=((POINTS, _("The points above")), (REWARD, _("A reward, without paying points"))),
        group=_ADVOCATE,
    ),
    RewardOfShop("advocate_reward", _("Which reward"), group=_ADVOCATE, shown_when=f"advocate_gets={REWARD}"),
    Choice(
        "friend_gets",
        _("They get"),
        default=PERCENTAGE,
        choices=(
            (PERCENTAGE, _("Percent off the first order")),
            (FIXED_AMOUNT, _("An amount off the first order")),
            (FREE_SHIPPING, _("Free shipping on the first order")),
            (POINTS, _("Points for creating an account")),
            (NOTHING, _("Nothing")),
        ),
        group=_FRIEND,
    ),
    Amount(
        "friend_amount",
        _("How much off"),
        _("Percent, or money in the shop's currency."),
        default="10",
        group=_FRIEND,
        shown_when=_FOR_ITEMS,
    ),
    WholeNumber(
        "friend_points",
        _("Points for the friend"),
        default=100,
        lowest=1,
        unit=_("points"),
        group=_FRIEND,
        shown_when=f"friend_gets={POINTS}",
    ),
    Amount(
        "friend_minimum_spend",
        _("The code needs a cart of"),
        _("In the shop's currency. Left empty: any."),
        group=_FRIEND,
        shown_when=_FOR_A_CODE,
    ),
    Ids(
        "friend_product_ids",
        _("Only for these products"),
        _("By Shopify id, separated by commas. Left empty: all."),
        default=[],
        group=_FRIEND,
        shown_when=_FOR_ITEMS,
    ),
    Ids(
        "friend_collection_ids",
        _("Only for these collections"),
        _("By Shopify id, separated by commas. Left empty: all."),
        default=[],
        noun="collection",
        group=_FRIEND,
        shown_when=_FOR_ITEMS,
    ),
    Choice(
        "friend_purchases",
        _("The code is for"),
        default="one_time",
        choices=(("one_time", _("One-time purchases")), ("subscription", _("Subscriptions")), ("both", _("Both"))),
        group=_FRIEND,
        shown_when=_FOR_A_CODE,
    ),
    *(
        Switch(
            f"friend_combines_{what}",
            words,
            default=False,
            group=_FRIEND,
            shown_when=_FOR_ITEMS if what == "shipping" else _FOR_A_CODE,
        )
        for what, words in (
            ("product", _("The code combines with product discounts")),
            ("order", _("The code combines with order discounts")),
            ("shipping", _("The code combines with shipping discounts")),
        )
    ),
    WholeNumber(
        "claim_days",
        _("The friend has"),
        _("From accepting the invitation to the first order."),
        default=30,
        lowest=1,
        highest=365,
        unit=_("days"),
        group=_WHEN,
    ),
    WholeNumber(
        "minimum_amount",
        _("The first order is at least"),
        _("In the shop's currency, its total. Left empty: any order counts."),
        lowest=1,
        group=_WHEN,
    ),
    Switch(
        "needs_account",
        _("The friend needs a customer account"),
        _("The order counts once the friend has one."),
        default=False,
        group=_WHEN,
    ),
    WholeNumber(
        "cap_per_day",
        _("Most referrals per day"),
        _("Of one advocate; more wait for your decision. Left empty: no limit."),
        lowest=1,
        group=_WHEN,
    ),
    WholeNumber(
        "cap_per_month",
        _("Most referrals per month"),
        _("Of one advocate; more wait for your decision. Left empty: no limit."),
        lowest=1,
        group=_WHEN,
    ),
)


def check(options: Mapping[str, Any]) -> None:
    """Checks what the fields come to together.

    Raises:
        InvalidField: Percent above 100, a reward that is not named, or products and collections at once.
    """
    if value_of(FIELDS, options, "advocate_gets") == REWARD and not options.get("advocate_reward"):
        raise InvalidField("advocate_reward", gettext("Choose the reward that the advocate gets"))
    friend_gets = value_of(FIELDS, options, "friend_gets")
    if friend_gets == PERCENTAGE and Decimal(value_of(FIELDS, options, "friend_amount")) > 100:
        raise InvalidField("friend_amount", gettext("Percent must be at most 100"))
    if options.get("friend_product_ids") and options.get("friend_collection_ids"):
        raise InvalidField("friend_collection_ids", gettext("A code is for products or for collections, not for both"))
    if friend_gets == FREE_SHIPPING and (options.get("friend_product_ids") or options.get("friend_collection_ids")):
        raise InvalidField("friend_product_ids", gettext("Free shipping is for the whole order"))
    if friend_gets == FREE_SHIPPING and options.get("friend_combines_shipping"):
        raise InvalidField(
            "friend_combines_shipping", gettext("Shopify never combines free shipping with shipping discounts")
        )


def _instead(options: Mapping[str, Any]) -> str | None:
    return _("The reward you choose, without paying points") if options.get("advocate_gets") == REWARD else None


KINDS = (
    Kind(
        "referral",
        Category.REFERRAL,
        _("Refer a friend"),
        500,
        "person-add",
        fields=FIELDS,
        how_often=_("Once per friend"),
        check=check,
        suggested_approval_days=14,
        approval_help=_("Counted from the friend's first paid order: as long as it may be returned."),
        instead=_instead,
        approval_words=_("Given {days} after the friend's first paid order"),
        is_single=True,
    ),
)
