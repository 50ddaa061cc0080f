"""Control API for what happens in a store: Flow runs, webhooks, orders, uninstalling."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import delivery, webhooks
from sandbox.control.access import ControlError, body_of, store_of, world_of
from sandbox.flow import lifecycle, runner
from sandbox.project import Extension


async def refusing(task: Callable[[], Any]) -> Any:
    """Run something that may wait for the app; what the store refuses becomes 400, what it does not know 404.

    It gets a thread of its own: the app calls back while these wait, and must not find the pool used up by them.
    """
    try:
        return await asyncio.wrap_future(delivery.later(task))
    except KeyError as error:
        raise ControlError(404, f"There is no {error}.") from error
    except ValueError as error:
        raise ControlError(400, str(error)) from error


def action_of(request: Request, handle: str) -> Extension:
    """Find an action's manifest, or answer 404 with the handles there are."""
    actions = world_of(request).app.actions
    if handle not in actions:
        raise ControlError(404, f"There is no action {handle!r}; there are: {', '.join(sorted(actions)) or 'none'}.")
    return actions[handle]


def trigger_of(request: Request, handle: str) -> Extension:
    """Find a trigger's manifest, or answer 404 with the handles there are."""
    triggers = world_of(request).app.triggers
    if handle not in triggers:
        raise ControlError(404, f"There is no trigger {handle!r}; there are: {', '.join(sorted(triggers)) or 'none'}.")
    return triggers[handle]


async def post_run(request: Request) -> Response:
    """Run an action: `{"handle", "properties", "run_id"?, "deliveries"=1, "at_once"=false}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    action = action_of(request, str(body.get("handle")))
    properties = body.get("properties") or {}
    run_id, count, at_once = str(body.get("run_id") or ""), int(body.get("deliveries") or 1), bool(body.get("at_once"))
    run = await refusing(
        lambda: runner.start(world, store, action, properties, run_id=run_id, deliveries=count, at_once=at_once)
    )
    return JSONResponse(run, 201)


async def get_run(request: Request) -> Response:
    """Read a run with its attempts."""
    world, store = world_of(request), store_of(request)
    return JSONResponse(await refusing(lambda: runner.found(world, store, request.path_params["run_id"])))


async def deliver_run(request: Request) -> Response:
    """Deliver a run again: `{"deliveries"=1, "at_once"=false}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    identity = request.path_params["run_id"]
    run = await refusing(lambda: runner.found(world, store, identity))
    action, count, at_once = (
        action_of(request, run["handle"]),
        int(body.get("deliveries") or 1),
        bool(body.get("at_once")),
    )
    return JSONResponse(
        await refusing(lambda: runner.deliver(world, store, action, identity, deliveries=count, at_once=at_once))
    )


async def post_workflow(request: Request) -> Response:
    """Switch the workflow that begins with a trigger on or off: `{"handle", "on"}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    trigger, on = trigger_of(request, str(body.get("handle"))), bool(body.get("on"))
    return JSONResponse(await refusing(lambda: lifecycle.switch(world, store, trigger, on=on)))


async def post_webhook(request: Request) -> Response:
    """Send any topic with any payload: `{"topic", "payload"}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    if "topic" not in body:
        raise ControlError(400, "topic is missing.")
    sent = await refusing(lambda: webhooks.send(world, store, body["topic"], body.get("payload") or {}))
    return JSONResponse({"webhooks": sent}, 201)


async def deliver_webhook(request: Request) -> Response:
    """Deliver a webhook again under the same id."""
    world, store = world_of(request), store_of(request)
    return JSONResponse(await refusing(lambda: webhooks.redeliver(world, store, request.path_params["webhook_id"])))


async def post_order(request: Request) -> Response:
    """Create an order: `{"customer_id"?, "total" or "lines", "shipping"?, "tax"?, "discount_codes"?, "paid"?, …}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    return JSONResponse(await refusing(lambda: webhooks.order_created(world, store, body)), 201)


async def change_order(request: Request) -> Response:
    """Pay, fulfil, edit (`{"amount"}`), refund (`{"amount"?, "to"?: "store_credit"}`) or cancel an order."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    number, verb = request.path_params["order"], request.path_params["verb"]
    credit = body.get("to") == "store_credit"
    return JSONResponse(
        await refusing(
            lambda: webhooks.order_changed(world, store, number, verb, body.get("amount"), to_store_credit=credit)
        )
    )


async def delete_customer(request: Request) -> Response:
    """Delete a customer, with its webhook."""
    world, store, number = world_of(request), store_of(request), request.path_params["customer"]
    return JSONResponse({"webhooks": await refusing(lambda: webhooks.customer_deleted(world, store, number))})


async def merge_customers(request: Request) -> Response:
    """Merge the customer into another one: `{"into"}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    gone, kept = request.path_params["customer"], str(body.get("into"))
    return JSONResponse({"webhooks": await refusing(lambda: webhooks.customers_merged(world, store, gone, kept))})


async def post_shop(request: Request) -> Response:
    """Change the shop's own details, with `shop/update`. (`PATCH` on the store sends none.)"""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    return JSONResponse(await refusing(lambda: webhooks.shop_changed(world, store, body)))


async def post_scopes(request: Request) -> Response:
    """Grant optional scopes, with `app/scopes_update`: `{"optional_scopes": […]}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    optional = [str(each) for each in body.get("optional_scopes") or []]
    return JSONResponse(await refusing(lambda: webhooks.scopes_changed(world, store, optional)))


async def post_customer(request: Request) -> Response:
    """Create or change a customer, with its webhook. (Seeding with `PUT /_sandbox/stores` sends none.)"""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    return JSONResponse(await refusing(lambda: webhooks.customer_changed(world, store, body)), 201)


async def post_uninstall(request: Request) -> Response:
    """Uninstall the app."""
    world, store = world_of(request), store_of(request)
    return JSONResponse({"webhooks": await refusing(lambda: webhooks.uninstalled(world, store))})


async def post_compliance(request: Request) -> Response:
    """Send a compliance topic: `{"topic", "customer_id"?}`."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    customer = world.database.get(store["domain"], "customer", str(body.get("customer_id")))
    sent = await refusing(lambda: webhooks.compliance(world, store, str(body.get("topic")), customer))
    return JSONResponse({"webhooks": sent}, 201)


STORE = "/_sandbox/stores/{domain}"
ROUTES = [
    Route(f"{STORE}/flow-runs", post_run, methods=["POST"]),
    Route(f"{STORE}/flow-runs/{{run_id}}", get_run, methods=["GET"]),
    Route(f"{STORE}/flow-runs/{{run_id}}/deliver", deliver_run, methods=["POST"]),
    Route(f"{STORE}/flow-workflows", post_workflow, methods=["POST"]),
    Route(f"{STORE}/webhooks", post_webhook, methods=["POST"]),
    Route(f"{STORE}/webhooks/{{webhook_id}}/deliver", deliver_webhook, methods=["POST"]),
    Route(f"{STORE}/customers", post_customer, methods=["POST"]),
    Route(f"{STORE}/customers/{{customer}}", delete_customer, methods=["DELETE"]),
    Route(f"{STORE}/customers/{{customer}}/merge", merge_customers, methods=["POST"]),
    Route(f"{STORE}/shop", post_shop, methods=["POST"]),
    Route(f"{STORE}/scopes", post_scopes, methods=["POST"]),
    Route(f"{STORE}/orders", post_order, methods=["POST"]),
    Route(f"{STORE}/orders/{{order}}/{{verb}}", change_order, methods=["POST"]),
    Route(f"{STORE}/uninstall", post_uninstall, methods=["POST"]),
    Route(f"{STORE}/compliance", post_compliance, methods=["POST"]),
]
