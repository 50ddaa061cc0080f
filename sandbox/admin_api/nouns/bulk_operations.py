"""Bulk operations: beginning one, and what has become of it. Running them: `sandbox.admin_api.bulk_runs`."""

import re
from typing import Any

from sandbox.admin_api import bulk_rules
from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info, user_error
from sandbox.store.database import Record
from sandbox.store.values import gid, gid_parts, instant

AT_ONCE = 5
ACTIVE = ("CREATED", "RUNNING", "CANCELING")
TERM = re.compile(r"(status|operation_type):\s*(\w+)")


def run_query(info: Info, query: str, **given: Any) -> dict[str, Any]:
    """`bulkOperationRunQuery`: checks the query, and begins it unless too many are under way."""
    context = info.context
    problem = bulk_rules.problem(info.schema, query)
    if problem:
        return _refused(["query"], problem, "INVALID")
    with context.database.transaction():
        under_way = [each for each in context.database.list(context.domain, "bulk") if each["status"] in ACTIVE]
        if len(under_way) >= AT_ONCE:
            names = ", ".join(gid("BulkOperation", each["id"]) for each in under_way)
            message = f"A bulk query operation for this app and shop is already in progress: {names}."
            return _refused(None, message, "OPERATION_IN_PROGRESS")
        number = str(context.database.next_number("bulk", first=4_000_000_000_001))
        record: Record = {"id": number, "query": query, "is_grouped": given["groupObjects"], "status": "CREATED"}
        record |= {"created_at": instant(context.now), "completed_at": None, "error_code": None, "file": None}
        record |= {"objects": 0, "roots": 0, "bytes": 0, "fetched": []}
        context.database.put(context.domain, "bulk", number, record)
    context.bulk_operations.append(number)
    return {"bulkOperation": view(context, record), "userErrors": []}


def by_id(info: Info, id: str) -> dict[str, Any] | None:
    """`bulkOperation(id:)`; null for an unknown id."""
    context, parts = info.context, gid_parts(id)
    is_one = parts is not None and parts[0] == "BulkOperation"
    found = context.database.get(context.domain, "bulk", parts[1]) if is_one and parts else None
    return view(context, found) if found else None


def several(info: Info, query: str | None = None, **page: Any) -> dict[str, Any]:
    """`bulkOperations`: the newest first, narrowed by `status:` and `operation_type:`."""
    context = info.context
    found = [view(context, each) for each in reversed(context.database.list(context.domain, "bulk"))]
    if page.get("sortKey") == "COMPLETED_AT":
        found.sort(key=lambda each: each["completedAt"] or "", reverse=True)
    for name, value in TERM.findall(query or ""):
        key = "status" if name == "status" else "type"
        found = [each for each in found if each[key] == value.upper()]
    return connection(found, page)


def view(context: Context, record: Record) -> dict[str, Any]:
    """Shape an operation as GraphQL shows it. Its results have an address only when there are any."""
    is_there = record["status"] == "COMPLETED" and record["bytes"] > 0
    address = f"http://127.0.0.1:{context.world.settings.port}/bulk-results/{context.domain}/{record['file']}"
    return {
        "__typename": "BulkOperation",
        "id": gid("BulkOperation", record["id"]),
        "type": "QUERY",
        "status": record["status"],
        "errorCode": record["error_code"],
        "query": record["query"],
        "createdAt": record["created_at"],
        "completedAt": record["completed_at"],
        "objectCount": str(record["objects"]),
        "rootObjectCount": str(record["roots"]),
        "fileSize": str(record["bytes"]) if is_there else None,
        "url": address if is_there else None,
        "partialDataUrl": None,
    }


def _refused(field: list[str] | None, message: str, code: str) -> dict[str, Any]:
    return {"bulkOperation": None, "userErrors": [user_error(field, message, code)]}
