"""What Shopify's storage host does: hands out the results of bulk operations to whoever has their address."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.admin_api import bulk_runs
from sandbox.connections import half_of
from sandbox.control.access import store_of, world_of
from sandbox.store import stores


async def results(request: Request) -> Response:
    """Give a file, or a part of it by `Range`; 404 once it is gone. What was asked for is kept with the operation."""
    world, store = world_of(request), store_of(request)
    domain, name = store["domain"], request.path_params["name"]
    identity = name.partition("-")[0]
    record = await run_in_threadpool(world.database.get, domain, "bulk", identity)
    path = bulk_runs.folder(world) / name
    if record is None or record["file"] != name or record["status"] != "COMPLETED" or not path.exists():
        return Response("<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
    part = request.headers.get("range", "")
    asked = {"range": part, "has_token": "x-shopify-access-token" in request.headers}
    await run_in_threadpool(lambda: bulk_runs.change(world, domain, identity, fetched=[*record["fetched"], asked]))
    if await run_in_threadpool(stores.take_fault, world.database, domain, "bulk_cut", []):
        start = int((part or "bytes=0-").removeprefix("bytes=").partition("-")[0])
        return half_of(request, path.read_bytes(), start)
    return FileResponse(path, media_type="application/jsonl")


ROUTES: list[BaseRoute] = [Route("/bulk-results/{domain}/{name}", results)]
