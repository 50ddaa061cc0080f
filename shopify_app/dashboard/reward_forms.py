"""The form of a reward: what it gives, what it costs, under which conditions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from loyalty.errors import Refusal
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import RewardTerms
from loyalty.tiers.models import Tier
from shopify_app.dashboard.polaris import MoneyInput, PolarisForm, SwitchInput
from shopify_app.dashboard.templatetags.encore import plain

WHOLE = "Enter a whole number."
FIXED, PERCENT = Reward.DiscountType.FIXED_AMOUNT, Reward.DiscountType.PERCENTAGE


class RewardForm(PolarisForm):
    """What a merchant decides about a reward; `terms` gives it to the operation."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="As customers read it, for example “5 off your next order”.",
        error_messages={"required": "Give the reward a name."},
    )
    discount_type = forms.ChoiceField(
        label="What the code gives",
        choices=[choice for choice in Reward.DiscountType.choices if choice[0] not in ("free_product", "store_credit")],
        initial=FIXED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the code gives."},
    )
    amount = forms.DecimalField(
        label="Amount off",
        required=False,
        widget=MoneyInput(attrs={"data-shown-when": "discount_type=fixed_amount"}),
        error_messages={"invalid": "Enter an amount, for example 5.00."},
    )
    percent = forms.DecimalField(
        label="Percentage off",
        required=False,
        widget=forms.NumberInput(attrs={"suffix": "%", "data-shown-when": "discount_type=percentage"}),
        error_messages={"invalid": "Enter a number, for example 10."},
    )
    points_cost = forms.IntegerField(
        label="Cost",
        min_value=1,
        max_value=MAX_POINTS,
        widget=forms.NumberInput(attrs={"suffix": "points"}),
        error_messages={
            "required": "Enter how many points it costs.",
            "invalid": WHOLE,
            "min_value": "A reward costs at least 1 point.",
        },
    )
    is_active = forms.BooleanField(
        label="Switched on",
        required=False,
        initial=True,
        widget=SwitchInput,
        help_text="Off: nobody can buy it. Codes already issued keep working.",
    )
    minimum_spend = forms.DecimalField(
        label="Minimum order",
        required=False,
        min_value=0,
        widget=MoneyInput,
        help_text="Empty: any order.",
        error_messages={"invalid": "Enter an amount, for example 30.00.", "min_value": "An amount can't be negative."},
    )
    expiry_days = forms.IntegerField(
        label="Code works for",
        required=False,
        min_value=1,
        max_value=3650,
        widget=forms.NumberInput(attrs={"suffix": "days"}),
        help_text="Empty: it never expires.",
        error_messages={
            "invalid": WHOLE,
            "min_value": "At least 1 day, or empty for ever.",
            "max_value": "At most 3,650 days.",
        },
    )
    max_redemptions = forms.IntegerField(
        label="Times per customer",
        required=False,
        min_value=1,
        widget=forms.NumberInput,
        help_text="Empty: as often as they like.",
        error_messages={"invalid": WHOLE, "min_value": "At least once, or empty for no limit."},
    )
    tier = forms.ChoiceField(
        label="Only for", required=False, help_text="A tier's reward can be bought on exactly that tier."
    )
    description = forms.CharField(
        label="Description", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, program: Program, tiers: Sequence[Tier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tiers = {tier.public_id: tier for tier in tiers}
        self.fields["tier"].choices = [("", "Everyone"), *((t.public_id, f"{t.name} members") for t in tiers)]  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("amount", "minimum_spend"):
            self.fields[name].widget.attrs["currencyCode"] = program.currency

    def clean(self) -> dict[str, Any]:
        """The value that belongs to the kind must be there."""
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("discount_type")
        if kind == FIXED and "amount" not in self.errors and not (data.get("amount") and data["amount"] > 0):
            self.add_error("amount", "Enter how much it takes off, more than 0.")
        percent = data.get("percent")
        if kind == PERCENT and "percent" not in self.errors and not (percent and Decimal(0) < percent <= 100):
            self.add_error("percent", "Enter a percentage, more than 0 and at most 100.")
        return data

    def terms(self) -> RewardTerms:
        """The terms of a valid form."""
        data = self.cleaned_data
        kind = data["discount_type"]
        amount = {FIXED: data["amount"], PERCENT: data["percent"]}.get(kind)
        return RewardTerms(
            name=data["name"],
            discount_type=kind,
            points_cost=data["points_cost"],
            discount_amount=amount,
            minimum_spend=data["minimum_spend"],
            max_redemptions=data["max_redemptions"],
            expiry_days=data["expiry_days"],
            tier=self.tiers.get(data["tier"]),
            description=data["description"],
            is_active=data["is_active"],
        )

    def field_of(self, refusal: Refusal) -> str | None:
        """The operation speaks of one amount; the form has two fields for it."""
        name = getattr(refusal, "field", None)
        if name == "discount_amount":
            return "percent" if self.cleaned_data.get("discount_type") == PERCENT else "amount"
        return name


def initial_of(reward: Reward) -> dict[str, Any]:
    """A stored reward as the form's first values."""
    amount = plain(reward.discount_amount)
    return {
        "name": reward.name,
        "discount_type": reward.discount_type,
        "amount": amount if reward.discount_type == FIXED else "",
        "percent": amount if reward.discount_type == PERCENT else "",
        "points_cost": reward.points_cost,
        "is_active": reward.is_active,
        "minimum_spend": plain(reward.minimum_spend),
        "expiry_days": reward.expiry_days,
        "max_redemptions": reward.max_redemptions,
        "tier": reward.tier.public_id if reward.tier else "",
        "description": reward.description or "",
    }
