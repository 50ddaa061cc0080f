"""The forms of earning rules: a custom action's, and that of every other kind, made from the fields the kind declares."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from loyalty.earning.kinds import KINDS, Kind
from loyalty.earning.kinds.fields import Amount, Choice, Field, Ids, RewardOfShop, Switch, WholeNumber, Words
from loyalty.earning.limits import MAX_COUNT, MAX_DAYS
from loyalty.points import MAX_POINTS
from loyalty.rewards import queries as rewards
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput, once_field, picked

LIMITED = "limited"
"""The choice of `how_often` that asks for a number and a period."""
OPTION = "option_"
"""What the names of a kind's own fields begin with in the form."""
WINDOWS = (
    ("hour", _("hour")), ("day", _("day")), ("week", _("week")), ("month", _("month")), ("year", _("calendar year")),
    ("days", _("number of days")), ("lifetime", _("customer, ever")),
)  # fmt: skip
KEY_RULE = _("Use lower case letters, digits and underscores, for example mobile_app_install.")


class RuleForm(PolarisForm):
    """What every rule with fixed points asks for."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("What you call it. Customers read it too, unless you write a label for them below."),
        error_messages={"required": _("Give the rule a name.")},
    )
    points = forms.IntegerField(
        label=_("Points"),
        min_value=1,
        max_value=MAX_POINTS,
        widget=forms.NumberInput(attrs={"suffix": _("points")}),
        error_messages={
            "required": _("Enter how many points it gives."),
            "invalid": _("Enter a whole number of points."),
            "min_value": _("Give at least 1 point."),
            "max_value": _("Give fewer points."),
        },
    )
    approval_days = forms.IntegerField(
        label=_("Approval time"),
        min_value=0,
        max_value=365,
        initial=0,
        widget=forms.NumberInput(attrs={"suffix": _("days")}),
        help_text=_("0 gives the points at once. Longer keeps them pending, then approves them by itself."),
        error_messages={
            "required": _("Enter a number of days; 0 gives the points at once."),
            "invalid": _("Enter a whole number of days."),
            "min_value": _("Days can't be negative."),
            "max_value": _("Wait at most 365 days."),
        },
    )
    is_active = forms.BooleanField(
        label=_("Switched on"),
        required=False,
        initial=True,
        widget=SwitchInput,
        help_text=_("Off: nothing is awarded any more. Points already earned stay."),
    )
    customer_facing_label = forms.CharField(
        label=_("Label for customers"), max_length=200, required=False, help_text=_("Left empty, they read the name.")
    )
    call_to_action_url = forms.URLField(
        label=_("Storefront button link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("The button opens this page; opening it never awards points."),
        error_messages={"invalid": _("Enter a whole address, for example https://example.com/app.")},
    )

    kind: Kind
    """What the form is of; set by `kind_form`."""
    TOUCHES: ClassVar = {
        "approval_days": "waiting", "name": "shown", "customer_facing_label": "shown", "call_to_action_url": "shown",
        "is_hidden_on_storefront": "shown", "action_key": "key", "is_active": "switch",
    }  # fmt: skip

    @property
    def own_groups(self) -> list[tuple[str, list[Any]]]:
        """The fields of the kind under their headings, as the template draws them."""
        groups: dict[str, list[Any]] = {}
        for field in self.kind.fields:
            groups.setdefault(str(_(field.group or self.kind.label)), []).append(self[f"{OPTION}{field.name}"])
        return list(groups.items())


class OftenForm(RuleForm):
    """A rule whose merchant chooses how often one customer may earn by it."""

    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("once", _("Once per customer")),
            ("unlimited", _("Every time")),
            (LIMITED, _("A number of times per period")),
        ],
        initial="once",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often a customer may earn it.")},
    )
    limit_count = forms.IntegerField(
        label=_("Times"),
        required=False,
        min_value=1,
        max_value=MAX_COUNT,
        error_messages={"invalid": _("Enter a whole number."), "min_value": _("At least once.")},
    )
    limit_window = forms.ChoiceField(
        label=_("Per"),
        required=False,
        choices=WINDOWS,
        initial="day",
        help_text=_("Days begin and end in the shop's time zone."),
    )
    limit_days = forms.IntegerField(
        label=_("Days"), required=False, min_value=1, max_value=MAX_DAYS, help_text=_("How many, for a number of days.")
    )

    def clean(self) -> dict[str, Any]:
        """Asks for the number and the days where they are needed."""
        data = super().clean() or {}
        if data.get("frequency") == LIMITED:
            if data.get("limit_count") is None and "limit_count" not in self.errors:
                self.add_error("limit_count", _("Say how many times."))
            if (
                data.get("limit_window") == "days"
                and data.get("limit_days") is None
                and "limit_days" not in self.errors
            ):
                self.add_error("limit_days", _("Say how many days."))
        return data

    @property
    def limit_fields(self) -> list[Any]:
        """The fields of a limit, as the template draws them."""
        return [self[name] for name in ("limit_count", "limit_window", "limit_days")]


def kind_form(kind: Kind) -> type[RuleForm]:
    """Returns the form of a kind: what every rule asks, how often where that is a choice, and the kind's own fields."""
    base = RuleForm if kind.how_often else OftenForm
    own: dict[str, Any] = {f"{OPTION}{field.name}": form_field(field) for field in kind.fields}
    if kind.approval_help:
        own["approval_days"] = deepcopy(RuleForm.base_fields["approval_days"])
        own["approval_days"].help_text = _(kind.approval_help)
    return type("KindForm", (base,), {**own, "kind": kind})


def form_field(field: Field) -> forms.Field:
    """Returns the form's field for a declared one, which says when it matters."""
    made = _form_field(field)
    if field.shown_when:
        made.widget.attrs["data-shown-when"] = f"{OPTION}{field.shown_when}"
    return made


def _form_field(field: Field) -> forms.Field:
    """The form's field for a declared one; its own `clean` is asked again when the rule is stored."""
    usual: dict[str, Any] = {
        "label": _(field.label),
        "help_text": _(field.help_text) if field.help_text else "",
        "required": False,
    }
    match field:
        case Switch():
            return forms.BooleanField(**usual, initial=field.default, widget=SwitchInput)
        case Choice():
            return forms.ChoiceField(
                **{**usual, "required": True},
                choices=[(value, _(words)) for value, words in field.choices],
                initial=field.default,
            )
        case WholeNumber():
            widget = forms.NumberInput(attrs={"suffix": _(field.unit)} if field.unit else {})
            return forms.IntegerField(
                **usual, min_value=field.lowest, max_value=field.highest, initial=field.default, widget=widget
            )
        case Amount():
            return forms.DecimalField(**usual, max_value=field.highest, decimal_places=3, initial=field.default)
        case RewardOfShop():
            return forms.ChoiceField(**usual, choices=_offered_rewards)
        case Ids():
            return forms.CharField(**usual, max_length=10_000, widget=forms.TextInput(attrs=picked(field.noun)))
        case Words():
            return forms.CharField(**usual, max_length=10_000)
    raise LookupError(f"no form field for {type(field).__name__}")


def _offered_rewards() -> list[tuple[str, str]]:
    """The shop's rewards, read when a form is made."""
    return [("", str(_("None"))), *((reward.public_id, reward.name) for reward in rewards.rewards())]


class CustomActionForm(OftenForm):
    """A custom action: something that happened outside Shopify, told over REST or Flow."""

    action_key = forms.CharField(
        label=_("Action key"),
        max_length=100,
        validators=[RegexValidator(r"\A[a-z0-9_]+\Z", KEY_RULE)],
        help_text=_(
            "Your server and Flow name the action by this key. It is made from the name; change it if you like."
        ),
        error_messages={"required": _("Give the action a key."), "max_length": _("Use at most 100 characters.")},
    )
    is_hidden_on_storefront = forms.BooleanField(
        label=_("Hide on the storefront"),
        required=False,
        widget=SwitchInput,
        help_text=_("It still works; customers just don't see it. The safe way to try an action on a live shop."),
    )

    field_order = ("name", "action_key", "points", "frequency", "approval_days")
    kind = KINDS["custom"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they come
        for field in self.kind.fields:
            self.fields[f"{OPTION}{field.name}"] = form_field(field)
        self.choice_details(
            "frequency",
            {
                "once": str(_("A second call for the same customer is refused.")),
                "unlimited": str(
                    _(
                        "Every call awards points, retries included. Send an idempotency key that belongs to the real "
                        "event (an event id, an order id), so that a repeated call gets the first award back."
                    )
                ),
                LIMITED: str(_("More calls in the period are refused, with the time from which the next one counts.")),
            },
        )


class TryForm(PolarisForm):
    """For whom "Try it" fires the action."""

    customer = forms.CharField(
        label=_("Member"),
        max_length=254,
        help_text=_("E-mail address or Shopify customer id, for example your own account's."),
        error_messages={"required": _("Say for which member to try it.")},
    )
    once = once_field()
