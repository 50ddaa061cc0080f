"""The mail server's part of the control API: what arrived, fault switches, forgetting."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import ControlError, body_of, world_of
from sandbox.mail.faults import SHELF, faults_of, switch
from sandbox.store.database import Record


async def read(request: Request) -> Response:
    """Give every mail, oldest first; of one recipient with `?to=`."""
    database, to = world_of(request).database, request.query_params.get("to")
    mails: list[Record] = await run_in_threadpool(database.list, SHELF, "mail")
    wanted = [mail for mail in mails if to is None or to in mail["recipients"]]
    return JSONResponse({"mails": wanted, "faults": await run_in_threadpool(faults_of, database)})


async def patch_faults(request: Request) -> Response:
    """Turn fault switches."""
    body = await body_of(request)
    if not isinstance(body, dict):
        raise ControlError(400, "the faults must be an object")
    return JSONResponse(await run_in_threadpool(switch, world_of(request).database, body))


async def forget(request: Request) -> Response:
    """Forget every mail and switch every fault off."""
    database = world_of(request).database

    def everything() -> None:
        for kind in ("mail", "faults"):
            database.delete_all(SHELF, kind)

    await run_in_threadpool(everything)
    return Response(status_code=204)


ROUTES: list[BaseRoute] = [
    Route("/_sandbox/mails", read, methods=["GET"]),
    Route("/_sandbox/mails", forget, methods=["DELETE"]),
    Route("/_sandbox/mails/faults", patch_faults, methods=["PATCH"]),
]
