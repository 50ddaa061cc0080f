"""Metafields: setting, deleting and reading them."""

import hashlib
import re
from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info, user_error
from sandbox.admin_api.nouns.metafield_types import TYPES, problem_with
from sandbox.store.database import Record
from sandbox.store.values import gid, gid_parts, instant

APP_ID = "1234567"
MOST = 25
MOST_BYTES = 10_000_000
NAME = re.compile(r"[A-Za-z0-9_-]+")
OWNERS = {"Customer": "customer", "Order": "order", "DiscountCodeNode": "discount", "Shop": "", "AppInstallation": ""}
SCOPES = {"Customer": "write_customers", "Order": "write_orders", "DiscountCodeNode": "write_discounts"}


def expanded(namespace: str | None) -> str:
    """Spell a namespace out: `$app` (also the default) is `app--{app id}`, `$app:x` is `app--{app id}--x`."""
    if namespace is None or namespace == "$app":
        return f"app--{APP_ID}"
    return f"app--{APP_ID}--{namespace[5:]}" if namespace.startswith("$app:") else namespace


def owned(context: Context, owner: str) -> dict[str, Any]:
    """Give the two fields every owner of metafields has."""

    def one(info: Info, key: str, namespace: str | None = None) -> Any:
        record = context.database.get(context.domain, "metafield", _key(owner, expanded(namespace), key))
        return record and _view(record)

    def several(info: Info, namespace: str | None = None, keys: list[str] | None = None, **page: Any) -> Any:
        found = [item for item in context.database.list(context.domain, "metafield") if item["owner"] == owner]
        if namespace is not None:
            found = [item for item in found if item["namespace"] == expanded(namespace)]
        if keys:
            found = [item for item in found if f"{item['namespace']}.{item['key']}" in keys or item["key"] in keys]
        return connection([_view(item) for item in found], page)

    return {"metafield": one, "metafields": several}


def set_all(info: Info, metafields: list[Record]) -> dict[str, Any]:
    """`metafieldsSet`: at most 25, all or nothing, with compare-and-set where a digest is given."""
    context = info.context
    if len(metafields) > MOST:
        error = user_error(
            ["metafields"], "Exceeded the maximum metafields input limit of 25.", "LESS_THAN_OR_EQUAL_TO"
        )
        return {"metafields": [], "userErrors": [{**error, "elementIndex": None}]}
    with context.database.transaction():
        errors = [error for index, given in enumerate(metafields) for error in _problems(context, index, given)]
        if sum(len(given["value"].encode()) for given in metafields) > MOST_BYTES:
            errors.append(
                {**user_error(["metafields"], "Values are larger than 10 MB.", "TOO_LONG"), "elementIndex": None}
            )
        if errors:
            return {"metafields": [], "userErrors": errors}
        return {"metafields": [_view(_write(context, given)) for given in metafields], "userErrors": []}


def delete_all(info: Info, metafields: list[Record]) -> dict[str, Any]:
    """`metafieldsDelete`: one entry per identifier, null for a metafield that was not there."""
    context = info.context
    deleted = []
    for given in metafields:
        parts = gid_parts(given["ownerId"])
        if parts and parts[0] in SCOPES:
            context.require_scope(SCOPES[parts[0]], "metafieldsDelete")
        key = _key(given["ownerId"], expanded(given["namespace"]), given["key"])
        deleted.append(dict(given) if context.database.delete(context.domain, "metafield", key) else None)
    return {"deletedMetafields": deleted, "userErrors": []}


def _problems(context: Context, index: int, given: Record) -> list[Record]:
    namespace, parts = expanded(given.get("namespace")), gid_parts(given["ownerId"])
    if parts and parts[0] in SCOPES:
        context.require_scope(SCOPES[parts[0]], "metafieldsSet")
    found: list[tuple[str, str, str]] = []
    if not parts or parts[0] not in OWNERS or not _owner_exists(context, *parts):
        found.append(("ownerId", "Owner does not exist.", "INVALID"))
    found += _name_problems("namespace", given.get("namespace") or namespace, namespace, 3, 255)
    found += _name_problems("key", given["key"], given["key"], 2, 64)
    if namespace.startswith("app--") and namespace.split("--")[1] != APP_ID:
        message = "Access to this namespace and key on Metafields for this resource type is not allowed."
        found.append(("namespace", message, "APP_NOT_AUTHORIZED"))
    present = context.database.get(context.domain, "metafield", _key(given["ownerId"], namespace, given["key"]))
    found += _value_problems(context, given, present, parts[0].upper() if parts else "")
    found += _digest_problems(given, present)
    return [
        {**user_error(["metafields", str(index), name], text, code), "elementIndex": None} for name, text, code in found
    ]


def _value_problems(context: Context, given: Record, present: Record | None, owner: str) -> list[tuple[str, str, str]]:
    declared = context.world.app.metafields.get((owner, given.get("namespace") or "$app", given["key"]))
    kind = given.get("type") or declared or (present and present["type"])
    if not kind:
        return [("type", "Type can't be blank", "BLANK")]
    if kind.removeprefix("list.") not in TYPES:
        return [("type", f"Type must be one of the following: {', '.join(sorted(TYPES))}.", "INCLUSION")]
    if declared and kind != declared:
        return [("type", f"Type must be consistent with the definition's type '{declared}'.", "INVALID_TYPE")]
    if given["value"].strip() == "":
        return [("value", "Value can't be blank.", "BLANK")]
    trouble = problem_with(kind, given["value"])
    return [("value", trouble, "INVALID_VALUE")] if trouble else []


def _digest_problems(given: Record, present: Record | None) -> list[tuple[str, str, str]]:
    if "compareDigest" not in given:
        return []
    digest = given["compareDigest"]
    if digest is not None and not re.fullmatch(r"[0-9a-f]{64}", digest):
        return [("compareDigest", "The compareDigest is invalid.", "INVALID_COMPARE_DIGEST")]
    if digest != (_digest(present["value"]) if present else None):
        return [("compareDigest", "The resource has been updated since it was loaded.", "STALE_OBJECT")]
    return []


def _name_problems(field: str, given: str, spelled: str, least: int, most: int) -> list[tuple[str, str, str]]:
    label = field.capitalize()
    if len(spelled) < least:
        return [(field, f"{label} is too short (minimum is {least} characters)", "TOO_SHORT")]
    if len(spelled) > most:
        return [(field, f"{label} is too long (maximum is {most} characters)", "TOO_LONG")]
    if not NAME.fullmatch(spelled):
        return [(field, f"{label} contains one or more invalid characters: '{given}'.", "INVALID")]
    return []


def _owner_exists(context: Context, kind: str, number: str) -> bool:
    if kind == "Shop":
        return number == str(context.store["id"])
    return kind == "AppInstallation" or context.database.get(context.domain, OWNERS[kind], number) is not None


def _write(context: Context, given: Record) -> Record:
    namespace = expanded(given.get("namespace"))
    key = _key(given["ownerId"], namespace, given["key"])
    present = context.database.get(context.domain, "metafield", key)
    owner = (gid_parts(given["ownerId"]) or ("", ""))[0].upper()
    declared = context.world.app.metafields.get((owner, given.get("namespace") or "$app", given["key"]))
    moment = instant(context.now)
    record = {
        "number": present["number"] if present else context.database.next_number("metafield"),
        "owner": given["ownerId"],
        "namespace": namespace,
        "key": given["key"],
        "type": given.get("type") or declared or (present or {}).get("type"),
        "value": given["value"],
        "created_at": present["created_at"] if present else moment,
        "updated_at": moment,
    }
    return context.database.put(context.domain, "metafield", key, record)


def _view(record: Record) -> dict[str, Any]:
    owner = (gid_parts(record["owner"]) or ("", ""))[0]
    return {
        "__typename": "Metafield",
        "id": gid("Metafield", record["number"]),
        "legacyResourceId": str(record["number"]),
        "namespace": record["namespace"],
        "key": record["key"],
        "type": record["type"],
        "value": record["value"],
        "jsonValue": TYPES[record["type"]](record["value"]) if record["type"] in TYPES else record["value"],
        "compareDigest": _digest(record["value"]),
        "ownerType": {"DiscountCodeNode": "DISCOUNT", "AppInstallation": "API_PERMISSION"}.get(owner, owner.upper()),
        "createdAt": record["created_at"],
        "updatedAt": record["updated_at"],
        "sizeInBytes": len(record["value"].encode()),
    }


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _key(owner: str, namespace: str, key: str) -> str:
    return f"{owner} {namespace}.{key}"
