"""Klaviyo's API under `/vendors/klaviyo/api`, and its part of the control API."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.connections import close_connection
from sandbox.control.access import ControlError, body_of, world_of
from sandbox.store.database import Database, Record
from sandbox.store.values import now
from sandbox.vendors.klaviyo import account
from sandbox.vendors.klaviyo.checks import MEDIA_TYPE, Refused, check_headers, checked_body, key_of
from sandbox.vendors.klaviyo.limits import BURST_AND_STEADY, Windows

FAULTS: Record = {
    "drop_before": 0,  # the next n calls: the connection is closed before any work
    "drop_after": 0,  # the next n calls: the work is done, then the connection is closed
    "server_error": 0,  # the next n calls: 500 before any work
    "throttled": 0,  # the next n calls: 429
    "unauthorized": 0,  # the next n calls, or true: 401
    "cut_body": 0,  # the next n calls: the work is done, the answer's body is broken off
    "retry_after": 1,  # seconds in Retry-After of a forced 429
    "retry_after_as_date": False,  # the same as an HTTP date
    "slow_ms": 0,  # milliseconds before each call is worked on
    "revoked": [],  # private keys that answer 401
    "only": "",  # limits the faults to one endpoint, e.g. events
}
WINDOWS = Windows()


def faults_of(database: Database) -> Record:
    """Read the switches."""
    return {**FAULTS, **(database.get(account.EVERYONE, "faults", "faults") or {})}


def take_fault(database: Database, name: str, endpoint: str) -> bool:
    """Ask whether a fault hits this call, and count it down."""
    with database.transaction():
        faults = faults_of(database)
        left = faults[name]
        if not left or (faults["only"] and faults["only"] != endpoint):
            return False
        if left is not True:
            database.put(account.EVERYONE, "faults", "faults", {**faults, name: left - 1})
    return True


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


async def read(request: Request) -> Response:
    """Control API: everything that arrived, of all accounts or of `?key=`."""
    database, key = world_of(request).database, request.query_params.get("key")
    content = await run_in_threadpool(account.read, database, key)
    return JSONResponse({**content, "faults": await run_in_threadpool(faults_of, database)})


async def patch_faults(request: Request) -> Response:
    """Control API: turn fault switches."""
    database, body = world_of(request).database, await body_of(request)
    unknown = body.keys() - FAULTS.keys()
    if unknown:
        raise ControlError(400, f"unknown fault {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
    faults = {**faults_of(database), **body}
    await run_in_threadpool(database.put, account.EVERYONE, "faults", "faults", faults)
    return JSONResponse(faults)


async def forget(request: Request) -> Response:
    """Control API: forget everything."""
    await run_in_threadpool(account.forget, world_of(request).database)
    return Response(status_code=204)


API = "/vendors/klaviyo/api"
BULK = "profile-bulk-import-jobs"
ROUTES: list[BaseRoute] = [
    *(Route(f"{API}/{{endpoint}}{slash}", call, methods=["GET", "POST"]) for slash in ("", "/")),
    *(Route(f"{API}/{BULK}/{{job}}{slash}", job) for slash in ("", "/")),
    Route(f"{API}/{BULK}/{{job}}/{{part}}", job),
    Route("/_sandbox/vendors/klaviyo", read, methods=["GET"]),
    Route("/_sandbox/vendors/klaviyo", forget, methods=["DELETE"]),
    Route("/_sandbox/vendors/klaviyo/faults", patch_faults, methods=["PATCH"]),
]
