"""Serving one call of a vendor's API: faults before, checks, windows, work, faults after, and the request log."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.connections import close_connection
from sandbox.control.access import world_of
from sandbox.store.database import Database, Record
from sandbox.store.values import now
from sandbox.vendors import shelves
from sandbox.vendors.faults import AFTER, faults_of, strike, strike_after
from sandbox.vendors.vendor import Answer, Call, Endpoint, Refused, Vendor

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
FORCED = {"revoked": 401, "unauthorized": 401, "forbidden": 403, "retired": 410, "server_error": 500, "refused": 400}


@dataclass(frozen=True)
class _Asked:
    """One call as it came. Without an endpoint the vendor has none of this path and method: `refusal` is the status."""

    vendor: Vendor
    database: Database
    request: Request
    raw: bytes
    name: str
    endpoint: Endpoint | None
    refusal: int


@dataclass(frozen=True)
class _Served:
    """What becomes of a call; without a status nothing is answered."""

    status: int | None
    response: Response = field(default_factory=Response)
    outcome: str = ""
    key: str = shelves.UNKNOWN


def routes(vendor: Vendor) -> list[BaseRoute]:
    """List the vendor's API; a path it does not have answers in its own shape."""
    by_path: dict[str, list[Endpoint]] = {}
    for endpoint in vendor.endpoints:
        by_path.setdefault(endpoint.path, []).append(endpoint)
    known = [Route(vendor.api + path, _door(vendor, found), methods=METHODS) for path, found in by_path.items()]
    return [*known, Route(f"{vendor.api}/{{elsewhere:path}}", _door(vendor, ()), methods=METHODS)]


def _door(vendor: Vendor, endpoints: Sequence[Endpoint]) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        database, raw = world_of(request).database, await request.body()
        endpoint = next((item for item in endpoints if item.method == request.method), None)
        name = endpoint.name if endpoint else request.url.path.removeprefix(f"{vendor.api}/")
        faults = await run_in_threadpool(faults_of, database, vendor)
        if faults["slow_ms"] and faults["only"] in ("", name):
            await asyncio.sleep(faults["slow_ms"] / 1000)
        asked = _Asked(vendor, database, request, raw, name, endpoint, refusal=405 if endpoints else 404)
        served = await run_in_threadpool(_noted, asked)
        return await close_connection(request) if served.status is None else served.response

    return call


def _noted(asked: _Asked) -> _Served:
    """Serve a call and keep it in the request log."""
    request, version = asked.request, asked.vendor.version_header
    entry: Record = {
        "endpoint": asked.name,
        "method": request.method,
        "query": request.url.query,
        "at": now().isoformat(timespec="milliseconds"),
        "revision": request.headers.get(version) if version else None,
        "body": asked.raw.decode(errors="replace"),
    }
    served = _served(asked)
    entry |= {"status": served.status, "outcome": served.outcome}
    if served.response.body:
        entry["answer"] = bytes(served.response.body).decode()[:2000]
    is_forbidden = asked.endpoint is not None and asked.endpoint.is_forbidden
    shelves.note_request(asked.database, asked.vendor, served.key, entry, is_forbidden=is_forbidden)
    return served


def _served(asked: _Asked) -> _Served:
    vendor, database, request, endpoint = asked.vendor, asked.database, asked.request, asked.endpoint
    key, struck = shelves.UNKNOWN, ""
    try:
        if endpoint is None:
            raise Refused(asked.refusal)
        if endpoint.is_forbidden:
            key = _key_or_unknown(vendor, request)
            raise Refused(403, "This call is never to be made.", outcome="tripwire")
        key = vendor.key_of(request.headers)
        struck = strike(database, vendor, asked.name, key)
        if struck == "drop_before":
            return _Served(None, outcome=struck, key=key)
        headers = _admitted(vendor, key, asked.name, struck, faults_of(database, vendor))
        vendor.check_headers(request.headers, request.method != "GET")
        shelf = shelves.shelf(vendor.handle, key)
        path, query = request.path_params, request.query_params
        answer = endpoint.work(Call(database, shelf, key, asked.raw, request.headers, query, path, now()))
    except Refused as refused:
        content, headers = vendor.written(refused, faults_of(database, vendor))
        response = _response(vendor, Answer(refused.status, content), headers)
        return _Served(refused.status, response, refused.outcome, key)
    fault = struck if struck in AFTER else strike_after(database, vendor, asked.name)
    response = _response(vendor, answer, headers)
    if fault == "drop_after":
        return _Served(None, response, fault, key)
    if fault == "cut_body":
        half = bytes(response.body)[: len(response.body) // 2] or b'{"data": {"ty'
        response = Response(half, answer.status, headers, media_type=vendor.media_type)
    return _Served(answer.status, response, fault or answer.outcome, key)


def _key_or_unknown(vendor: Vendor, request: Request) -> str:
    try:
        return vendor.key_of(request.headers)
    except Refused:
        return shelves.UNKNOWN


def _admitted(vendor: Vendor, key: str, name: str, struck: str, faults: Record) -> dict[str, str]:
    """Refuse what a fault or a full window refuses; gives the headers of a call that goes on."""
    if struck in FORCED:
        raise Refused(FORCED[struck], outcome=struck)
    if struck == "throttled":
        raise Refused(429, wait_seconds=int(faults["retry_after"]), outcome=struck)
    wait, headers = vendor.take(key, name)
    if wait and not faults["unlimited"]:
        raise Refused(429, wait_seconds=wait, outcome="window")
    return headers


def _response(vendor: Vendor, answer: Answer, headers: dict[str, str]) -> Response:
    if answer.content is None:
        return Response(status_code=answer.status, headers=headers)
    return JSONResponse(answer.content, answer.status, headers, media_type=vendor.media_type)
