"""The form of a reward: what it gives, what it costs, under which conditions. It shows what fits the kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.errors import Refusal
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier
from shopify_app.dashboard.polaris import MoneyInput, PolarisForm, SwitchInput, picked

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

WHOLE = _("Enter a whole number.")
FIXED, PERCENT = Reward.DiscountType.FIXED_AMOUNT, Reward.DiscountType.PERCENTAGE
WORTH_MONEY = "discount_type=fixed_amount|store_credit"
"""Kinds worth an amount; the conditions are read by static/encore/app.js."""
IS_CODE = "discount_type=fixed_amount|percentage|free_shipping|free_product"
SHIPPING = "discount_type=free_shipping"
HAS_ITEMS = "discount_type=fixed_amount|percentage|free_product"


def shown_when(condition: str) -> dict[str, str]:
    """The attribute that shows a field only while other fields have certain values."""
    return {"data-shown-when": condition}


def _whole(
    label: _StrOrPromise, help_text: _StrOrPromise, *, suffix: _StrOrPromise = "", shown: str = "", **limits: Any
) -> forms.IntegerField:
    attrs = {**({"suffix": suffix} if suffix else {}), **(shown_when(shown) if shown else {})}
    return forms.IntegerField(
        label=label, required=False, help_text=help_text, widget=forms.NumberInput(attrs=attrs),
        error_messages={"invalid": WHOLE, "min_value": _("At least 1, or leave it empty.")}, **{"min_value": 1, **limits},
    )  # fmt: skip


def _money(label: _StrOrPromise, help_text: _StrOrPromise, shown: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, help_text=help_text, widget=MoneyInput(attrs=shown_when(shown)),
        error_messages={"invalid": _("Enter an amount, for example 5.00."), "min_value": _("An amount can't be negative.")},
    )  # fmt: skip


def _ids(label: _StrOrPromise, help_text: _StrOrPromise, shown: str, *, what: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=10_000, help_text=help_text,
        widget=forms.TextInput(attrs={**shown_when(shown), **picked(what)}),
    )  # fmt: skip


def _day(label: _StrOrPromise, help_text: _StrOrPromise) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, help_text=help_text, widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date.")},
    )  # fmt: skip


def _check(label: _StrOrPromise, help_text: _StrOrPromise, shown: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, help_text=help_text, widget=forms.CheckboxInput(attrs=shown_when(shown))
    )


def _choice(label: _StrOrPromise, choices: Any, shown: str, help_text: _StrOrPromise = "") -> forms.ChoiceField:
    """A choice that has its usual answer while it is hidden."""
    return forms.ChoiceField(
        label=label, choices=choices, required=False, help_text=help_text, initial=choices[0][0],
        widget=forms.RadioSelect(attrs=shown_when(shown)),
    )  # fmt: skip


class RewardForm(PolarisForm):
    """What a merchant decides about a reward; `reward_terms.terms_of` gives it to the operation."""

    TOUCHES: ClassVar = {"points_cost": "price", "is_active": "switch"}

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As customers read it, for example “5 off your next order”."),
        error_messages={"required": _("Give the reward a name.")},
    )
    discount_type = forms.ChoiceField(
        label=_("What it gives"),
        choices=Reward.DiscountType.choices,
        initial=FIXED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the reward gives.")},
    )
    redemption_type = _choice(_("Who decides how many points"), Reward.RedemptionType.choices, WORTH_MONEY)
    amount = _money(_("Amount off"), _("Of store credit: what is credited."), f"{WORTH_MONEY}&redemption_type=fixed")
    amount_per_point = forms.DecimalField(
        label=_("Worth of a point"),
        required=False,
        help_text=_("For each point, up to six decimal places: 0.01 gives 5.00 for 500 points."),
        widget=forms.NumberInput(attrs={"step": "any", **shown_when(f"{WORTH_MONEY}&redemption_type=flexible")}),
        error_messages={"invalid": _("Enter a number, for example 0.01.")},
    )
    percent = forms.DecimalField(
        label=_("Percentage off"),
        required=False,
        widget=forms.NumberInput(attrs={"suffix": "%", **shown_when("discount_type=percentage")}),
        error_messages={"invalid": _("Enter a number, for example 10.")},
    )
    maximum_shipping = _money(_("Dearest shipping rate"), _("Empty: any rate becomes free."), SHIPPING)
    countries = forms.CharField(
        label=_("Countries"),
        required=False,
        max_length=5_000,
        help_text=_("By code or name, separated by commas, for example DE, Austria. Empty: every country."),
        widget=forms.TextInput(attrs=shown_when(SHIPPING)),
    )
    rest_of_world = _check(
        _("And the rest of the world"), _("Countries that your shop's shipping zones don't name."), SHIPPING
    )
    variants = _ids(
        _("Product variants"),
        _("Shopify variant ids, separated by commas. The customer chooses one. Nobody can buy it while none is available."),
        "discount_type=free_product", what="variant",
    )  # fmt: skip
    quantity = _whole(
        _("How many are free"), _("Only beside something bought, chosen below. Empty: every one of them in the order."),
        shown="discount_type=free_product", max_value=1000,
    )  # fmt: skip
    points_cost = forms.IntegerField(
        label=_("Cost"),
        min_value=0,
        max_value=MAX_POINTS,
        widget=forms.NumberInput(attrs={"suffix": _("points")}),
        help_text=_("Where the buyer decides: the fewest points. 0: nobody can buy it; a VIP tier may give it."),
        error_messages={
            "required": _("Enter how many points it costs."),
            "invalid": WHOLE,
            "min_value": _("0 points at least."),
        },
    )
    max_points = _whole(
        _("Most points"), _("In one purchase."), suffix=_("points"), shown=f"{WORTH_MONEY}&redemption_type=flexible",
        max_value=MAX_POINTS,
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=_("Switched on"),
        required=False,
        initial=True,
        widget=SwitchInput,
        help_text=_("Off: nobody can buy it and no tier gives it. Codes already issued keep working."),
    )
    minimum_spend = _money(_("Minimum order"), _("Empty: any order."), IS_CODE)
    applies_to = _choice(
        _("What it is for"), Reward.AppliesTo.choices, HAS_ITEMS, _("Of a free product: what has to be bought with it.")
    )
    applies_to_ids = _ids(
        _("Which products or collections"), _("Shopify ids, separated by commas."),
        f"{HAS_ITEMS}&applies_to=products|collections", what="@applies_to",
    )  # fmt: skip
    purchase_type = _choice(_("Purchases"), Reward.PurchaseType.choices, IS_CODE)
    combines_with_product = _check(_("Product discounts"), "", IS_CODE)
    combines_with_order = _check(_("Order discounts"), "", IS_CODE)
    combines_with_shipping = _check(_("Shipping discounts"), "", HAS_ITEMS)
    expiry_days = _whole(
        _("Works for"), _("Days from the purchase. Empty: it never expires."), suffix=_("days"), max_value=3650
    )
    reactivates_on_refund = _check(
        _("Works again after a full refund"),
        _("When the order that used the code is cancelled or refunded in full."),
        IS_CODE,
    )
    max_redemptions = _whole(_("Times per customer"), _("Empty: as often as they like."))
    total_limit = _whole(_("Times in total"), _("All customers together. Empty: no limit."))
    period_limit = _whole(_("Times per customer and period"), _("Empty: no limit."))
    limit_period = forms.ChoiceField(
        label=_("Period"), required=False, choices=Reward.LimitPeriod.choices, initial="month",
        help_text=_("Of your shop's time zone."),
    )  # fmt: skip
    tier = forms.ChoiceField(label=_("Only for"), required=False)
    tier_and_above = forms.BooleanField(label=_("And the tiers above it"), required=False, widget=forms.CheckboxInput)
    starts_on = _day(_("First day"), _("Empty: from now on."))
    ends_on = _day(_("Last day"), _("Through the end of that day. Empty: no end."))
    description = forms.CharField(
        label=_("Description"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, program: Program, tiers: Sequence[Tier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        self.tiers = {tier.public_id: tier for tier in tiers}
        tier_choices = [("", _("Everyone")), *((t.public_id, _("%(tier)s members") % {"tier": t.name}) for t in tiers)]
        self.fields["tier"].choices = tier_choices  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("amount", "minimum_spend", "maximum_shipping"):
            self.fields[name].widget.attrs["currencyCode"] = program.currency

    def clean(self) -> dict[str, Any]:
        """The value that belongs to the kind must be there."""
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("discount_type")
        has_amount = kind in (FIXED, Reward.DiscountType.STORE_CREDIT) and data.get("redemption_type") != "flexible"
        if has_amount and "amount" not in self.errors and not (data.get("amount") and data["amount"] > 0):
            self.add_error("amount", _("Enter how much it takes off, more than 0."))
        percent = data.get("percent")
        if kind == PERCENT and "percent" not in self.errors and not (percent and Decimal(0) < percent <= 100):
            self.add_error("percent", _("Enter a percentage, more than 0 and at most 100."))
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data

    def field_of(self, refusal: Refusal) -> str | None:
        """The operation has its own names for some of the fields."""
        name = getattr(refusal, "field", None)
        if name == "discount_amount":
            return "percent" if self.cleaned_data.get("discount_type") == PERCENT else "amount"
        names = {"variant_gids": "variants", "applies_to_gids": "applies_to_ids", "ends_at": "ends_on"}
        return names.get(name or "", name)
