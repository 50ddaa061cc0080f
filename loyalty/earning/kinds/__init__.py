"""The kinds of earning rules, one file each: the fields it declares as data, and how it is evaluated."""

from __future__ import annotations

from loyalty.earning.kinds import (
    anniversary,
    birthday,
    custom,
    engagement,
    milestones,
    place_order,
    referral,
    review,
    signup,
    social,
)
from loyalty.earning.kinds.base import Category, Kind

__all__ = ["AWARDABLE", "KINDS", "Category", "Kind", "category_of"]

AWARDABLE = frozenset({Category.SOCIAL, Category.ENGAGEMENT})
"""Categories that `POST /v1/earning-rules/{id}/award` grants."""
_FILES = (custom, social, engagement, review, place_order, milestones, signup, birthday, anniversary, referral)
KINDS = {kind.action: kind for file in _FILES for kind in file.KINDS}
"""Every kind by its action."""


def category_of(action: str) -> Category:
    """Returns the category of `action`; an action this table does not know counts as engagement."""
    kind = KINDS.get(action)
    return kind.category if kind else Category.ENGAGEMENT
