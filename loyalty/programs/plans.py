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


_REQUESTS_PER_SECOND = {"self_hosted": 60, "growth": 20}
LEAST_REQUESTS_PER_SECOND = 6
"""What every key gets (rest-api facts, section 5)."""


def requests_per_second(plan: str) -> int:
    """Returns how many REST requests per second a key of the plan gets when it is made."""
    return _REQUESTS_PER_SECOND.get(plan, LEAST_REQUESTS_PER_SECOND)


def rate_of(plan: str) -> int | None:
    """Returns how many REST requests per second a key of the plan may make; None where the plan has no REST API."""
    return requests_per_second(plan) if includes(plan, Feature.REST_API) else None
