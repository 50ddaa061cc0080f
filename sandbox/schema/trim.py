"""Makes `admin.graphql` and `scopes.json` from Shopify's published schema and `selection.toml`.

Run `python -m sandbox.schema.trim` after changing the selection or renewing the fixture. The output is committed, so
the sandbox needs neither the fixture nor this script at run time; a contract test proves it a true subset.
"""

import gzip
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from graphql import build_client_schema, print_schema

HERE = Path(__file__).parent
PUBLISHED = HERE.parents[1] / "tests" / "contract" / "fixtures" / "admin_2026-10.json.gz"

Json = dict[str, Any]


def published(path: Path = PUBLISHED) -> Json:
    """Read Shopify's file: introspection under `data`, needed access scopes under `offline_scopes`."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        content: Json = json.load(handle)
    return content


def named(reference: Json) -> str:
    """Give the name at the bottom of a type reference, below lists and non-nulls."""
    while reference.get("ofType"):
        reference = reference["ofType"]
    return str(reference["name"])


def trimmed_types(introspection: Json, selection: Json) -> list[Json]:
    """Choose the selected types, fields and arguments; every reference that stays leads to a type that stays."""
    types = {entry["name"]: entry for entry in introspection["types"]}
    fields: dict[str, list[str]] = selection["fields"]
    wanted = {*fields, *selection["interfaces"]["keep"], *selection["unions"]["keep"], *selection["inputs"]["keep"]}
    unknown = wanted - types.keys()
    if unknown:
        raise SystemExit(f"selection.toml names types Shopify does not have: {', '.join(sorted(unknown))}")
    kept = wanted | {name for name, entry in types.items() if entry["kind"] in ("SCALAR", "ENUM")}
    chosen = [_trimmed(types[name], fields.get(name, ["*"]), kept) for name in sorted(wanted)]
    leaves = {named(item["type"]) for entry in chosen for item in _references(entry)} | {"Boolean", "String"}
    return chosen + [_bare(types[name]) for name in sorted(leaves - wanted)]


def _trimmed(entry: Json, names: list[str], kept: set[str]) -> Json:
    """Leave of one type what is both selected and typed by something kept."""
    result = _bare(entry)
    available = {field["name"] for field in entry.get("fields") or []}
    missing = set(names) - {"*"} - available
    if missing:
        raise SystemExit(f"{entry['name']} has no field {', '.join(sorted(missing))}")
    if entry.get("fields") is not None:
        result["fields"] = [
            {**_bare(field), "args": [_bare(arg) for arg in field["args"] if named(arg["type"]) in kept]}
            for field in entry["fields"]
            if (names == ["*"] or field["name"] in names) and named(field["type"]) in kept
        ]
    if entry.get("inputFields") is not None:
        result["inputFields"] = [_bare(field) for field in entry["inputFields"] if named(field["type"]) in kept]
    for key in ("interfaces", "possibleTypes"):
        if entry.get(key) is not None:
            result[key] = [reference for reference in entry[key] if reference["name"] in kept]
    return result


def _bare(item: Json) -> Json:
    """Drop the prose: descriptions are nine tenths of the file and the sandbox shows none."""
    result = {**item, "description": None}
    if result.get("enumValues"):
        result["enumValues"] = [{**value, "description": None} for value in result["enumValues"]]
    return result


def _references(entry: Json) -> list[Json]:
    """List everything of one type that refers to another: fields, their arguments, input fields."""
    fields = entry.get("fields") or []
    return [*fields, *(arg for field in fields for arg in field["args"]), *(entry.get("inputFields") or [])]


def trimmed_scopes(rows: list[Json], types: list[Json]) -> dict[str, list[str]]:
    """Map `Type` and `Type.field` to the access scopes of which one is needed, for what the trimmed schema holds."""
    held = {entry["name"] for entry in types}
    held |= {f"{entry['name']}.{field['name']}" for entry in types for field in entry.get("fields") or []}
    needed: dict[str, list[str]] = {}
    for row in rows:
        key = row["typeName"] if row["type"] == "type" else f"{row['typeName']}.{row['fieldName']}"
        if key in held and row["offlineScopes"]:
            needed[key] = sorted(set(needed.get(key, [])) | set(row["offlineScopes"]))
    return dict(sorted(needed.items()))


def made() -> tuple[str, str, str]:
    """Make both files' contents, and a line that says how much they hold."""
    content = published()
    introspection = content["data"]["__schema"]
    selection = tomllib.loads((HERE / "selection.toml").read_text("utf-8"))
    types = trimmed_types(introspection, selection)
    trimmed: Any = {"__schema": {**introspection, "types": types, "directives": []}}
    schema = build_client_schema(trimmed, assume_valid=True)
    note = "# Made by trim.py from Shopify's Admin GraphQL 2026-10. Change selection.toml, not this file.\n\n"
    scopes = trimmed_scopes(content["offline_scopes"]["items"], types)
    summary = f"{len(types)} types, {len(scopes)} scope rules"
    return note + print_schema(schema) + "\n", json.dumps(scopes, indent=1) + "\n", summary


def main() -> None:
    """Write both files next to this script."""
    schema, scopes, summary = made()
    (HERE / "admin.graphql").write_text(schema, "utf-8")
    (HERE / "scopes.json").write_text(scopes, "utf-8")
    sys.stdout.write(f"{summary}\n")


if __name__ == "__main__":
    main()
