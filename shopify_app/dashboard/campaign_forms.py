"""The form of a campaign: its days, and for each earning rule a multiplier and points on top."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import MAX_BUDGET, MAX_EXTRA, MAX_MULTIPLIER, CampaignTerms, Modifier
from loyalty.earning.models import EarningRule
from loyalty.programs.calendar import midnight
from loyalty.tiers.models import Tier
from shopify_app.dashboard.polaris import UNSEEN, PolarisForm, SwitchInput, picked
from shopify_app.dashboard.reading import typed

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def _ids(label: _StrOrPromise, noun: str, help_text: _StrOrPromise) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=10_000, help_text=help_text, widget=forms.TextInput(attrs=picked(noun))
    )


class CampaignForm(PolarisForm):
    """A campaign. Its days begin and end in the shop's time zone; the fields of the rules are added to it."""

    TOUCHES: ClassVar = {"tiers": "audience", "is_active": "switch"}

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("For you; customers don't read it."),
        error_messages={"required": _("Give the campaign a name.")},
    )
    starts_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=_("From 0:00 in your shop's time zone."),
        error_messages={"required": _("Say on which day it begins."), "invalid": _("Enter a date.")},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=_("Through the end of that day. Left empty, it runs until you switch it off."),
        error_messages={"invalid": _("Enter a date.")},
    )
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    customer_tags = forms.CharField(
        label=_("Customer tags"),
        required=False,
        max_length=2_000,
        help_text=_("Separated by commas; one of them is enough. Left empty: everybody."),
    )
    product_ids = _ids(_("Products"), "product", _("Shopify ids, separated by commas."))
    collection_ids = _ids(_("Collections"), "collection", _("Shopify ids, separated by commas."))
    product_tags = forms.CharField(
        label=_("Product tags"),
        required=False,
        max_length=10_000,
        help_text=_("Separated by commas; one of them is enough."),
    )
    budget_points = forms.IntegerField(
        label=_("Budget"),
        required=False,
        min_value=1,
        max_value=MAX_BUDGET,
        widget=forms.NumberInput(attrs={"suffix": _("points")}),
        help_text=_("Points it may give beyond the rules' own, in all. It is never passed. Left empty: no limit."),
    )
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True, widget=SwitchInput)

    def __init__(self, *args: Any, rules: Iterable[EarningRule], tiers: Iterable[Tier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = list(rules)
        choices = self.fields["tiers"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(str(tier.pk), tier.name) for tier in tiers]
        for rule in self.rules:
            self.fields[f"multiplier_{rule.pk}"] = forms.DecimalField(
                label=_("%(rule)s: times") % {"rule": rule.name}, required=False, min_value=Decimal(0), max_value=MAX_MULTIPLIER,
                decimal_places=3, widget=forms.NumberInput(attrs={UNSEEN: "exclusive", "prefix": "×", "step": "0.1"}),
            )  # fmt: skip
            self.fields[f"extra_{rule.pk}"] = forms.IntegerField(
                label=_("%(rule)s: points on top") % {"rule": rule.name}, required=False, min_value=0, max_value=MAX_EXTRA,
                widget=forms.NumberInput(attrs={UNSEEN: "exclusive", "prefix": "+"}),
            )  # fmt: skip

    @property
    def rule_fields(self) -> list[tuple[EarningRule, Any, Any]]:
        """Each rule with its two fields, as the template draws them."""
        return [(rule, self[f"multiplier_{rule.pk}"], self[f"extra_{rule.pk}"]) for rule in self.rules]

    def clean_product_ids(self) -> tuple[int, ...]:
        """The ids as numbers; a gid is taken too."""
        return _numbers("Product", self.cleaned_data["product_ids"])

    def clean_collection_ids(self) -> tuple[int, ...]:
        """The ids as numbers; a gid is taken too."""
        return _numbers("Collection", self.cleaned_data["collection_ids"])

    def clean(self) -> dict[str, Any]:
        """Asks for days in order, and for at least one rule that gives more."""
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        if not self.errors and not self.modifiers():
            raise forms.ValidationError(_("Let at least one earning rule give more: a multiplier, or points on top."))
        return data

    def modifiers(self) -> dict[int, Modifier]:
        """What the campaign does to each rule it changes."""
        found = {}
        for rule in self.rules:
            multiplier = self.cleaned_data.get(f"multiplier_{rule.pk}")
            modifier = Modifier(
                Decimal(1) if multiplier is None else multiplier, self.cleaned_data.get(f"extra_{rule.pk}") or 0
            )
            if modifier != Modifier():
                found[rule.pk] = modifier
        return found

    def terms(self, zone: ZoneInfo) -> CampaignTerms:
        """The terms a valid form holds."""
        data = self.cleaned_data
        return CampaignTerms(
            name=data["name"],
            starts_at=midnight(data["starts_on"], zone=zone),
            ends_at=midnight(data["ends_on"] + timedelta(days=1), zone=zone) if data["ends_on"] else None,
            modifiers=self.modifiers(),
            tier_ids=tuple(int(number) for number in data["tiers"]),
            customer_tags=tuple(data["customer_tags"].split(",")),
            product_ids=data["product_ids"],
            collection_ids=data["collection_ids"],
            product_tags=tuple(data["product_tags"].split(",")),
            budget_points=data["budget_points"],
            is_active=data["is_active"],
        )


def _numbers(noun: str, text: str) -> tuple[int, ...]:
    words = [word.rsplit("/", 1)[-1] for word in re.split(r"[\s,;]+", text) if word]
    if any(not word.isdecimal() or len(word) > 18 for word in words):
        raise forms.ValidationError(_("Shopify ids are numbers, separated by commas."))
    return tuple(dict.fromkeys(int(word) for word in words))


def initial_of(campaign: Campaign, zone: ZoneInfo) -> dict[str, Any]:
    """What the form of a stored campaign begins with."""
    last = campaign.ends_at - timedelta(microseconds=1) if campaign.ends_at else None
    values: dict[str, Any] = {
        "name": campaign.name,
        "starts_on": campaign.starts_at.astimezone(zone).date(),
        "ends_on": last.astimezone(zone).date() if last else None,
        "tiers": [str(number) for number in campaign.tier_ids],
        "customer_tags": ", ".join(campaign.customer_tags),
        "product_ids": ", ".join(map(str, campaign.product_ids)),
        "collection_ids": ", ".join(map(str, campaign.collection_ids)),
        "product_tags": ", ".join(campaign.product_tags),
        "budget_points": campaign.budget_points,
        "is_active": campaign.is_active,
    }
    for modifier in campaign.modifiers.all():
        values[f"multiplier_{modifier.earning_rule_id}"] = typed(modifier.multiplier)
        values[f"extra_{modifier.earning_rule_id}"] = modifier.extra_points or None
    return values
