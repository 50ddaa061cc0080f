"""Control API for bulk operations that wait (fault `bulk_waits`): what becomes of them."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.admin_api import bulk_runs
from sandbox.control.access import ControlError, body_of, store_of, world_of
from sandbox.store.database import Record
from sandbox.store.values import instant, now
from sandbox.world import World

STATUSES = ("RUNNING", "COMPLETED", "FAILED", "CANCELING", "CANCELED", "EXPIRED")


async def patch(request: Request) -> Response:
    """Set `{"status", "error_code"?}`; `COMPLETED` does the work now. `{"results": "gone"}` takes a file away."""
    world, store, body = world_of(request), store_of(request), await body_of(request)
    try:
        changed = await run_in_threadpool(_become, world, store, request.path_params["operation"], body)
    except KeyError as error:
        raise ControlError(404, f"There is no bulk operation {error}.") from error
    return JSONResponse(changed)


def _become(world: World, store: Record, identity: str, body: Record) -> Record:
    domain, status = store["domain"], body.get("status")
    if body.get("results") == "gone":
        record = bulk_runs.change(world, domain, identity)
        (bulk_runs.folder(world) / str(record["file"])).unlink(missing_ok=True)
        return record
    if status not in STATUSES:
        raise ControlError(400, f"status must be one of {', '.join(STATUSES)}")
    if status == "COMPLETED":
        return bulk_runs.finish(world, store, identity)
    ended = {} if status in ("RUNNING", "CANCELING") else {"completed_at": instant(now())}
    code = body.get("error_code", "INTERNAL_SERVER_ERROR") if status == "FAILED" else None
    return bulk_runs.change(world, domain, identity, status=status, error_code=code, **ended)


ROUTES = [Route("/_sandbox/stores/{domain}/bulk-operations/{operation}", patch, methods=["PATCH"])]
