"""What every handler of the sandbox starts with: its world, the store in the path, the body."""

import json
from typing import Any

from starlette.requests import Request

from sandbox.store import stores
from sandbox.store.database import Record
from sandbox.world import World


class ControlError(Exception):
    """A request the control API cannot serve; carries the HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        """Name the status and say why."""
        super().__init__(message)
        self.status, self.message = status, message


def world_of(request: Request) -> World:
    """Give the sandbox a request came to."""
    world: World = request.app.state.world
    return world


def store_of(request: Request) -> Record:
    """Give the store named in the path, or answer 404. The full domain or the handle will do."""
    domain = request.path_params.get("domain") or request.path_params["handle"]
    if not domain.endswith(".myshopify.com"):
        domain = f"{domain}.myshopify.com"
    store = stores.get(world_of(request).database, domain)
    if store is None:
        raise ControlError(404, f"There is no store {domain}.")
    return store


async def body_of(request: Request) -> Any:
    """Read a JSON body; empty counts as an empty object."""
    raw = await request.body()
    try:
        return json.loads(raw) if raw else {}
    except ValueError as error:
        raise ControlError(400, "The body is not JSON.") from error
