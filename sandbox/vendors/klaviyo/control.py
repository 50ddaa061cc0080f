"""Klaviyo's part of the control API: what arrived, its fault switches, forgetting."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import ControlError, body_of, world_of
from sandbox.vendors.klaviyo import account
from sandbox.vendors.klaviyo.faults import FAULTS, faults_of


async def read(request: Request) -> Response:
    """Give everything that arrived, of all accounts or of `?key=`."""
    database, key = world_of(request).database, request.query_params.get("key")
    content = await run_in_threadpool(account.read, database, key)
    return JSONResponse({**content, "faults": await run_in_threadpool(faults_of, database)})


async def patch_faults(request: Request) -> Response:
    """Turn fault switches."""
    database, body = world_of(request).database, await body_of(request)
    unknown = body.keys() - FAULTS.keys()
    if unknown:
        raise ControlError(400, f"unknown fault {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
    faults = {**faults_of(database), **body}
    await run_in_threadpool(database.put, account.EVERYONE, "faults", "faults", faults)
    return JSONResponse(faults)


async def forget(request: Request) -> Response:
    """Forget everything."""
    await run_in_threadpool(account.forget, world_of(request).database)
    return Response(status_code=204)


ROUTES: list[BaseRoute] = [
    Route("/_sandbox/vendors/klaviyo", read, methods=["GET"]),
    Route("/_sandbox/vendors/klaviyo", forget, methods=["DELETE"]),
    Route("/_sandbox/vendors/klaviyo/faults", patch_faults, methods=["PATCH"]),
]
