"""The ASGI application: a store's API or the sandbox's own pages, told apart by the Host header."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from sandbox import partner_api, storage
from sandbox.admin_api import endpoint
from sandbox.control import actions, bulk
from sandbox.control import stores as control_stores
from sandbox.control.access import ControlError
from sandbox.mail import control as control_mail
from sandbox.pages import admin, flow, inbox, store, storefront, vendors
from sandbox.settings import Settings
from sandbox.vendors import calls
from sandbox.vendors import control as control_vendors
from sandbox.vendors.table import VENDORS
from sandbox.world import World, open_world


async def _control_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ControlError)
    return JSONResponse({"error": error.message}, error.status)


def routes() -> list[BaseRoute]:
    """List every page and control call of the sandbox itself."""
    return [
        *control_stores.ROUTES,
        *actions.ROUTES,
        *bulk.ROUTES,
        *storage.ROUTES,
        *control_vendors.ROUTES,
        *control_mail.ROUTES,
        *(route for vendor in VENDORS.values() for route in calls.routes(vendor)),
        *partner_api.ROUTES,
        *admin.ROUTES,
        *store.ROUTES,
        *storefront.ROUTES,
        *flow.ROUTES,
        *vendors.ROUTES,
        *inbox.ROUTES,
    ]


class Application:
    """Chooses by Host: `*.myshopify.com` is that store's API, Shopify's own host the Partner API, anything else is the sandbox."""

    def __init__(self, world: World) -> None:
        """Build the inner application."""
        self.world = world
        self.pages = Starlette(routes=routes(), exception_handlers={ControlError: _control_error})
        self.pages.state.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            request = Request(scope, receive)
            if (request.url.hostname or "").endswith(".myshopify.com"):
                response = await endpoint.answer(self.world, request)
                await response(scope, receive, send)
                return
            if request.url.hostname == partner_api.HOST:
                response = await partner_api.answer(self.world, request)
                await response(scope, receive, send)
                return
            origin = request.headers.get("origin")
            changes = request.method not in ("GET", "HEAD")  # Chromium names an Origin even when a frame loads a script
            if changes and origin and origin.partition("://")[2] != request.headers.get("host"):
                refusal = JSONResponse({"error": "Only the sandbox's own pages may call it from a browser."}, 403)
                await refusal(scope, receive, send)
                return
        await self.pages(scope, receive, send)


def build(settings: Settings) -> Application:
    """Open the records and make the application."""
    return Application(open_world(settings))
