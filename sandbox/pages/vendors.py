"""What the vendors' stand-ins received."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import world_of
from sandbox.pages.templates import page
from sandbox.vendors import shelves
from sandbox.vendors.table import VENDORS

SHOWN = 50


async def show(request: Request) -> Response:
    """Show events, profiles and refused requests, newest first."""
    found = await run_in_threadpool(
        shelves.read, world_of(request).database, VENDORS["klaviyo"], request.query_params.get("key")
    )
    return await run_in_threadpool(
        lambda: page(
            request,
            "vendors.html",
            room="vendors",
            events=found["events"][: -SHOWN - 1 : -1],
            event_count=len(found["events"]),
            profiles=list(found["profiles"].values())[: -SHOWN - 1 : -1],
            profile_count=len(found["profiles"]),
            requests=found["requests"][: -SHOWN - 1 : -1],
            accounts=found["accounts"],
        )
    )


ROUTES: list[BaseRoute] = [Route("/vendors", show)]
