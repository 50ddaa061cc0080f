"""What each plan includes: the one place that is asked (programme-rules facts, section 11)."""

from __future__ import annotations

from enum import StrEnum

from loyalty.errors import PlanRequired


class Feature(StrEnum):
    """Things a plan may leave out."""

    CUSTOM_ACTIONS = "custom_actions"
    REST_API = "rest_api"
    WEBHOOKS = "webhooks"


_INCLUDED: dict[str, frozenset[Feature]] = {
    "self_hosted": frozenset(Feature),
    "growth": frozenset(Feature),
    "starter": frozenset(),
}


def includes(plan: str, feature: Feature) -> bool:
    """Whether `plan` includes `feature`; an unknown plan includes nothing."""
    return feature in _INCLUDED.get(plan, frozenset())


def require(plan: str, feature: Feature) -> None:
    """Refuses unless `plan` includes `feature`.

    Raises:
        PlanRequired: It does not.
    """
    if not includes(plan, feature):
        raise PlanRequired
