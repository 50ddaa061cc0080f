"""The form of a programme's settings: on or off, who takes part, what points are called, expiry and refunds."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.programs.models import Program
from loyalty.programs.operations import MAX_POINTS_NAME
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput


class SettingsForm(PolarisForm):
    """What a merchant decides about the programme as a whole."""

    TOUCHES: ClassVar = {
        "is_enabled": "on", "point_name": "shown", "points_name": "shown", "points_expiry_enabled": "expiry",
        "points_expiry_days": "expiry", "expiry_model": "expiry", "refund_policy": "refunds", "codes_on_refund": "refunds",
        "excluded_tags": "tags", "code_prefix": "codes",
    }  # fmt: skip

    is_enabled = forms.BooleanField(
        label=_("Programme switched on"),
        required=False,
        widget=SwitchInput,
        help_text=_("Off: nobody earns or redeems and nothing fails; calls are answered as skipped. Balances stay."),
    )
    point_name = forms.CharField(
        label=_("One point is called"),
        max_length=MAX_POINTS_NAME,
        required=False,
        help_text=_("As your customers read it, for example bean. Left empty: point."),
    )
    points_name = forms.CharField(
        label=_("Several are called"),
        max_length=MAX_POINTS_NAME,
        required=False,
        help_text=_("For example beans. Left empty: points."),
    )
    points_expiry_enabled = forms.BooleanField(label=_("Points expire"), required=False, widget=SwitchInput)
    points_expiry_days = forms.IntegerField(
        label=_("After"),
        required=False,
        min_value=1,
        max_value=3650,
        widget=forms.NumberInput(attrs={"suffix": _("days")}),
        help_text=_("To the end of that day in the shop's time zone. A change concerns what is earned from now on."),
        error_messages={
            "invalid": _("Enter a whole number of days."),
            "min_value": _("Points live at least 1 day."),
            "max_value": _("At most 3,650 days."),
        },
    )
    expiry_model = forms.ChoiceField(
        label=_("Counted"),
        choices=[
            ("fixed", _("From the day points can be spent, for each earning on its own")),
            ("inactivity", _("From the last earning or spending, for the whole balance")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose from when the days are counted.")},
    )
    refund_policy = forms.ChoiceField(
        label=_("When points of a refunded order are spent already"),
        choices=[
            ("floor", _("Take what is left and write the rest off")),
            ("debt", _("Record a debt that later points pay first")),
            ("block", _("Record a debt, and no rewards until it is paid or written off")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens to points that are spent already.")},
    )
    codes_on_refund = forms.ChoiceField(
        label=_("A reward that was used on an order which is refunded in full or cancelled"),
        choices=[
            ("keep", _("Stays used")),
            ("reactivate", _("Works again")),
            ("return_points", _("Gives its points back")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens to a used reward.")},
    )
    birthday_notice_days = forms.IntegerField(
        label=_("A birthday counts when it was saved"),
        min_value=0,
        max_value=90,
        widget=forms.NumberInput(attrs={"suffix": _("days before")}),
        help_text=_(
            "So that nobody earns twice by changing the date. Flow is told of a birthday under the same condition."
        ),
        error_messages={
            "required": _("Enter a number of days; 0 is none."),
            "invalid": _("Enter a whole number of days."),
            "min_value": _("0 days at least."),
            "max_value": _("At most 90 days."),
        },
    )
    enrols_on_order = forms.BooleanField(
        label=_("Customers without an account join with their first order"), required=False, widget=SwitchInput
    )
    excluded_tags = forms.CharField(
        label=_("Customers with one of these tags take no part"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Customer tags of your shop, one per line or with commas between. Who loses the tag takes part again."
        ),
    )
    tier_multiplier_scope = forms.ChoiceField(
        label=_("A tier multiplies"),
        choices=Program.MultiplierScope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what a tier multiplies.")},
    )
    code_prefix = forms.CharField(
        label=_("Discount codes begin with"),
        max_length=20,
        required=False,
        help_text=_("Letters, digits, - and _. Eight characters follow. Codes already issued stay as they are."),
        error_messages={"max_length": _("Use at most 20 characters.")},
    )

    writes_mage_metafields = forms.BooleanField(
        label=_("Mage-compatible metafields"),
        required=False,
        widget=SwitchInput,
        help_text=_(
            "Writes mage.loyalty beside Encore's own, for a theme made for Mage Loyalty; not while Mage writes it too. "
            "Off: the last values stay, since another app may write them now."
        ),
    )
    writes_tier_tags = forms.BooleanField(
        label=_("Tag customers with their VIP tier"),
        required=False,
        widget=SwitchInput,
        help_text=_(
            "Writes one tag like “Encore VIP: Gold” and changes it when the tier changes; other tags are never touched. "
            "Off: these tags are taken off again."
        ),
    )

    def clean_excluded_tags(self) -> list[str]:
        """Tags split and trimmed, each once."""
        parts = [part.strip() for part in re.split(r"[\n,]+", self.cleaned_data["excluded_tags"])]
        return list(dict.fromkeys(part for part in parts if part))

    def clean(self) -> dict[str, Any]:
        """Days where points expire."""
        data: dict[str, Any] = super().clean() or {}
        if (
            data.get("points_expiry_enabled")
            and not data.get("points_expiry_days")
            and "points_expiry_days" not in self.errors
        ):
            self.add_error("points_expiry_days", _("Enter after how many days points expire."))
        return data


def initial_of(program: Program) -> dict[str, Any]:
    """What the form of a programme begins with."""
    return {
        "is_enabled": program.is_enabled,
        "points_expiry_enabled": program.points_expiry_enabled,
        "points_expiry_days": program.points_expiry_days,
        "expiry_model": program.expiry_model,
        "refund_policy": program.refund_policy,
        "codes_on_refund": program.codes_on_refund,
        "birthday_notice_days": program.birthday_notice_days,
        "enrols_on_order": program.enrols_on_order,
        "excluded_tags": "\n".join(program.excluded_tags),
        "tier_multiplier_scope": program.tier_multiplier_scope,
        "code_prefix": program.code_prefix,
        "writes_mage_metafields": program.writes_mage_metafields,
        "writes_tier_tags": program.writes_tier_tags,
        "point_name": program.point_name,
        "points_name": program.points_name,
    }
