"""Postscript's own part of the control API: who is a subscriber."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import ControlError, body_of, world_of
from sandbox.vendors.postscript import subscribers

KNOWN = {"key", "subscribers", "gone", "everyone"}


async def put_subscribers(request: Request) -> Response:
    """Say who is a subscriber of the shop with a key, or that everyone is."""
    body = await body_of(request)
    if not isinstance(body, dict) or not isinstance(body.get("key"), str) or body.keys() - KNOWN:
        raise ControlError(400, f"the body is an object of key (the shop's) and of {', '.join(sorted(KNOWN))}")
    count = await run_in_threadpool(subscribers.put, world_of(request).database, body["key"], body)
    return JSONResponse({"subscribers": count})


ROUTES: tuple[BaseRoute, ...] = (Route("/_sandbox/vendors/postscript/subscribers", put_subscribers, methods=["PUT"]),)
