"""Flow action "Reward points for reviews": a review app's workflow tells of a review, and the shop's rule says what it earns.

One award per review, whichever run brings it: a review is known by its own id where the app tells one, else by its
product. The rating is kept with the award and is never a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flow_extensions.actions.keeping import of_award, once
from flow_extensions.actions.runs import BadProperty, Run, decimal_of
from loyalty.earning.kinds.review import Review
from loyalty.earning.operations import award_review
from loyalty.members.queries import member
from loyalty.programs.models import Program

TYPES = (
    "REVIEWS_IO", "AIR_REVIEWS", "OKENDO", "LEAVE_REVIEW_LOOX_IO", "LEAVE_REVIEW_STAMPED_IO",
    "LEAVE_REVIEW_PRODUCT_REVIEWS", "OTHER",
)  # fmt: skip
"""Source: programme-rules facts, sections 12.2 and 12.3; OTHER is ours, for every app that has no name of its own."""
BEST_RATING = 100
"""Apps rate to 5, to 10 or in percent."""


def reward_points_for_reviews(run: Run, now: datetime) -> bytes:
    """Awards the review, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was awarded, for a reason the merchant reads in the run log.
    """
    email = run.text("customer-email", label="Customer email")
    product = run.text("product-id", label="Product ID", longest=80).removeprefix("gid://shopify/Product/")
    rating = _rating(run.text("review-rating", label="Rating", longest=20))
    platform = run.text("review-type", label="Review type").upper()
    photos = run.whole("image-count", label="Images count", required=False) or 0
    videos = run.whole("video-count", label="Videos count", required=False) or 0
    review_id = run.text("review-id", label="Review ID", required=False, longest=80)
    if platform not in TYPES:
        raise BadProperty(f"Review type must be one of {', '.join(TYPES)}, not '{platform}'.")

    def work(_program: Program) -> Mapping[str, Any]:
        result = award_review(
            member=member(identifier=email),
            review=Review(platform, photos, videos),
            review_id=f"id:{review_id}" if review_id else f"product:{product}",
            source="flow",
            now=now,
            key=run.id,
            key_scope="flow",
            metadata={"product_id": product, "rating": rating, "review_type": platform, "review_id": review_id or None},
        )
        award_id = "" if result.skip_reason else result.public_id
        return {**of_award(result, done="awarded"), "awardId": award_id}

    return once(run, now, work)


def _rating(text: str) -> str:
    rating = decimal_of(text)
    if rating is None or not 0 <= rating <= BEST_RATING:
        raise BadProperty(f"Rating must be a number, such as 5, not '{text}'.")
    return text
