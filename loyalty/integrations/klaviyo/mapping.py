"""What Klaviyo reads: names as they are in the tables, in JSON:API's envelopes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from loyalty.integrations.profile import known
from loyalty.integrations.vendor import Person, Properties, Told


def event(told: Told) -> dict[str, Any]:
    """Returns the body of `POST /api/events`. The member's state rides along, so that a flow shows the new balance."""
    who: dict[str, Any] = {"email": told.person.email}
    if told.state is not None:
        who["properties"] = known(dict(told.state))
    return {
        "data": {
            "type": "event",
            "attributes": {
                "metric": {"data": {"type": "metric", "attributes": {"name": told.name}}},
                "profile": {"data": {"type": "profile", "attributes": who}},
                "properties": dict(told.properties),
                "time": told.occurred_at.astimezone(UTC).isoformat(timespec="seconds"),
                "unique_id": told.unique_id,
                "backfill": told.is_history,
            },
        }
    }


def profile(person: Person, state: Properties) -> dict[str, Any]:
    """Returns the body of `POST /api/profile-import`; what no longer applies is unset."""
    data = _profile(person, known(dict(state)))
    if gone := [name for name, value in state.items() if value is None]:
        data["meta"] = {"patch_properties": {"unset": gone}}
    return {"data": data}


def import_job(people: Iterable[tuple[Person, Properties]]) -> dict[str, Any]:
    """Returns the body of `POST /api/profile-bulk-import-jobs`; null clears what no longer applies."""
    profiles = [_profile(person, dict(state)) for person, state in people]
    return {"data": {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": profiles}}}}


def _profile(person: Person, properties: Properties) -> dict[str, Any]:
    return {"type": "profile", "attributes": {"email": person.email, "properties": dict(properties)}}
