"""The gallery of kinds of earning rules: by category, what each gives by itself, and how many of it there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty.earning.kinds import KINDS, Category, Kind
from loyalty.earning.models import EarningRule
from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.pages import link
from shopify_app.dashboard.plan_lock import PlanLock
from shopify_app.dashboard.reading import number

GROUPS = (
    (
        "purchases",
        {Category.PURCHASE},
        gettext_lazy("Purchases"),
        gettext_lazy("What customers buy. Refunds take back what an order earned."),
    ),
    (
        "joining",
        {Category.SIGNUP, Category.BIRTHDAY, Category.ANNIVERSARY},
        gettext_lazy("Joining and special days"),
        gettext_lazy("Awarded by themselves, once or once a year."),
    ),
    (
        "referrals",
        {Category.REFERRAL},
        gettext_lazy("Referrals"),
        gettext_lazy("Members bring friends; both get something."),
    ),
    (
        "advanced",
        {Category.CUSTOM},
        gettext_lazy("Advanced"),
        gettext_lazy("Something outside Shopify, told over the API or by Shopify Flow."),
    ),
    (
        "social",
        {Category.SOCIAL},
        gettext_lazy("Social"),
        gettext_lazy("A claim can't be checked, so a few days of approval time are wise."),
    ),
    ("engagement", {Category.ENGAGEMENT}, gettext_lazy("Engagement"), gettext_lazy("For taking part.")),
)
"""The sections in their order: an anchor, the categories, a heading and a line. Advanced stands before the long lists."""
SENTENCES = {
    "place_order": gettext_lazy("Points for what an order costs, or the same for every order."),
    "order_milestone": gettext_lazy("Points for the order that makes it the fifth, or any other."),
    "spend_milestone": gettext_lazy("Points for the order that brings the total spent to an amount."),
    "signup": gettext_lazy("A welcome for customers who make an account."),
    "birthday": gettext_lazy("Points on the member's birthday, of those whose birthday is known."),
    "anniversary": gettext_lazy("Points on the day the member joined, every year."),
    "referral": gettext_lazy("A member sends a link; a friend's first order rewards both."),
    "custom": gettext_lazy("You name it, and your app, your server or a workflow awards it."),
    "follow_on_instagram": gettext_lazy("For following your account."),
    "like_on_facebook": gettext_lazy("For liking your page."),
    "follow_on_tiktok": gettext_lazy("For following your account."),
    "follow_on_x": gettext_lazy("For following your account."),
    "subscribe_on_youtube": gettext_lazy("For subscribing to your channel."),
    "follow_on_pinterest": gettext_lazy("For following your boards."),
    "share_on_facebook": gettext_lazy("For sharing your shop with friends."),
    "share_on_x": gettext_lazy("For sharing your shop with followers."),
    "newsletter_signup": gettext_lazy("For joining your mailing list."),
    "sms_signup": gettext_lazy("For agreeing to text messages."),
    "visit_page": gettext_lazy("For opening a page you choose, such as a new collection."),
    "survey": gettext_lazy("For telling you what they think."),
    "review": gettext_lazy("For a review, and more for one with a photo or a video."),
}
"""What each kind is for, in one sentence."""


@dataclass(frozen=True, slots=True)
class Card:
    """A kind as the gallery shows it. `url` leads to the rule itself where a shop has one of it and can have no other."""

    label: str
    icon: str
    gives: str
    text: str
    existing: str
    url: str
    lock: PlanLock | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the gallery; `anchor` is what the links above lead to."""

    anchor: str
    title: str
    text: str
    cards: list[Card]


def groups_of(request: AdminRequest, rules: Iterable[EarningRule], *, lock: PlanLock | None) -> list[Group]:
    """Returns every kind that can be added, in its section.

    Args:
        rules: The shop's rules, switched on or off.
        lock: Why the plan has no custom actions; None where it has.
    """
    stored = list(rules)
    counted = Counter(rule.action for rule in stored)
    only = {rule.action: rule.public_id for rule in stored}

    def card(kind: Kind) -> Card:
        if kind.is_single and kind.action in only:
            url = link(request, "rule", only[kind.action])
        elif kind.action == "custom":
            url = link(request, "action_new")
        else:
            url = link(request, "rule_new", kind.action)
        text = str(SENTENCES.get(kind.action, ""))
        return Card(
            _(kind.label), kind.icon, gives(kind, request.program.currency), text, _existing(counted[kind.action]), url,
            lock if kind.action == "custom" else None,
        )  # fmt: skip

    return [
        Group(anchor, str(title), str(text), [card(kind) for kind in KINDS.values() if kind.category in categories])
        for anchor, categories, title, text in GROUPS
    ]


def gives(kind: Kind, currency: str) -> str:
    """What a kind gives by itself and how often: "50 points, once"."""
    points = kind.suggested_points
    words = {"points": number(points), "currency": currency}
    if kind.action == "place_order":
        return ngettext(
            "%(points)s point per %(currency)s, every order", "%(points)s points per %(currency)s, every order", points
        ) % words  # fmt: skip
    said = ngettext("%(points)s point, %(often)s", "%(points)s points, %(often)s", points)
    return said % {**words, "often": _often(kind)}


def _often(kind: Kind) -> str:
    if kind.action == "referral":
        return _("per friend")
    if kind.category in (Category.BIRTHDAY, Category.ANNIVERSARY):
        return _("once a year")
    return _("once")


def _existing(count: int) -> str:
    return ngettext("You have %(n)s", "You have %(n)s", count) % {"n": number(count)} if count else ""
