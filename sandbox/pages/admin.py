"""The admin frame, and the stub App Bridge that runs inside it."""

import base64
import json
import time
import uuid

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import signing
from sandbox.control.access import store_of, world_of
from sandbox.pages.templates import FOLDER, handle_of, page
from sandbox.store import stores
from sandbox.store.database import Record


async def index(request: Request) -> Response:
    """List the stores and the rooms."""
    return await run_in_threadpool(page, request, "index.html")


async def framed(request: Request) -> Response:
    """Show the app inside the admin. Opening it installs it, as Shopify's managed installation does."""
    store, world = store_of(request), world_of(request)
    if not store["installed"]:
        store = await run_in_threadpool(lambda: stores.change(world.database, store["domain"], installed=True))
    path = "/" + request.path_params.get("path", "")
    if request.url.query:
        path = f"{path}?{request.url.query}"
    everyone = await run_in_threadpool(stores.everyone, world.database)
    chosen = [{"handle": handle_of(item), "name": item["name"]} for item in everyone]
    return page(
        request,
        "admin.html",
        store=store,
        room="admin",
        stores=chosen,
        path=path,
        frame_url=frame_url(request, store, path),
        frame_name=json.dumps({"shop": store["domain"], "host": _host(store), "locale": "en"}),
        app_origin=world.settings.app_origin,
    )


async def frame_address(request: Request) -> Response:
    """Give the address of a first open of some page of the app."""
    path = "/" + request.query_params.get("path", "/").lstrip("/")
    return JSONResponse({"url": frame_url(request, store_of(request), path)})


def frame_url(request: Request, store: Record, path: str) -> str:
    """Write the address Shopify's admin gives the frame at the first open: every parameter, signed, with a token."""
    settings = world_of(request).settings
    moment = int(time.time())
    parameters = {
        "embedded": "1",
        "host": _host(store),
        "id_token": signing.session_token(settings, store["domain"], now=moment),
        "locale": "en",
        "session": uuid.uuid4().hex,
        "shop": store["domain"],
        "timestamp": str(moment),
    }
    query = signing.signed_query(parameters, settings.client_secrets[0])
    return f"{settings.app_url}{path}{'&' if '?' in path else '?'}{query}"


def _host(store: Record) -> str:
    return base64.urlsafe_b64encode(f"admin.shopify.com/store/{handle_of(store)}".encode()).decode().rstrip("=")


async def app_bridge(request: Request) -> Response:
    """Serve the stub."""
    return FileResponse(FOLDER / "static" / "app-bridge.js", headers={"Cache-Control": "no-cache"})


ROUTES: list[BaseRoute] = [
    Route("/", index),
    Route("/app-bridge.js", app_bridge),
    Route("/store/{handle}/apps/encore", framed),
    Route("/store/{handle}/apps/encore/{path:path}", framed),
    Route("/store/{handle}/frame", frame_address),
    Mount("/_static", StaticFiles(directory=FOLDER / "static")),
]
