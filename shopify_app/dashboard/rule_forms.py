"""The forms of earning rules: a custom action's, and the shorter one of the ready-made kinds."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator

from loyalty.points import MAX_POINTS
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput, once_field

KEY_RULE = "Use lower case letters, digits and underscores, for example mobile_app_install."


class RuleForm(PolarisForm):
    """What every rule with fixed points asks for."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="What you call it. Customers read it too, unless you write a label for them below.",
        error_messages={"required": "Give the rule a name."},
    )
    points = forms.IntegerField(
        label="Points",
        min_value=1,
        max_value=MAX_POINTS,
        widget=forms.NumberInput(attrs={"suffix": "points"}),
        error_messages={
            "required": "Enter how many points it gives.",
            "invalid": "Enter a whole number of points.",
            "min_value": "Give at least 1 point.",
            "max_value": f"Give at most {MAX_POINTS:,} points.",
        },
    )
    approval_days = forms.IntegerField(
        label="Approval time",
        min_value=0,
        max_value=365,
        initial=0,
        widget=forms.NumberInput(attrs={"suffix": "days"}),
        help_text="0 gives the points at once. Longer keeps them pending, then approves them by itself.",
        error_messages={
            "required": "Enter a number of days; 0 gives the points at once.",
            "invalid": "Enter a whole number of days.",
            "min_value": "Days can't be negative.",
            "max_value": "Wait at most 365 days.",
        },
    )
    is_active = forms.BooleanField(
        label="Switched on",
        required=False,
        initial=True,
        widget=SwitchInput,
        help_text="Off: nothing is awarded any more. Points already earned stay.",
    )
    customer_facing_label = forms.CharField(
        label="Label for customers", max_length=200, required=False, help_text="Left empty, they read the name."
    )
    call_to_action_url = forms.URLField(
        label="Storefront button link",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="The button opens this page; opening it never awards points.",
        error_messages={"invalid": "Enter a whole address, for example https://example.com/app."},
    )


class CustomActionForm(RuleForm):
    """A custom action: something that happened outside Shopify, told over REST or Flow."""

    action_key = forms.CharField(
        label="Action key",
        max_length=100,
        validators=[RegexValidator(r"\A[a-z0-9_]+\Z", KEY_RULE)],
        help_text="Your server and Flow name the action by this key. It is made from the name; change it if you like.",
        error_messages={"required": "Give the action a key.", "max_length": "Use at most 100 characters."},
    )
    frequency = forms.ChoiceField(
        label="How often",
        choices=[("once", "Once per customer"), ("unlimited", "Every time")],
        initial="once",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often a customer may earn it."},
    )
    is_hidden_on_storefront = forms.BooleanField(
        label="Hide on the storefront",
        required=False,
        widget=SwitchInput,
        help_text="It still works; customers just don't see it. The safe way to try an action on a live shop.",
    )

    field_order = ("name", "action_key", "points", "frequency", "approval_days")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they come
        self.choice_details(
            "frequency",
            {
                "once": "A second call for the same customer is refused.",
                "unlimited": "Every call awards points, retries included. Send an idempotency key that belongs to "
                "the real event (an event id, an order id), so that a repeated call gets the first award back.",
            },
        )


class TryForm(PolarisForm):
    """For whom "Try it" fires the action."""

    customer = forms.CharField(
        label="Member",
        max_length=254,
        help_text="E-mail address or Shopify customer id, for example your own account's.",
        error_messages={"required": "Say for which member to try it."},
    )
    once = once_field()
