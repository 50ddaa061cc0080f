"""Points for a review that an app tells of: each review once, whoever tells of it and however often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from loyalty.earning.activity import Activity
from loyalty.earning.errors import NoRuleForReviews
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.kinds.review import Review, parts
from loyalty.earning.models import EarningRule
from loyalty.earning.operations.award import award
from loyalty.earning.results import AwardResult
from loyalty.members.models import Member


def award_review(
    *,
    member: Member,
    review: Review,
    review_id: str,
    source: str,
    now: datetime,
    key: str | None = None,
    key_scope: str = "action",
    metadata: dict[str, Any] | None = None,
) -> AwardResult:
    """Awards a published review by the shop's rule for its review app.

    A rule that names the app goes before one for any app; among equals the newest counts. The programme is in scope.

    Args:
        review_id: What is the same whenever this review is told of, and of no other one of this member: the app's own id,
            or the product's.
        metadata: Kept with the award; the rating belongs here, for it is never a condition.

    Raises:
        NoRuleForReviews: No such rule is on; nothing changed.
        Refusal: See `award`; `AlreadyAwarded` when this review was awarded before.
    """
    rules = EarningRule.objects.existing().filter(action="review", is_active=True).order_by("-pk")
    found = sorted(
        (rule for rule in rules if _is_for(rule, review)), key=lambda rule: not rule.options.get("platforms")
    )
    if not found:
        raise NoRuleForReviews(review.platform)
    rule = found[0]
    return award(
        activity=Activity(
            rule=RuleReference(public_id=rule.public_id),
            customer=CustomerReference(shopify_customer_id=member.shopify_customer_id),
            source=source,
            occurred_at=now,
            key=key,
            key_scope=key_scope,
            occurrence=None
            if rule.frequency == EarningRule.Frequency.ONCE
            else f"review:{review.platform}:{review_id}"[:120],
            parts=parts(rule.points, rule.options, review),
            metadata=metadata,
        ),
        program_id=member.program_id,
        now=now,
    )


def _is_for(rule: EarningRule, review: Review) -> bool:
    platforms = {name.casefold() for name in rule.options.get("platforms", ())}
    return not platforms or review.platform.casefold() in platforms
