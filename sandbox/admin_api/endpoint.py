"""A store's own domain over HTTP: the token endpoint and the Admin GraphQL API, with its faults."""

import asyncio
import json
import uuid
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import webhooks
from sandbox.admin_api import bulk_runs, cost, tokens
from sandbox.admin_api.context import Context
from sandbox.admin_api.engine import Call
from sandbox.connections import close_connection
from sandbox.delivery import later
from sandbox.store import stores
from sandbox.store.values import instant, now
from sandbox.world import World

VERSION = "2026-10"
BAD_TOKEN = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
THROTTLED = {
    "message": "Throttled",
    "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"},
}


async def answer(world: World, request: Request) -> Response:
    """Answer any request whose Host is a store."""
    domain = request.url.hostname or ""
    store = await run_in_threadpool(stores.get, world.database, domain)
    if store is None:
        return JSONResponse({"errors": "Not Found"}, 404)
    faults = store["faults"]
    if faults["slow_ms"]:
        await asyncio.sleep(faults["slow_ms"] / 1000)
    if faults["down"] == "closed":
        return await close_connection(request)
    if faults["down"]:
        return Response("503 Service Unavailable", 503, media_type="text/html")
    if request.url.path == "/admin/oauth/access_token" and request.method == "POST":
        return await _token(world, store, request)
    if request.url.path == f"/admin/api/{VERSION}/graphql.json" and request.method == "POST":
        response = await _graphql(world, store, request)
        response.headers["X-Request-Id"] = str(uuid.uuid4())
        response.headers["X-Shopify-API-Version"] = VERSION
        return response
    return JSONResponse({"errors": "Not Found"}, 404)


async def _token(world: World, store: dict[str, Any], request: Request) -> Response:
    if await run_in_threadpool(stores.take_fault, world.database, store["domain"], "server_error", ["access_token"]):
        return Response("500 Internal Server Error", 500, media_type="text/html")
    raw = await request.body()
    try:
        is_json = "json" in request.headers.get("content-type", "")
        body = dict(json.loads(raw) if is_json else await request.form())
        granted = await run_in_threadpool(lambda: tokens.issue(world, store, body, now=now()))
    except tokens.TokenRefused as refused:
        status = 401 if refused.error == "invalid_client" else 400
        return JSONResponse({"error": refused.error, "error_description": refused.description}, status)
    except (TypeError, ValueError):
        return JSONResponse({"error": "invalid_request", "error_description": "The body could not be read."}, 400)
    return JSONResponse(granted)


async def _graphql(world: World, store: dict[str, Any], request: Request) -> Response:
    moment = now()
    token = request.headers.get("x-shopify-access-token", "")
    if not await run_in_threadpool(lambda: tokens.valid(world, store, token, now=moment)):
        return JSONResponse(BAD_TOKEN, 401)
    try:
        body = json.loads(await request.body())
        query, variables = body["query"], body.get("variables") or {}
        if not isinstance(query, str) or not isinstance(variables, dict):
            raise TypeError("wrong types")
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"errors": {"query": "Required parameter missing or invalid"}}, 400)
    response, call = await run_in_threadpool(_execute, world, store, query, variables, body.get("operationName"))
    entry = {"operation": call.roots, "status": response.status_code, "at": instant(moment), "cost": call.cost}
    lost = call.is_mutation and await run_in_threadpool(
        stores.take_fault, world.database, store["domain"], "lose_answers", call.roots
    )
    world.calls[store["domain"]].append(
        {**entry, "answer": "lost" if lost else getattr(response, "outcome", "ok"), "variables": variables}
    )
    return await close_connection(request) if lost else response


class GraphQLResponse(JSONResponse):
    """An answer with a word on how it went, for the log on the store's page."""

    outcome = "ok"


def _execute(
    world: World, store: dict[str, Any], query: str, variables: dict[str, Any], name: str | None
) -> tuple[GraphQLResponse | Response, Call]:
    call = Call(query, variables, name)
    if stores.take_fault(world.database, store["domain"], "server_error", call.roots):
        return Response('{"errors":"Internal Server Error"}', 500, media_type="application/json"), call
    if call.refusals:
        return _outcome({"errors": call.refusals}, "refused"), call
    forced = stores.take_fault(world.database, store["domain"], "throttled", call.roots)
    paid, available = cost.pay(world, store["domain"], call.cost, forced=forced)
    if not paid:
        return _outcome(
            {"errors": [THROTTLED], "extensions": cost.statement(call.cost, None, available)}, "throttled"
        ), call
    context = Context(world=world, store=store, scopes=world.granted_scopes(store), now=now())
    result = call.run(context)
    for identity in context.bulk_operations:
        later(bulk_runs.run, world, store["domain"], identity)
    for number in context.changed_customers:
        later(webhooks.customer_updated, world, store, number)
    has_user_errors = any(
        (value or {}).get("userErrors") for value in (result["data"] or {}).values() if isinstance(value, dict)
    )
    word = "errors" if "errors" in result else "user errors" if has_user_errors else "ok"
    return _outcome({**result, "extensions": cost.statement(call.cost, call.cost, available)}, word), call


def _outcome(content: dict[str, Any], word: str) -> GraphQLResponse:
    response = GraphQLResponse(content)
    response.outcome = word
    return response
