"""The forms of a member's page: points by hand, a tier by hand, and who else a member is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.errors import Refusal
from loyalty.members import queries as members
from loyalty.members.models import Member
from loyalty.points import MAX_POINTS
from loyalty.tiers.models import Tier
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput, once_field


class AdjustForm(PolarisForm):
    """Points by hand, with a reason."""

    points = forms.IntegerField(
        label=gettext_lazy("Points to add or deduct"),
        min_value=-MAX_POINTS,
        max_value=MAX_POINTS,
        help_text=gettext_lazy("Put a minus in front to deduct. The balance stops at 0."),
        error_messages={
            "required": gettext_lazy("Enter how many points to add or deduct."),
            "invalid": gettext_lazy("Enter a whole number, with a minus in front to deduct."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with the entry in the history."),
        error_messages={"required": gettext_lazy("Say why, so that the history explains itself.")},
    )
    update_lifetime = forms.BooleanField(
        label=gettext_lazy("Count towards points earned in all"),
        required=False,
        initial=True,
        widget=SwitchInput,
        help_text=gettext_lazy("Decides whether the change moves the member's tier."),
    )

    once = once_field()

    def clean_points(self) -> int:
        """Zero moves nothing."""
        points: int = self.cleaned_data["points"]
        if points == 0:
            raise forms.ValidationError(_("0 changes nothing: enter points to add or deduct."))
        return points


class TierForm(PolarisForm):
    """A tier by hand, or none: then the rules decide."""

    tier = forms.ChoiceField(label=gettext_lazy("Tier"), required=False)
    lock = forms.BooleanField(
        label=gettext_lazy("Keep them there"),
        required=False,
        widget=SwitchInput,
        help_text=gettext_lazy("Whatever they earn or spend. Off: until the rules place them elsewhere."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Told with the event, for example to Flow."),
    )

    def __init__(self, *args: Any, tiers: Iterable[Tier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tiers = {each.public_id: each for each in tiers}
        choices = [("", _("As the rules say")), *((key, each.name) for key, each in self.tiers.items())]
        self.fields["tier"].choices = choices  # type: ignore[attr-defined]  # a choice field has them

    def clean_tier(self) -> Tier | None:
        """The tier itself."""
        return self.tiers.get(self.cleaned_data["tier"])


class MergeForm(PolarisForm):
    """Who else this member is."""

    other = forms.CharField(
        label=gettext_lazy("The other customer"),
        max_length=254,
        help_text=gettext_lazy("Their e-mail address or Shopify customer id."),
        error_messages={"required": gettext_lazy("Enter the e-mail address or the customer id of the other one.")},
    )

    def __init__(self, *args: Any, kept: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def clean_other(self) -> Member:
        """Somebody else, who is a member."""
        try:
            other = members.member(identifier=self.cleaned_data["other"].strip())
        except Refusal as refusal:
            raise forms.ValidationError(f"{refusal.sentence.rstrip('.')}.") from refusal
        if other.pk == self.kept.pk:
            raise forms.ValidationError(_("That is this member already."))
        return other
