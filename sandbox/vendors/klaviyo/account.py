"""What a Klaviyo account keeps: events, each once, and profiles. One account per private key."""

import uuid
from datetime import datetime
from typing import Any

from sandbox.store.database import Database, Record
from sandbox.store.values import parsed_instant

EVERYONE = "klaviyo"  # the shelf that knows the accounts


def shelf(key: str) -> str:
    """Name the shelf of an account."""
    return f"klaviyo {key}"


def keep_event(database: Database, key: str, body: Record, *, now: datetime) -> bool:
    """Keep an event unless its profile and metric had this `unique_id`; False for a duplicate.

    Left out, `unique_id` is the second of `time`, so two events in one second are one.
    """
    given = body["data"]["attributes"]
    moment = parsed_instant(given["time"]) if given.get("time") else now
    metric = given["metric"]["data"]["attributes"]["name"]
    profile = given["profile"]["data"]
    unique = given.get("unique_id") or str(int(moment.timestamp()))
    with database.transaction():
        person = keep_profile(database, key, profile, now=now)[0]
        identity = f"{person['id']} {metric} {unique}"
        if database.get(shelf(key), "event", identity) is not None:
            return False
        event = {
            "metric": metric,
            "email": person["email"],
            "profile_id": person["id"],
            "properties": given["properties"],
            "profile_properties": profile["attributes"].get("properties") or {},
            "time": moment.replace(microsecond=0).isoformat(),
            "unique_id": given.get("unique_id"),
            "backfill": bool(given.get("backfill")),
            "value": given.get("value"),
            "received_at": now.isoformat(),
        }
        database.put(shelf(key), "event", identity, event)
    return True


def keep_profile(database: Database, key: str, data: Record, *, now: datetime) -> tuple[Record, bool]:
    """Create or update a profile; gives it and whether it is new. A key left out stays, null clears, `unset` removes."""
    given = dict(data["attributes"])
    properties = given.pop("properties", None) or {}
    name = str(given.get("email") or given.get("external_id") or given.get("phone_number") or given.get("anonymous_id"))
    with database.transaction():
        present = database.get(shelf(key), "profile", name.lower())
        profile = present or {
            "id": f"01{uuid.uuid4().hex[:24].upper()}",
            "email": None,
            "properties": {},
            "created": now.isoformat(),
        }
        profile.update(given)
        profile["properties"] = {**profile["properties"], **properties}
        removed = ((data.get("meta") or {}).get("patch_properties") or {}).get("unset") or []
        for item in [removed] if isinstance(removed, str) else removed:
            profile["properties"].pop(item, None)
        profile["properties"] = {item: value for item, value in profile["properties"].items() if value is not None}
        profile["updated"] = now.isoformat()
        database.put(shelf(key), "profile", name.lower(), profile)
        database.put(EVERYONE, "account", key, {"key": key})
    return profile, present is None


def shown_profile(profile: Record) -> Record:
    """Write a profile as the API answers it."""
    attributes = {name: value for name, value in profile.items() if name != "id"}
    link = f"https://a.klaviyo.com/api/profiles/{profile['id']}/"
    return {"data": {"type": "profile", "id": profile["id"], "attributes": attributes, "links": {"self": link}}}


def read(database: Database, key: str | None) -> dict[str, Any]:
    """Collect events, profiles and requests: of one account, or of all."""
    keys = [key] if key else [item["key"] for item in database.list(EVERYONE, "account")]
    profiles = {item["email"] or item["id"]: item for one in keys for item in database.list(shelf(one), "profile")}
    return {
        "accounts": keys,
        "events": [item for one in keys for item in database.list(shelf(one), "event")],
        "profiles": profiles,
        "requests": [item for one in keys for item in database.list(shelf(one), "request")],
    }


def note_request(database: Database, key: str, entry: Record) -> None:
    """Keep one request with its answer."""
    with database.transaction():
        database.put(EVERYONE, "account", key, {"key": key})
        database.put(shelf(key), "request", str(uuid.uuid4()), entry)


def forget(database: Database) -> None:
    """Forget every account, and switch every fault off."""
    with database.transaction():
        for item in database.list(EVERYONE, "account"):
            for kind in ("event", "profile", "request"):
                database.delete_all(shelf(item["key"]), kind)
        database.delete_all(EVERYONE, "account")
        database.delete_all(EVERYONE, "faults")
