"""The Flow runner's page: choose an action, fill its fields, run it, and see both sides of the wire."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import ControlError, store_of, world_of
from sandbox.control.actions import action_of, refusing, trigger_of
from sandbox.flow import lifecycle, runner
from sandbox.pages.forms import back, fields_of
from sandbox.pages.templates import handle_of, page
from sandbox.store.database import Record

SHOWN = 20
INPUTS = {"number_integer": "number", "number_decimal": "number", "email": "email", "url": "url", "boolean": "checkbox"}


async def show(request: Request) -> Response:
    """Show the form of the chosen action, the chosen run, and what came before."""
    store, world = store_of(request), world_of(request)
    actions = world.app.actions
    database, domain = world.database, store["domain"]
    runs = await run_in_threadpool(lambda: database.list(domain, "flow_run", newest=SHOWN))
    run_id = request.query_params.get("run", "")
    run = await run_in_threadpool(database.get, domain, "flow_run", run_id) if run_id else None
    handle = request.query_params.get("action") or (run["handle"] if run else "") or next(iter(actions), "")
    everyone = await run_in_threadpool(database.list, domain, "customer")
    return page(
        request,
        "flow.html",
        store=store,
        room="flow",
        actions=actions,
        action=actions.get(handle),
        inputs=INPUTS,
        customers=everyone[:500],
        filled=run["properties"] if run else {},
        run=run,
        runs=runs,
        error=request.query_params.get("error", ""),
    )


async def triggers(request: Request) -> Response:
    """Show the triggers the store received, newest first, and which a workflow begins with."""
    store, world = store_of(request), world_of(request)
    found = await run_in_threadpool(lambda: world.database.list(store["domain"], "trigger", newest=100))
    workflows = await run_in_threadpool(lambda: world.database.list(store["domain"], "flow_workflow"))
    return page(
        request,
        "triggers.html",
        store=store,
        room="flow",
        received=found,
        declared=world.app.triggers,
        workflows={each["handle"]: each for each in workflows},
        error=request.query_params.get("error", ""),
    )


async def workflow(request: Request) -> Response:
    """Switch the workflow that begins with a trigger on or off."""
    store, world, given = store_of(request), world_of(request), await fields_of(request)
    path, on = f"/flow/{handle_of(store)}/triggers", given.get("on") == "yes"
    try:
        trigger = trigger_of(request, given.get("trigger", ""))
        made = await refusing(lambda: lifecycle.switch(world, store, trigger, on=on))
    except ControlError as error:
        return back(path, error.message, is_error=True)
    is_refused = made["is_on"] != on
    return back(
        path,
        f"The app's answer keeps {trigger.name} from being switched on." if is_refused else "",
        is_error=is_refused,
    )


async def run(request: Request) -> Response:
    """Run the action with the fields of the form."""
    store, world, given = store_of(request), world_of(request), await fields_of(request)
    path = f"/flow/{handle_of(store)}"
    try:
        action = action_of(request, given.pop("action", ""))
        properties: Record = {}
        for field in action.fields:
            if field.type == "boolean":
                properties[field.key] = field.key in given
            elif field.key in given:
                properties[field.key] = given[field.key]
            elif field.is_required:
                raise ControlError(400, f"{field.name} is required.")
        made = await refusing(lambda: runner.start(world, store, action, properties))
    except ControlError as error:
        return back(path, error.message, is_error=True)
    return back(f"{path}?run={made['id']}")


async def deliver(request: Request) -> Response:
    """Deliver a run again, once or twice at once."""
    store, world, given = store_of(request), world_of(request), await fields_of(request)
    found = await refusing(lambda: runner.found(world, store, request.path_params["run_id"]))
    action, at_once = action_of(request, found["handle"]), "at_once" in given
    await refusing(lambda: runner.deliver(world, store, action, found["id"], at_once=at_once))
    return back(f"/flow/{handle_of(store)}?run={found['id']}")


ROUTES: list[BaseRoute] = [
    Route("/flow/{handle}", show),
    Route("/flow/{handle}/triggers", triggers),
    Route("/flow/{handle}/workflows", workflow, methods=["POST"]),
    Route("/flow/{handle}/run", run, methods=["POST"]),
    Route("/flow/{handle}/runs/{run_id}", deliver, methods=["POST"]),
]
