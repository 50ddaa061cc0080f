"""A store's page: what it holds, what a merchant or shopper may do in it, and its fault switches."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import store_of, world_of
from sandbox.control.stores import shown_discount
from sandbox.pages.forms import act
from sandbox.pages.templates import page
from sandbox.store import products
from sandbox.store.database import Record
from sandbox.world import World

SHOWN = 50


async def show(request: Request) -> Response:
    """Show a store."""
    store, world = store_of(request), world_of(request)
    values = await run_in_threadpool(_contents, world, store, request.query_params.get("search", "").strip())
    said = {name: request.query_params.get(name, "") for name in ("message", "error")}
    return page(request, "store.html", store=store, room="store", **values, **said)


def _contents(world: World, store: Record, search: str) -> Record:
    database, domain = world.database, store["domain"]
    everyone = database.list(domain, "customer")
    words = search.lower()
    found = [
        item
        for item in everyone
        if words in f"{item['id']} {item['email']} {item['first_name']} {item['last_name']}".lower()
    ]
    return {
        "search": search,
        "customers": found[:SHOWN],
        "customer_count": len(everyone),
        "choices": everyone[:500],
        "discounts": [shown_discount(item) for item in database.list(domain, "discount", newest=SHOWN)],
        "orders": database.list(domain, "order", newest=SHOWN),
        "products": products.shown(database, domain)[:SHOWN],
        "collections": database.list(domain, "collection"),
        "webhooks": database.list(domain, "webhook", newest=SHOWN),
        "metafields": database.list(domain, "metafield", newest=20),
        "bulk_operations": database.list(domain, "bulk", newest=20),
        "calls": list(world.calls[domain])[:-21:-1],
    }


ROUTES: list[BaseRoute] = [
    Route("/store/{handle}", show),
    Route("/store/{handle}/do/{verb}", act, methods=["POST"]),
]
