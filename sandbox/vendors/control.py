"""The vendors' part of the control API: what arrived, fault switches, forgetting; the same for every vendor."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import ControlError, body_of, world_of
from sandbox.vendors import shelves
from sandbox.vendors.faults import faults_of, switch
from sandbox.vendors.table import VENDORS
from sandbox.vendors.vendor import Vendor


def vendor_of(request: Request) -> Vendor:
    """Give the vendor named in the path, or answer 404."""
    handle = request.path_params["vendor"]
    if handle not in VENDORS:
        raise ControlError(404, f"There is no vendor {handle}; there are {', '.join(VENDORS)}.")
    return VENDORS[handle]


async def read(request: Request) -> Response:
    """Give everything that arrived, of all accounts or of `?key=`."""
    database, vendor, key = world_of(request).database, vendor_of(request), request.query_params.get("key")
    content = await run_in_threadpool(shelves.read, database, vendor, key)
    return JSONResponse({**content, "faults": await run_in_threadpool(faults_of, database, vendor)})


async def patch_faults(request: Request) -> Response:
    """Turn fault switches."""
    database, vendor, body = world_of(request).database, vendor_of(request), await body_of(request)
    return JSONResponse(await run_in_threadpool(switch, database, vendor, body))


async def forget(request: Request) -> Response:
    """Forget everything of one vendor."""
    await run_in_threadpool(shelves.forget, world_of(request).database, vendor_of(request))
    return Response(status_code=204)


async def forget_all(request: Request) -> Response:
    """Forget everything of every vendor."""
    for vendor in VENDORS.values():
        await run_in_threadpool(shelves.forget, world_of(request).database, vendor)
    return Response(status_code=204)


ROUTES: list[BaseRoute] = [
    Route("/_sandbox/vendors", forget_all, methods=["DELETE"]),
    *(route for vendor in VENDORS.values() for route in vendor.control),
    Route("/_sandbox/vendors/{vendor}", read, methods=["GET"]),
    Route("/_sandbox/vendors/{vendor}", forget, methods=["DELETE"]),
    Route("/_sandbox/vendors/{vendor}/faults", patch_faults, methods=["PATCH"]),
]
