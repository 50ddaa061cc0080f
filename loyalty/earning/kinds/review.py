"""Product reviews. The rating is recorded and never a condition: paying for praise alone breaks the platforms' rules.

Photo and video amounts replace the base, they do not add; with both, the higher counts (programme-rules facts, 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from loyalty.earning.evaluation import Part
from loyalty.earning.kinds.base import Category, Kind
from loyalty.earning.kinds.fields import WholeNumber, Words


@dataclass(frozen=True, slots=True)
class Review:
    """A published review: the platform it is on (a `review-type` of Flow), and how many photos and videos it has."""

    platform: str
    photos: int = 0
    videos: int = 0


PHOTO = WholeNumber(
    "photo_points", _("Points with a photo"), _("Left empty, a photo changes nothing."), lowest=1, unit=_("points")
)
VIDEO = WholeNumber(
    "video_points", _("Points with a video"), _("Left empty, a video changes nothing."), lowest=1, unit=_("points")
)
PLATFORMS = Words(
    "platforms",
    _("Review apps"),
    _("As Flow names them, for example OKENDO, LEAVE_REVIEW_LOOX_IO. Left empty: any."),
    default=[],
)


def parts(points: int, options: Mapping[str, Any], happened: Review) -> tuple[Part, ...]:
    """Returns the base of one review; none at all on a platform the rule is not for."""
    platforms = {name.casefold() for name in options.get("platforms", ())}
    if platforms and happened.platform.casefold() not in platforms:
        return (Part(Decimal(0)),)
    offers = [points]
    if happened.photos > 0 and "photo_points" in options:
        offers = [options["photo_points"]]
    if happened.videos > 0 and "video_points" in options:
        offers = [*(offers if happened.photos > 0 and "photo_points" in options else ()), options["video_points"]]
    return (Part(Decimal(max(offers))),)


KINDS = (
    Kind("review", Category.ENGAGEMENT, _("Write a review"), 50, "star", fields=(PHOTO, VIDEO, PLATFORMS), parts=parts),
)
