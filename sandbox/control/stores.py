"""Control API for stores: seed, read, faults, session tokens, ageing of tokens."""

import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import signing
from sandbox.admin_api import tokens
from sandbox.admin_api.nouns.discount_views import status
from sandbox.control.access import ControlError, body_of, store_of, world_of
from sandbox.store import products, stores
from sandbox.store.database import Record
from sandbox.store.values import gid, now
from sandbox.world import World


async def put_stores(request: Request) -> Response:
    """Create or update stores in bulk."""
    entries = await body_of(request)
    if not isinstance(entries, list):
        raise ControlError(400, "The body must be a list of stores.")
    try:
        count = await run_in_threadpool(stores.put, world_of(request).database, entries)
    except (ValueError, KeyError) as error:
        raise ControlError(400, f"{error}") from error
    return JSONResponse({"stores": count})


async def list_stores(request: Request) -> Response:
    """List the stores, without their contents."""
    return JSONResponse({"stores": await run_in_threadpool(stores.everyone, world_of(request).database)})


async def read_store(request: Request) -> Response:
    """Give everything a store holds."""
    store = store_of(request)
    return JSONResponse(await run_in_threadpool(snapshot, world_of(request), store))


def snapshot(world: World, store: Record) -> Record:
    """Collect everything a store holds, oldest first."""
    database, domain = world.database, store["domain"]
    found = database.list(domain, "customer")
    return {
        **store,
        "customers": found,
        "tags": {customer["id"]: customer["tags"] for customer in found if customer["tags"]},
        "discounts": [shown_discount(item) for item in database.list(domain, "discount")],
        "metafields": database.list(domain, "metafield"),
        "store_credit": {"accounts": database.list(domain, "account"), "transactions": database.list(domain, "credit")},
        "orders": database.list(domain, "order"),
        "bulk_operations": database.list(domain, "bulk"),
        "products": products.shown(database, domain),
        "collections": database.list(domain, "collection"),
        "triggers": database.list(domain, "trigger"),
        "flow_runs": database.list(domain, "flow_run"),
        "flow_workflows": database.list(domain, "flow_workflow"),
        "webhooks": database.list(domain, "webhook"),
        "graphql_calls": list(world.calls[domain]),
    }


def shown_discount(record: Record) -> Record:
    """Show a discount with its status as of now and its customers as global ids too."""
    customer_gids = [gid("Customer", number) for number in record["customer_ids"]]
    node = gid("DiscountCodeNode", record["id"])
    return {**record, "gid": node, "status": status(record, now()), "customer_gids": customer_gids}


async def patch_faults(request: Request) -> Response:
    """Turn fault switches."""
    store, body = store_of(request), await body_of(request)
    try:
        return JSONResponse(
            await run_in_threadpool(stores.set_faults, world_of(request).database, store["domain"], body)
        )
    except ValueError as error:
        raise ControlError(400, str(error)) from error


async def patch_store(request: Request) -> Response:
    """Change a store: `installed`, `optional_scopes`, `name`, `email`, `currency`, `timezone`, `plan`."""
    store, body = store_of(request), await body_of(request)
    unknown = body.keys() - {"installed", "optional_scopes", "name", "email", "currency", "timezone", "plan"}
    if unknown:
        raise ControlError(400, f"unknown key {', '.join(sorted(unknown))}")
    return JSONResponse(
        await run_in_threadpool(lambda: stores.change(world_of(request).database, store["domain"], **body))
    )


async def id_token(request: Request) -> Response:
    """Mint a session token as App Bridge gives it. `expires_in` may be negative; other keys override claims."""
    store, body = store_of(request), await body_of(request)
    moment, changes = int(time.time()), dict(body)
    if "user_id" in changes:
        changes["sub"] = str(changes.pop("user_id"))
    if "audience" in changes:
        changes["aud"] = changes.pop("audience")
    if "expires_in" in changes:
        expires = moment + int(changes.pop("expires_in"))
        changes |= {"exp": expires, "nbf": min(moment, expires - 60), "iat": min(moment, expires - 60)}
    token = signing.session_token(world_of(request).settings, store["domain"], now=moment, changes=changes)
    return JSONResponse({"id_token": token})


async def age_tokens(request: Request) -> Response:
    """Let time pass for a store's tokens: any of `access`, `refresh`, `grace` set to true."""
    store, body = store_of(request), await body_of(request)
    wanted = {name: bool(body.get(name)) for name in ("access", "refresh", "grace")}
    await run_in_threadpool(lambda: tokens.age(world_of(request).database, store["domain"], **wanted))
    return JSONResponse(wanted)


async def delete_discount(request: Request) -> Response:
    """Delete a discount as a merchant would in the admin."""
    store, database = store_of(request), world_of(request).database
    found = await run_in_threadpool(database.lookup, store["domain"], "discount", request.path_params["code"])
    if found is None:
        raise ControlError(404, "There is no discount with this code.")
    await run_in_threadpool(database.delete, store["domain"], "discount", found["id"])
    return Response(status_code=204)


ROUTES = [
    Route("/_sandbox/stores", put_stores, methods=["PUT"]),
    Route("/_sandbox/stores", list_stores, methods=["GET"]),
    Route("/_sandbox/stores/{domain}", read_store, methods=["GET"]),
    Route("/_sandbox/stores/{domain}", patch_store, methods=["PATCH"]),
    Route("/_sandbox/stores/{domain}/faults", patch_faults, methods=["PATCH"]),
    Route("/_sandbox/stores/{domain}/id-token", id_token, methods=["POST"]),
    Route("/_sandbox/stores/{domain}/tokens", age_tokens, methods=["PATCH"]),
    Route("/_sandbox/stores/{domain}/discounts/{code}", delete_discount, methods=["DELETE"]),
]
