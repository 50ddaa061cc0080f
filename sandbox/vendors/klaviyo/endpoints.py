"""Klaviyo's API under `/vendors/klaviyo/api`."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.connections import close_connection
from sandbox.control.access import world_of
from sandbox.store.database import Database, Record
from sandbox.store.values import now
from sandbox.vendors.klaviyo import account
from sandbox.vendors.klaviyo.checks import MEDIA_TYPE, Refused, check_headers, checked_body, key_of
from sandbox.vendors.klaviyo.faults import faults_of, take_fault
from sandbox.vendors.klaviyo.limits import BURST_AND_STEADY, Windows

WINDOWS = Windows()


async def call(request: Request) -> Response:
    """Serve one call: faults before, checks, windows, work, faults after."""
    database, endpoint = world_of(request).database, request.path_params["endpoint"]
    if endpoint not in BURST_AND_STEADY:
        return _json(Refused(404, "not_found", "A path could not be found.").body(), 404)
    raw, moment = await request.body(), now()
    faults = await run_in_threadpool(faults_of, database)
    if faults["slow_ms"] and faults["only"] in ("", endpoint):
        await asyncio.sleep(faults["slow_ms"] / 1000)
    entry = {"endpoint": endpoint, "method": request.method, "at": moment.isoformat(timespec="milliseconds")}
    entry |= {"revision": request.headers.get("revision"), "body": raw.decode(errors="replace")}
    try:
        key = key_of(request.headers)
        if await run_in_threadpool(take_fault, database, "drop_before", endpoint):
            await run_in_threadpool(
                account.note_request, database, key, {**entry, "status": None, "outcome": "dropped before the work"}
            )
            return await close_connection(request)
        response = await run_in_threadpool(_answer, database, request, endpoint, key, raw)
    except Refused as refused:
        key = _key_or_unknown(request)
        response = _json(refused.body(), refused.status)
    lost = response.status_code < 300 and await run_in_threadpool(take_fault, database, "drop_after", endpoint)
    cut = response.status_code < 300 and await run_in_threadpool(take_fault, database, "cut_body", endpoint)
    outcome = "dropped after the work" if lost else "cut" if cut else response.headers.get("x-sandbox-outcome", "")
    entry |= {
        "status": None if lost else response.status_code,
        "outcome": outcome,
        "answer": bytes(response.body).decode()[:2000],
    }
    await run_in_threadpool(account.note_request, database, key, entry)
    if lost:
        return await close_connection(request)
    return Response('{"data": {"ty', response.status_code, media_type=MEDIA_TYPE) if cut else response


def _key_or_unknown(request: Request) -> str:
    try:
        return key_of(request.headers)
    except Refused:
        return "unknown"


def _answer(database: Database, request: Request, endpoint: str, key: str, raw: bytes) -> Response:
    faults = faults_of(database)
    if key in faults["revoked"] or take_fault(database, "unauthorized", endpoint):
        raise Refused(401, "authentication_failed", "Incorrect authentication credentials.", parameter="Authorization")
    if take_fault(database, "server_error", endpoint):
        return _json(
            {"errors": [{"id": "sandbox", "status": 500, "code": "error", "title": "A server error occurred."}]}, 500
        )
    wait, headers = WINDOWS.take(key, endpoint)
    if wait or take_fault(database, "throttled", endpoint):
        return _throttled(wait or int(faults["retry_after"]), as_date=bool(faults["retry_after_as_date"]))
    check_headers(request.headers, has_body=request.method == "POST")
    moment = now()
    if endpoint == "accounts":
        if request.method != "GET":
            raise Refused(405, "method_not_allowed", "Use GET.")
        return _json({"data": [_account(key)]}, 200, headers)
    if request.method != "POST":
        raise Refused(405, "method_not_allowed", "Use POST.")
    body = checked_body(raw, endpoint, now=moment)
    if endpoint == "events":
        is_new = account.keep_event(database, key, body, now=moment)
        return Response(status_code=202, headers={**headers, "X-Sandbox-Outcome": "kept" if is_new else "duplicate"})
    if endpoint == "profile-import":
        profile, is_new = account.keep_profile(database, key, body["data"], now=moment)
        return _json(account.shown_profile(profile), 201 if is_new else 200, headers)
    profiles = body["data"]["attributes"]["profiles"]["data"]
    for item in profiles:
        account.keep_profile(database, key, item, now=moment)
    job = {"status": "complete", "total_count": len(profiles), "completed_count": len(profiles), "failed_count": 0}
    number = str(database.next_number("klaviyo job"))
    database.put(account.shelf(key), "job", number, job)
    return _json(
        {"data": {"type": "profile-bulk-import-job", "id": number, "attributes": {**job, "status": "queued"}}},
        202,
        headers,
    )


async def job(request: Request) -> Response:
    """Tell how a bulk import went."""
    try:
        key, database = key_of(request.headers), world_of(request).database
        check_headers(request.headers, has_body=False)
        found = await run_in_threadpool(database.get, account.shelf(key), "job", request.path_params["job"])
        if found is None:
            raise Refused(404, "not_found", "There is no such job.")
    except Refused as refused:
        return _json(refused.body(), refused.status)
    if request.path_params.get("part"):
        return _json({"data": []}, 200)
    return _json(
        {"data": {"type": "profile-bulk-import-job", "id": request.path_params["job"], "attributes": found}}, 200
    )


def _account(key: str) -> Record:
    contact = {"default_sender_name": "Sandbox", "organization_name": f"Sandbox account …{key[-4:]}"}
    attributes: Record = {"contact_information": contact, "timezone": "UTC", "preferred_currency": "USD"}
    return {
        "type": "account",
        "id": key[-6:].upper(),
        "attributes": {**attributes, "test_account": True, "locale": "en-US"},
    }


def _throttled(seconds: int, *, as_date: bool) -> Response:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    refused = Refused(429, "throttled", f"Request was throttled. Expected available in {seconds} second(s).")
    return _json(refused.body(), 429, {"Retry-After": when if as_date else str(seconds)})


def _json(content: Any, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(content, status, headers=headers, media_type=MEDIA_TYPE)


API = "/vendors/klaviyo/api"
BULK = "profile-bulk-import-jobs"
ROUTES: list[BaseRoute] = [
    *(Route(f"{API}/{{endpoint}}{slash}", call, methods=["GET", "POST"]) for slash in ("", "/")),
    *(Route(f"{API}/{BULK}/{{job}}{slash}", job) for slash in ("", "/")),
    Route(f"{API}/{BULK}/{{job}}/{{part}}", job),
]
