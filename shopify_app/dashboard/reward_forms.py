"""The form of a reward: what it gives, what it costs, under which conditions. It shows what fits the kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from loyalty.errors import Refusal
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier
from shopify_app.dashboard.polaris import MoneyInput, PolarisForm, SwitchInput, picked

WHOLE = "Enter a whole number."
FIXED, PERCENT = Reward.DiscountType.FIXED_AMOUNT, Reward.DiscountType.PERCENTAGE
WORTH_MONEY = "discount_type=fixed_amount|store_credit"
"""Kinds worth an amount; the conditions are read by static/encore/app.js."""
IS_CODE = "discount_type=fixed_amount|percentage|free_shipping|free_product"
SHIPPING = "discount_type=free_shipping"
HAS_ITEMS = "discount_type=fixed_amount|percentage|free_product"


def shown_when(condition: str) -> dict[str, str]:
    """The attribute that shows a field only while other fields have certain values."""
    return {"data-shown-when": condition}


def _whole(label: str, help_text: str, *, suffix: str = "", shown: str = "", **limits: Any) -> forms.IntegerField:
    attrs = {**({"suffix": suffix} if suffix else {}), **(shown_when(shown) if shown else {})}
    return forms.IntegerField(
        label=label, required=False, help_text=help_text, widget=forms.NumberInput(attrs=attrs),
        error_messages={"invalid": WHOLE, "min_value": "At least 1, or leave it empty."}, **{"min_value": 1, **limits},
    )  # fmt: skip


def _money(label: str, help_text: str, shown: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, help_text=help_text, widget=MoneyInput(attrs=shown_when(shown)),
        error_messages={"invalid": "Enter an amount, for example 5.00.", "min_value": "An amount can't be negative."},
    )  # fmt: skip


def _ids(label: str, help_text: str, shown: str, *, what: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=10_000, help_text=help_text,
        widget=forms.TextInput(attrs={**shown_when(shown), **picked(what)}),
    )  # fmt: skip


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, help_text=help_text, widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a date."},
    )  # fmt: skip


def _check(label: str, help_text: str, shown: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, help_text=help_text, widget=forms.CheckboxInput(attrs=shown_when(shown))
    )


def _choice(label: str, choices: Any, shown: str, help_text: str = "") -> forms.ChoiceField:
    """A choice that has its usual answer while it is hidden."""
    return forms.ChoiceField(
        label=label, choices=choices, required=False, help_text=help_text, initial=choices[0][0],
        widget=forms.RadioSelect(attrs=shown_when(shown)),
    )  # fmt: skip


class RewardForm(PolarisForm):
    """What a merchant decides about a reward; `reward_terms.terms_of` gives it to the operation."""

    TOUCHES: ClassVar = {"points_cost": "price"}

    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="As customers read it, for example “5 off your next order”.",
        error_messages={"required": "Give the reward a name."},
    )
    discount_type = forms.ChoiceField(
        label="What it gives",
        choices=Reward.DiscountType.choices,
        initial=FIXED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the reward gives."},
    )
    redemption_type = _choice("Who decides how many points", Reward.RedemptionType.choices, WORTH_MONEY)
    amount = _money("Amount off", "Of store credit: what is credited.", f"{WORTH_MONEY}&redemption_type=fixed")
    amount_per_point = forms.DecimalField(
        label="Worth of a point",
        required=False,
        help_text="For each point, up to six decimal places: 0.01 gives 5.00 for 500 points.",
        widget=forms.NumberInput(attrs={"step": "any", **shown_when(f"{WORTH_MONEY}&redemption_type=flexible")}),
        error_messages={"invalid": "Enter a number, for example 0.01."},
    )
    percent = forms.DecimalField(
        label="Percentage off",
        required=False,
        widget=forms.NumberInput(attrs={"suffix": "%", **shown_when("discount_type=percentage")}),
        error_messages={"invalid": "Enter a number, for example 10."},
    )
    maximum_shipping = _money("Dearest shipping rate", "Empty: any rate becomes free.", SHIPPING)
    countries = forms.CharField(
        label="Countries",
        required=False,
        max_length=5_000,
        help_text="By code or name, separated by commas, for example DE, Austria. Empty: every country.",
        widget=forms.TextInput(attrs=shown_when(SHIPPING)),
    )
    rest_of_world = _check(
        "And the rest of the world", "Countries that your shop's shipping zones don't name.", SHIPPING
    )
    variants = _ids(
        "Product variants",
        "Shopify variant ids, separated by commas. The customer chooses one. Nobody can buy it while none is available.",
        "discount_type=free_product", what="variant",
    )  # fmt: skip
    quantity = _whole(
        "How many are free", "Only beside something bought, chosen below. Empty: every one of them in the order.",
        shown="discount_type=free_product", max_value=1000,
    )  # fmt: skip
    points_cost = forms.IntegerField(
        label="Cost",
        min_value=0,
        max_value=MAX_POINTS,
        widget=forms.NumberInput(attrs={"suffix": "points"}),
        help_text="Where the buyer decides: the fewest points. 0: nobody can buy it; a VIP tier may give it.",
        error_messages={
            "required": "Enter how many points it costs.",
            "invalid": WHOLE,
            "min_value": "0 points at least.",
        },
    )
    max_points = _whole(
        "Most points", "In one purchase.", suffix="points", shown=f"{WORTH_MONEY}&redemption_type=flexible",
        max_value=MAX_POINTS,
    )  # fmt: skip
    is_active = forms.BooleanField(
        label="Switched on",
        required=False,
        initial=True,
        widget=SwitchInput,
        help_text="Off: nobody can buy it and no tier gives it. Codes already issued keep working.",
    )
    minimum_spend = _money("Minimum order", "Empty: any order.", IS_CODE)
    applies_to = _choice(
        "What it is for", Reward.AppliesTo.choices, HAS_ITEMS, "Of a free product: what has to be bought with it."
    )
    applies_to_ids = _ids(
        "Which products or collections", "Shopify ids, separated by commas.",
        f"{HAS_ITEMS}&applies_to=products|collections", what="@applies_to",
    )  # fmt: skip
    purchase_type = _choice("Purchases", Reward.PurchaseType.choices, IS_CODE)
    combines_with_product = _check("Product discounts", "", IS_CODE)
    combines_with_order = _check("Order discounts", "", IS_CODE)
    combines_with_shipping = _check("Shipping discounts", "", HAS_ITEMS)
    expiry_days = _whole("Works for", "Days from the purchase. Empty: it never expires.", suffix="days", max_value=3650)
    reactivates_on_refund = _check(
        "Works again after a full refund",
        "When the order that used the code is cancelled or refunded in full.",
        IS_CODE,
    )
    max_redemptions = _whole("Times per customer", "Empty: as often as they like.")
    total_limit = _whole("Times in total", "All customers together. Empty: no limit.")
    period_limit = _whole("Times per customer and period", "Empty: no limit.")
    limit_period = forms.ChoiceField(
        label="Period", required=False, choices=Reward.LimitPeriod.choices, initial="month",
        help_text="Of your shop's time zone.",
    )  # fmt: skip
    tier = forms.ChoiceField(label="Only for", required=False)
    tier_and_above = forms.BooleanField(label="And the tiers above it", required=False, widget=forms.CheckboxInput)
    starts_on = _day("First day", "Empty: from now on.")
    ends_on = _day("Last day", "Through the end of that day. Empty: no end.")
    description = forms.CharField(
        label="Description", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, program: Program, tiers: Sequence[Tier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        self.tiers = {tier.public_id: tier for tier in tiers}
        self.fields["tier"].choices = [("", "Everyone"), *((t.public_id, f"{t.name} members") for t in tiers)]  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("amount", "minimum_spend", "maximum_shipping"):
            self.fields[name].widget.attrs["currencyCode"] = program.currency

    def clean(self) -> dict[str, Any]:
        """The value that belongs to the kind must be there."""
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("discount_type")
        has_amount = kind in (FIXED, Reward.DiscountType.STORE_CREDIT) and data.get("redemption_type") != "flexible"
        if has_amount and "amount" not in self.errors and not (data.get("amount") and data["amount"] > 0):
            self.add_error("amount", "Enter how much it takes off, more than 0.")
        percent = data.get("percent")
        if kind == PERCENT and "percent" not in self.errors and not (percent and Decimal(0) < percent <= 100):
            self.add_error("percent", "Enter a percentage, more than 0 and at most 100.")
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "The last day must not be before the first.")
        return data

    def field_of(self, refusal: Refusal) -> str | None:
        """The operation has its own names for some of the fields."""
        name = getattr(refusal, "field", None)
        if name == "discount_amount":
            return "percent" if self.cleaned_data.get("discount_type") == PERCENT else "amount"
        names = {"variant_gids": "variants", "applies_to_gids": "applies_to_ids", "ends_at": "ends_on"}
        return names.get(name or "", name)
