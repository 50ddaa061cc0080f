"""The kinds of earning rules, as data: action, category and the words a merchant reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Category(models.TextChoices):
    """The REST category of a rule (rest-api facts, section 8.1)."""

    PURCHASE = "purchase", "Purchase"
    SIGNUP = "signup", "Sign-up"
    BIRTHDAY = "birthday", "Birthday"
    ANNIVERSARY = "anniversary", "Anniversary"
    SOCIAL = "social", "Social"
    ENGAGEMENT = "engagement", "Engagement"
    REFERRAL = "referral", "Referral"
    CUSTOM = "custom", "Custom action"


AWARDABLE = frozenset({Category.SOCIAL, Category.ENGAGEMENT})
"""Categories that `POST /v1/earning-rules/{id}/award` grants."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule: its `action` on the wire, its category, a name to begin with and a sensible number of points."""

    action: str
    category: Category
    label: str
    suggested_points: int
    icon: str


_KINDS = (
    Kind("custom", Category.CUSTOM, "Custom action", 100, "code"),
    Kind("follow_on_instagram", Category.SOCIAL, "Follow on Instagram", 50, "camera"),
    Kind("like_on_facebook", Category.SOCIAL, "Like on Facebook", 50, "share"),
    Kind("follow_on_tiktok", Category.SOCIAL, "Follow on TikTok", 50, "share"),
    Kind("follow_on_x", Category.SOCIAL, "Follow on X", 50, "share"),
    Kind("subscribe_on_youtube", Category.SOCIAL, "Subscribe on YouTube", 50, "share"),
    Kind("follow_on_pinterest", Category.SOCIAL, "Follow on Pinterest", 50, "share"),
    Kind("share_on_facebook", Category.SOCIAL, "Share on Facebook", 25, "share"),
    Kind("share_on_x", Category.SOCIAL, "Share on X", 25, "share"),
    Kind("newsletter_signup", Category.ENGAGEMENT, "Sign up for the newsletter", 50, "email"),
    Kind("sms_signup", Category.ENGAGEMENT, "Sign up for text messages", 50, "email"),
    Kind("visit_page", Category.ENGAGEMENT, "Visit a page", 10, "view"),
    Kind("survey", Category.ENGAGEMENT, "Answer a survey", 50, "edit"),
    Kind("review", Category.ENGAGEMENT, "Write a review", 50, "star"),
    Kind("place_order", Category.PURCHASE, "Place an order", 5, "cart"),
    Kind("signup", Category.SIGNUP, "Create an account", 100, "person-add"),
    Kind("birthday", Category.BIRTHDAY, "Birthday", 200, "confetti"),
    Kind("anniversary", Category.ANNIVERSARY, "Anniversary of joining", 100, "calendar"),
    Kind("referral", Category.REFERRAL, "Refer a friend", 500, "person-add"),
)
KINDS = {kind.action: kind for kind in _KINDS}
"""Every kind by its action."""


def category_of(action: str) -> Category:
    """Returns the category of `action`; an action this table does not know counts as engagement."""
    kind = KINDS.get(action)
    return kind.category if kind else Category.ENGAGEMENT
