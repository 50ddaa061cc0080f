"""The form of the ladder: how tiers are entered, in which period, and every tier of it, one row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.programs.models import Program
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier
from loyalty.tiers.terms import MAX_GRACE_DAYS, MAX_MULTIPLIER, MAX_THRESHOLD, MAX_TIERS, Ladder, TierTerms
from shopify_app.dashboard.polaris import PolarisForm
from shopify_app.dashboard.reading import number, typed

PARTS = ("name", "threshold", "multiplier", "entry_points", "entry_reward")


class LadderForm(PolarisForm):
    """The whole ladder. The first row is the base tier; the last one is empty and makes a new tier when it is filled in."""

    entry = forms.ChoiceField(
        label=_("Members rise by"),
        choices=[
            ("points", _("Points they earn")),
            ("spend", _("What they spend")),
            ("purchases", _("How often they order")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what members rise by.")},
    )
    period = forms.ChoiceField(
        label=_("Counted"),
        choices=[
            ("lifetime", _("Since they joined")),
            ("calendar_year", _("In the calendar year, in your shop's time zone")),
            ("rolling_year", _("In the last 365 days")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose in which period it is counted.")},
    )
    grace_days = forms.IntegerField(
        label=_("Who no longer reaches a tier keeps it for"),
        min_value=0,
        max_value=MAX_GRACE_DAYS,
        widget=forms.NumberInput(attrs={"suffix": _("days")}),
        help_text=_("With a calendar year, counted from its end."),
        error_messages={
            "required": _("Enter a number of days; 0 is none."),
            "invalid": _("Enter a whole number of days."),
            "min_value": _("0 days at least."),
            "max_value": _("At most 90 days."),
        },
    )
    is_confirmed = forms.BooleanField(label=_("Yes, move these members"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        program: Program,
        tiers: Sequence[Tier],
        rewards: Sequence[Reward],
        given: Mapping[int, Reward],
    ) -> None:
        self.program, self.tiers, self.rewards = program, list(tiers), list(rewards)
        super().__init__(data, initial=_initial(program, self.tiers, given))
        self.places = min(max(len(self.tiers), 1) + 1, MAX_TIERS)
        unit = {"points": str(_("points")), "spend": program.currency, "purchases": str(_("orders"))}[
            program.tier_entry
        ]
        self.called: list[str] = []
        for place in range(self.places):
            label = (
                self.tiers[place].name if place < len(self.tiers) else str(_("New tier") if place else _("First tier"))
            )
            self.called.append(label)
            self._add_row(place, unit, is_base=place == 0)

    def _add_row(self, place: int, unit: str, *, is_base: bool) -> None:
        is_new = place >= len(self.tiers) and not is_base
        self.fields[f"name_{place}"] = forms.CharField(
            label=_("Name"),
                max_length=100, required=not is_new,
            error_messages={"required": _("Give the tier a name."), "max_length": _("Use at most 100 characters.")},
        )  # fmt: skip
        if not is_base:
            self.fields[f"threshold_{place}"] = forms.IntegerField(
                label=_("Reached from"),
                min_value=1, max_value=MAX_THRESHOLD, required=not is_new,
                widget=forms.NumberInput(attrs={"suffix": unit}),
                error_messages={"required": _("Say from which figure it is reached."), "min_value": _("At least 1.")},
            )  # fmt: skip
        self.fields[f"multiplier_{place}"] = forms.DecimalField(
            label=_("Multiplies points by"),
            min_value=Decimal(0), max_value=MAX_MULTIPLIER, decimal_places=3, required=not is_new,
            widget=forms.NumberInput(attrs={"prefix": "×", "step": "0.1"}),
            error_messages={"required": _("Say what it multiplies points by; 1 is nothing.")},
        )  # fmt: skip
        if not is_base:
            self.fields[f"entry_points_{place}"] = forms.IntegerField(
                label=_("Points for reaching it"),
                min_value=0, max_value=1_000_000, required=False,
                widget=forms.NumberInput(attrs={"suffix": _("points")}),
            )  # fmt: skip
            self.fields[f"entry_reward_{place}"] = forms.ChoiceField(
                label=_("Reward for reaching it"),
                required=False,
                choices=[("", _("None")), *((each.public_id, _called(each)) for each in self.rewards)],
                error_messages={"invalid_choice": _("Choose one of your rewards.")},
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[str, list[Any]]]:
        """Each tier and its fields, as the template draws them."""
        return [
            (self.called[place], [self[f"{part}_{place}"] for part in PARTS if f"{part}_{place}" in self.fields])
            for place in range(self.places)
        ]

    def label_in_full(self, name: str) -> str:
        """A field of a tier is called with its tier: there is one of each in every tier."""
        part, _line, place = name.rpartition("_")
        if part not in PARTS:
            return super().label_in_full(name)
        return _("%(tier)s: %(field)s") % {"tier": self.called[int(place)], "field": super().label_in_full(name)}

    def clean(self) -> dict[str, Any]:
        """Asks for a threshold where a new tier has a name, and for a name where it has anything else."""
        data: dict[str, Any] = super().clean() or {}
        last = self.places - 1
        if last >= len(self.tiers) and last > 0 and not self.errors:
            if data.get(f"name_{last}") and data.get(f"threshold_{last}") is None:
                self.add_error(f"threshold_{last}", _("Say from which figure it is reached."))
            if not data.get(f"name_{last}") and any(data.get(f"{part}_{last}") not in (None, "") for part in PARTS[1:]):
                self.add_error(f"name_{last}", _("Give the tier a name."))
        return data

    def ladder(self) -> Ladder:
        """The ladder a valid form holds."""
        data = self.cleaned_data
        rows = []
        for place in range(self.places):
            if not data.get(f"name_{place}"):
                continue
            tier = self.tiers[place] if place < len(self.tiers) else None
            multiplier = data.get(f"multiplier_{place}")
            rows.append(
                TierTerms(
                    name=data[f"name_{place}"],
                    threshold=data.get(f"threshold_{place}") or 0,
                    multiplier=Decimal(1) if multiplier is None else multiplier,
                    entry_points=data.get(f"entry_points_{place}") or 0,
                    public_id=tier.public_id if tier else None,
                    description=tier.description if tier else None,
                    badge_color=tier.badge_color if tier else None,
                )
            )
        return Ladder(rows, data["entry"], data["period"], data["grace_days"], self.program.tier_multiplier_scope)

    def entry_rewards(self) -> dict[int, str]:
        """What the tiers of a valid form give on entry: a reward's public id by the tier's threshold."""
        places = range(1, self.places)
        rows = [(self.cleaned_data.get(f"threshold_{n}"), self.cleaned_data.get(f"entry_reward_{n}")) for n in places]
        return {threshold: public_id for threshold, public_id in rows if threshold and public_id}

    def gifts(self) -> dict[str, str]:
        """What each tier of a valid form gives on entry, in words, by the tier's name."""
        names, chosen = {each.public_id: f"“{each.name}”" for each in self.rewards}, self.entry_rewards()
        said: dict[str, str] = {}
        for tier in self.ladder().tiers:
            points = [_("%(points)s points") % {"points": number(tier.entry_points)}] if tier.entry_points else []
            parts = points + ([names[chosen[tier.threshold]]] if tier.threshold in chosen else [])
            if parts:
                said[tier.name] = (
                    str(_("%(one)s and %(two)s") % {"one": parts[0], "two": parts[1]})
                    if len(parts) > 1
                    else str(parts[0])
                )
        return said


def _called(reward: Reward) -> str:
    return reward.name if reward.is_active else _("%(name)s (off)") % {"name": reward.name}


def _initial(program: Program, tiers: Sequence[Tier], given: Mapping[int, Reward]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "entry": program.tier_entry,
        "period": program.tier_period,
        "grace_days": program.tier_grace_days,
        "multiplier_0": "1",
    }
    for place, tier in enumerate(tiers):
        values |= {
            f"name_{place}": tier.name,
            f"threshold_{place}": tier.threshold,
            f"multiplier_{place}": typed(tier.multiplier),
            f"entry_points_{place}": tier.entry_points,
            f"entry_reward_{place}": given[tier.pk].public_id if tier.pk in given else "",
        }
    return values
