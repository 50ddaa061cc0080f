"""What a Klaviyo account keeps: events, each once, and profiles. One account per private key."""

import uuid

from sandbox.store.database import Record
from sandbox.store.values import parsed_instant
from sandbox.vendors.vendor import Call


def keep_event(call: Call, given: Record, profile: Record, *, backfill: bool) -> bool:
    """Keep an event unless its profile and metric had this `unique_id`; False for a duplicate.

    Left out, `unique_id` is the second of `time`, so two events in one second are one.
    """
    moment = parsed_instant(given["time"]) if given.get("time") else call.now
    metric = given["metric"]["data"]["attributes"]["name"]
    unique = given.get("unique_id") or str(int(moment.timestamp()))
    with call.database.transaction():
        person = keep_profile(call, profile)[0]
        identity = f"{person['id']} {metric} {unique}"
        if call.database.get(call.shelf, "event", identity) is not None:
            return False
        event = {
            "metric": metric,
            "email": person["email"],
            "profile_id": person["id"],
            "properties": given["properties"],
            "profile_properties": profile["attributes"].get("properties") or {},
            "time": moment.replace(microsecond=0).isoformat(),
            "unique_id": given.get("unique_id"),
            "backfill": backfill,
            "value": given.get("value"),
            "received_at": call.now.isoformat(),
        }
        call.database.put(call.shelf, "event", identity, event)
    return True


def keep_profile(call: Call, data: Record) -> tuple[Record, bool]:
    """Create or update a profile; gives it and whether it is new. A key left out stays, null clears, `unset` removes."""
    given = dict(data["attributes"])
    properties = given.pop("properties", None) or {}
    name = str(given.get("email") or given.get("external_id") or given.get("phone_number") or given.get("anonymous_id"))
    with call.database.transaction():
        present = call.database.get(call.shelf, "profile", name.lower())
        profile = present or {
            "id": f"01{uuid.uuid4().hex[:24].upper()}",
            "email": None,
            "properties": {},
            "created": call.now.isoformat(),
        }
        profile.update(given)
        profile["properties"] = {**profile["properties"], **properties}
        removed = ((data.get("meta") or {}).get("patch_properties") or {}).get("unset") or []
        for item in [removed] if isinstance(removed, str) else removed:
            profile["properties"].pop(item, None)
        profile["properties"] = {item: value for item, value in profile["properties"].items() if value is not None}
        profile["updated"] = call.now.isoformat()
        call.database.put(call.shelf, "profile", name.lower(), profile)
    return profile, present is None


def shown_profile(profile: Record) -> Record:
    """Write a profile as the API answers it."""
    attributes = {name: value for name, value in profile.items() if name != "id"}
    link = f"https://a.klaviyo.com/api/profiles/{profile['id']}/"
    return {"data": {"type": "profile", "id": profile["id"], "attributes": attributes, "links": {"self": link}}}
