"""Klaviyo's API under `/vendors/klaviyo/api`: one function a call."""

from sandbox.store.database import Record
from sandbox.vendors.klaviyo import account
from sandbox.vendors.klaviyo.checks import checked_body
from sandbox.vendors.klaviyo.jobs import create_events, import_errors, import_profiles, show_import
from sandbox.vendors.klaviyo.limits import EVENT_JOBS, IMPORT_JOBS
from sandbox.vendors.vendor import Answer, Call, Endpoint


def show_account(call: Call) -> Answer:
    """Say whose key it is."""
    key = call.key
    contact = {"default_sender_name": "Sandbox", "organization_name": f"Sandbox account …{key[-4:]}"}
    attributes: Record = {"contact_information": contact, "timezone": "UTC", "preferred_currency": "USD"}
    attributes |= {"test_account": True, "locale": "en-US"}
    return Answer(200, {"data": [{"type": "account", "id": key[-6:].upper(), "attributes": attributes}]})


def create_event(call: Call) -> Answer:
    """Keep an event, once, and what it says of the profile."""
    given = checked_body(call.raw, "events", now=call.now)["data"]["attributes"]
    is_new = account.keep_event(call, given, given["profile"]["data"], backfill=bool(given.get("backfill")))
    return Answer(202, outcome="kept" if is_new else "duplicate")


def upsert_profile(call: Call) -> Answer:
    """Create or update a profile."""
    body = checked_body(call.raw, "profile-import", now=call.now)
    profile, is_new = account.keep_profile(call, body["data"])
    return Answer(201 if is_new else 200, account.shown_profile(profile))


ENDPOINTS = tuple(
    Endpoint(name, method, path + slash, work)
    for name, method, path, work in (
        ("accounts", "GET", "/accounts", show_account),
        ("events", "POST", "/events", create_event),
        ("profile-import", "POST", "/profile-import", upsert_profile),
        (IMPORT_JOBS, "POST", f"/{IMPORT_JOBS}", import_profiles),
        ("import-job", "GET", f"/{IMPORT_JOBS}/{{job}}", show_import),
        ("import-errors", "GET", f"/{IMPORT_JOBS}/{{job}}/import-errors", import_errors),
        (EVENT_JOBS, "POST", f"/{EVENT_JOBS}", create_events),
    )
    for slash in ("", "/")
)
