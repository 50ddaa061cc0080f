"""Klaviyo's bulk jobs. They are done at once, and told as jobs."""

import json
import re
import uuid

from sandbox.store.database import Record
from sandbox.vendors.klaviyo import account
from sandbox.vendors.klaviyo.checks import MOST_EVENTS, MOST_PROFILE_BYTES, check_time, checked_body
from sandbox.vendors.klaviyo.limits import EVENT_JOBS, IMPORT_JOBS
from sandbox.vendors.vendor import Answer, Call, Refused

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
JOB_TYPE = "profile-bulk-import-job"


def import_profiles(call: Call) -> Answer:
    """Create or update up to 10,000 profiles. One that cannot be is an import error; the others go in."""
    profiles = checked_body(call.raw, IMPORT_JOBS, now=call.now)["data"]["attributes"]["profiles"]["data"]
    database, errors = call.database, []
    with database.transaction():
        for place, item in enumerate(profiles):
            if problem := _problem_of(item):
                errors.append(_import_error(place, item, problem))
            else:
                account.keep_profile(call, item)
        number = str(database.next_number("klaviyo job"))
        total, failed, moment = len(profiles), len(errors), call.now.isoformat()
        job: Record = {"status": "complete", "total_count": total, "completed_count": total - failed}
        job |= {"failed_count": failed, "created_at": moment, "completed_at": moment}
        database.put(call.shelf, "job", number, {"id": number, **job, "errors": errors})
    queued = {**job, "status": "queued", "completed_count": 0, "failed_count": 0, "completed_at": None}
    return Answer(202, _shown(number, queued))


def show_import(call: Call) -> Answer:
    """Tell how a bulk import went."""
    job = _job_of(call)
    return Answer(200, _shown(job["id"], {name: job[name] for name in job if name not in ("id", "errors")}))


def import_errors(call: Call) -> Answer:
    """List the profiles that could not be imported."""
    return Answer(200, {"data": _job_of(call)["errors"]})


def create_events(call: Call) -> Answer:
    """Keep up to 1,000 events, or none: one `unique_id` repeated for a profile and metric fails the whole request.

    Whether Klaviyo looks inside the request only or at what it had before is not known, so both count.
    """
    given = checked_body(call.raw, EVENT_JOBS, now=call.now)["data"]["attributes"]["events-bulk-create"]["data"]
    start = ("data", "attributes", "events-bulk-create", "data")
    if sum(len(item["attributes"]["events"]["data"]) for item in given) > MOST_EVENTS:
        raise Refused(400, f"A request holds at most {MOST_EVENTS} events.", start)
    with call.database.transaction():
        for place, item in enumerate(given):
            person = item["attributes"]
            for number, event in enumerate(person["events"]["data"]):
                path = (*start, place, "attributes", "events", "data", number, "attributes")
                attributes = event["attributes"]
                check_time(attributes.get("time"), (*path, "time"), now=call.now)
                backfill = bool(person.get("backfill"))
                if not account.keep_event(call, attributes, person["profile"]["data"], backfill=backfill):
                    detail = "This unique_id was used before for the same profile and metric."
                    raise Refused(400, detail, (*path, "unique_id"), outcome="duplicate")
    return Answer(202, outcome="kept")


def _job_of(call: Call) -> Record:
    job = call.database.get(call.shelf, "job", call.path["job"])
    if job is None:
        raise Refused(404, "There is no such job.")
    return job


def _shown(number: str, attributes: Record) -> Record:
    link = f"https://a.klaviyo.com/api/{IMPORT_JOBS}/{number}/"
    return {"data": {"type": JOB_TYPE, "id": number, "attributes": attributes, "links": {"self": link}}}


def _problem_of(profile: Record) -> tuple[str, str] | None:
    """Say what is wrong with a profile of an import, and where; None when it can go in."""
    email = profile["attributes"].get("email")
    if email is not None and not EMAIL.fullmatch(email):
        return "Invalid email address", "email"
    if len(json.dumps(profile)) > MOST_PROFILE_BYTES:
        return f"A profile is larger than {MOST_PROFILE_BYTES} bytes", "properties"
    return None


def _import_error(place: int, profile: Record, problem: tuple[str, str]) -> Record:
    detail, where = problem
    pointer = f"/data/attributes/profiles/data/{place}/attributes/{where}"
    attributes: Record = {"code": "invalid", "title": "Invalid input.", "detail": detail}
    attributes |= {"source": {"pointer": pointer}, "original_payload": profile}
    return {"type": "import-error", "id": str(uuid.uuid4()), "attributes": attributes}
