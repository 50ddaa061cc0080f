"""Recipes for Shopify Flow: common jobs as steps to copy, in Flow's own words. A test holds our steps against their manifests."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ENCORE, SHOPIFY = "Encore", "Shopify"
OWN_KEYS = "{action_key}"
"""Stands for the keys of the shop's own custom actions."""
CUSTOMER = "{{customer.id}}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a step: its name in Flow, and what goes in: `value` to copy, or `pick`, what to choose in Flow's editor."""

    name: str
    value: str = ""
    pick: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a workflow. `kind` is Flow's word; `handle` is set on a trigger of ours."""

    kind: str
    app: str
    name: str
    fields: tuple[Field, ...] = ()
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A job, and the steps that do it."""

    slug: str
    title: str | Promise
    about: str | Promise
    steps: tuple[Step, ...]

    @property
    def handle(self) -> str:
        """The trigger of ours it begins with; empty where another app's begins it."""
        return self.steps[0].handle

    @property
    def has_own_keys(self) -> bool:
        """Whether it awards one of the shop's custom actions."""
        return any(field.value == OWN_KEYS for step in self.steps for field in step.fields)


def _starts(name: str, handle: str) -> Step:
    return Step("Trigger", ENCORE, name, handle=handle)


_CUSTOMER_OF_TRIGGER = Field("Customer", pick=_("The customer of the trigger, as Flow suggests"))
_MEMBER_MAIL = Step(
    "Action", "Shopify Messaging", "Send marketing email", (Field("Email", pick=_("A template of yours")),)
)

RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "review",
        _("Award points when a review is approved"),
        _("Each review earns once, by your earning rule for reviews. Points never depend on the rating."),
        (
            Step("Trigger", "Okendo", "Review created"),
            Step(
                "Action", ENCORE, "Reward points for reviews",
                (
                    Field("Customer email", pick=_("The reviewer's e-mail address")),
                    Field("Product ID", pick=_("The product's ID")),
                    Field("Rating", pick=_("The rating")),
                    Field("Review type", "OKENDO"),
                    Field("Review ID", pick=_("The review's ID, where your review app tells it")),
                ),
            ),
        ),
    ),
    Recipe(
        "gold",
        _("Tag customers who reach Gold"),
        _("Use the tag in customer segments, in discounts and in other apps."),
        (
            _starts("Loyalty VIP tier achieved", "loyalty-vip-tier-achieved"),
            Step(
                "Condition", "Flow", "Check if",
                (Field("Variable", "customerLoyaltyDetails.currentVipTier"), Field("Equal to", "Gold")),
            ),
            Step("Action", SHOPIFY, "Add customer tags", (_CUSTOMER_OF_TRIGGER, Field("Tags", "VIP Gold"))),
        ),
    ),
    Recipe(
        "welcome",
        _("Welcome new members by email"),
        _("Shopify sends it to members who agreed to marketing. Encore's own emails need no workflow."),
        (_starts("Loyalty sign up", "loyalty-sign-up"), _MEMBER_MAIL),
    ),
    Recipe(
        "birthday",
        _("Give a birthday bonus"),
        _("Once a year, on the customer's birthday in your shop's time zone."),
        (
            _starts("Customer birthday reached", "birthday-trigger"),
            Step(
                "Action", ENCORE, "Add points",
                (Field("Customer identifier", CUSTOMER), Field("Points to add", "100"), Field("Reason", "Happy birthday")),
            ),
        ),
    ),
    Recipe(
        "win-back",
        _("Win customers back before points expire"),
        _("Starts seven days before the first points end. The condition leaves out who has little to lose."),
        (
            _starts("Loyalty points expiry approached", "loyalty-points-expiring"),
            Step(
                "Condition", "Flow", "Check if",
                (Field("Variable", pick=_("Points, of the trigger")), Field("Greater than or equal to", "100")),
            ),
            _MEMBER_MAIL,
        ),
    ),
    Recipe(
        "subscription",
        _("Give points for a subscription payment"),
        _("Your subscription app tags the orders it renews; enter its tag. The idempotency key awards each order once."),
        (
            Step("Trigger", SHOPIFY, "Order paid"),
            Step(
                "Condition", "Flow", "Check if",
                (Field("Variable", "order.tags"), Field("Includes", "Subscription Recurring Order")),
            ),
            Step(
                "Action", ENCORE, "Award custom action",
                (
                    Field("Customer", pick=_("The customer of the order")),
                    Field("Action key", OWN_KEYS),
                    Field("Idempotency key", "subscription-{{order.id}}"),
                ),
            ),
        ),
    ),
    Recipe(
        "lost-tier",
        _("Tell the team when a member falls to a lower tier"),
        _("A personal note in time keeps good customers."),
        (
            _starts("Loyalty VIP tier lost", "loyalty-vip-tier-lost"),
            Step(
                "Action", SHOPIFY, "Send internal email",
                (
                    Field("Email address", pick=_("Your team's address")),
                    Field("Subject", "{{customer.displayName}} left a VIP tier"),
                ),
            ),
        ),
    ),
)  # fmt: skip
