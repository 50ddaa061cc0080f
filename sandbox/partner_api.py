"""Shopify's Partner API, as far as an app asks it for a shop's contract: `activeSubscription`.

A store's `plan` is the handle of what it pays for, several apart by commas, `… trial` while a trial runs, empty for no
contract. A store nobody has said anything of pays for `growth`. The store's faults `down`, `revoked` and `slow_ms` hit here too.
"""

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.admin_api.nouns.metafields import APP_ID
from sandbox.connections import close_connection
from sandbox.store import stores
from sandbox.store.database import Record
from sandbox.store.values import gid, instant, now
from sandbox.world import World

HOST = "partners.shopify.com"
TOKEN_MARK = "prtapi_"
"""How a partner token begins; the sandbox takes any."""
USUAL = "growth"


async def answer(world: World, request: Request) -> Response:
    """Answer a call of the Partner API's GraphQL endpoint."""
    parts = request.url.path.strip("/").split("/")
    if request.method != "POST" or len(parts) != 4 or parts[1] != "api" or parts[3] != "graphql.json":
        return JSONResponse({"errors": "Not Found"}, 404)
    if not request.headers.get("x-shopify-access-token", "").startswith(TOKEN_MARK):
        return JSONResponse({"errors": "Unauthorized"}, 401)
    try:
        body = json.loads(await request.body())
        query, variables = body["query"], body["variables"]
        app_id, shop_id = variables["appId"], variables["shopId"]
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"errors": [{"message": "Required parameter missing or invalid"}]}, 400)
    if "activeSubscription(" not in query or app_id != gid("App", APP_ID):
        return JSONResponse({"errors": [{"message": "Field or app is not known", "extensions": {"code": "NOT_FOUND"}}]})
    store = await run_in_threadpool(_store, world, shop_id)
    if store is None:
        return JSONResponse({"data": {"activeSubscription": None}})
    faults = store["faults"]
    if faults["slow_ms"]:
        await asyncio.sleep(faults["slow_ms"] / 1000)
    if faults["down"] == "closed":
        return await close_connection(request)
    if faults["down"]:
        return Response("503 Service Unavailable", 503, media_type="text/html")
    if faults["revoked"]:
        return JSONResponse({"errors": "Unauthorized"}, 401)
    return JSONResponse({"data": {"activeSubscription": _contract(store)}})


def _store(world: World, shop_id: str) -> Record | None:
    return next((each for each in stores.everyone(world.database) if gid("Shop", each["id"]) == shop_id), None)


def _contract(store: Record) -> dict[str, Any] | None:
    said = str(store.get("plan", USUAL))
    if not said:
        return None
    is_trial, moment = said.endswith(" trial"), now()
    cycle = {"startTime": instant(moment - timedelta(days=10)), "endTime": instant(moment + timedelta(days=20))}
    handles = [each.strip() for each in said.removesuffix(" trial").split(",")]
    return {
        "billingPeriod": "EVERY_30_DAYS",
        "cancelAtEndOfCycle": False,
        "trialEndsAt": instant(moment + timedelta(days=7)) if is_trial else None,
        "currentBillingCycle": None if is_trial else cycle,
        "items": [{"handle": handle, "description": handle.title()} for handle in handles],
        "shop": {"id": gid("Shop", store["id"]), "myshopifyDomain": store["domain"]},
        "app": {"id": gid("App", APP_ID)},
    }


async def plans(request: Request) -> Response:
    """Stand in for Shopify's page of plans: lead to the store's page, where the plan is chosen."""
    return RedirectResponse(f"/store/{quote(request.path_params['handle'])}#plan", 303)


ROUTES: list[BaseRoute] = [Route("/store/{handle}/charges/{app}/pricing_plans", plans)]
