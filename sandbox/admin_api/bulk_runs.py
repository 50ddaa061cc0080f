"""Running bulk operations: the query over all there is, its answer as lines of JSON in a file.

An object's own line comes before those of its connections; they name it in `__parentId`. Grouped, they follow it at
once; else all that stand equally deep come together, as Shopify promises no order.
"""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.admin_api.connections import WHOLE
from sandbox.admin_api.context import Context
from sandbox.admin_api.engine import Call
from sandbox.store import stores
from sandbox.store.database import Record
from sandbox.store.values import instant, now
from sandbox.world import World

Json = dict[str, Any]
Line = tuple[int, Json]


def run(world: World, domain: str, identity: str) -> None:
    """Run an operation that was begun, unless the store's fault switch has them wait."""
    store = stores.get(world.database, domain)
    if store is None or store["faults"].get("bulk_waits"):
        return
    change(world, domain, identity, status="RUNNING")
    finish(world, store, identity)


def finish(world: World, store: Record, identity: str) -> Record:
    """Do an operation's work now and complete it, or have it fail as Shopify would."""
    domain = store["domain"]
    record = world.database.get(domain, "bulk", identity)
    if record is None:
        raise KeyError(identity)
    context = Context(world=world, store=store, scopes=world.granted_scopes(store), now=now())
    token = WHOLE.set(True)
    try:
        answer = Call(record["query"], {}, None).run(context)
    finally:
        WHOLE.reset(token)
    ended = {"completed_at": instant(now())}
    if "errors" in answer:
        codes = {error["extensions"].get("code") for error in answer["errors"]}
        code = "ACCESS_DENIED" if "ACCESS_DENIED" in codes else "INTERNAL_SERVER_ERROR"
        return change(world, domain, identity, status="FAILED", error_code=code, **ended)
    found = list(_lines(answer["data"]))
    if not record["is_grouped"]:
        found.sort(key=lambda line: line[0])
    name = f"{identity}-{secrets.token_urlsafe(16)}.jsonl"
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for _, line in found).encode()
    folder(world).mkdir(parents=True, exist_ok=True)
    (folder(world) / name).write_bytes(text)
    counts = {"objects": len(found), "roots": sum(depth == 0 for depth, _ in found), "bytes": len(text)}
    return change(world, domain, identity, status="COMPLETED", file=name, **counts, **ended)


def change(world: World, domain: str, identity: str, **values: Any) -> Record:
    """Change what is kept of an operation. Raises KeyError for an unknown one."""
    with world.database.transaction():
        record = world.database.get(domain, "bulk", identity)
        if record is None:
            raise KeyError(identity)
        return world.database.put(domain, "bulk", identity, {**record, **values})


def folder(world: World) -> Path:
    """Where results are kept."""
    return world.settings.home / "bulk-results"


def _lines(data: Json) -> Iterator[Line]:
    """The lines of an answer, grouped, each with how deep it stands."""
    own: Json = {}
    for children in _taken_out(data, own):
        yield from _of_connection(children, None, 0)


def _of_connection(edges: list[Json], parent: str | None, depth: int) -> Iterator[Line]:
    for edge in edges:
        own: Json = {}
        below = _taken_out(edge["node"], own)
        yield depth, own | ({"__parentId": parent} if parent else {})
        for children in below:
            yield from _of_connection(children, own.get("id"), depth + 1)


def _taken_out(node: Json, own: Json) -> list[list[Json]]:
    """Copies a node's own values into `own`, and gives the edges of its connections, deeper objects' too."""
    found: list[list[Json]] = []
    for name, value in node.items():
        if isinstance(value, dict) and isinstance(value.get("edges"), list):
            found.append(value["edges"])
        elif isinstance(value, dict):
            own[name] = {}
            found += _taken_out(value, own[name])
        else:
            own[name] = value
    return found
