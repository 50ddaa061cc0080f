"""What the sandbox knows of the app: `shopify.app.toml` and the Flow manifests, read as data.

Read again whenever a file changed, so a developer edits a manifest and runs it without restarting anything.
"""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from graphql import GraphQLSchema, build_schema

REFERENCES = {
    f"{noun}_reference": f"{noun}_id"
    for noun in ("customer", "order", "product", "company", "company_contact", "marketing_activity", "abandonment")
}
LIFECYCLE = "flow_trigger_lifecycle_callback"


@dataclass(frozen=True)
class Field:
    """One field of a Flow action or trigger; `key` is the property's key in requests and payloads."""

    key: str
    type: str
    name: str
    description: str
    is_required: bool


@dataclass(frozen=True)
class Extension:
    """One Flow action or trigger, or the callback about triggers, as its manifest declares it."""

    type: str
    handle: str
    name: str
    description: str
    fields: tuple[Field, ...]
    runtime_url: str = ""
    return_type: str = ""
    schema: GraphQLSchema | None = field(default=None, compare=False)


@dataclass(frozen=True)
class App:
    """The app as its TOML describes it."""

    name: str
    handle: str
    scopes: tuple[str, ...]
    optional_scopes: tuple[str, ...]
    subscriptions: tuple[tuple[str, str], ...]
    metafields: dict[tuple[str, str, str], str]
    actions: dict[str, Extension]
    triggers: dict[str, Extension]
    lifecycle_url: str = ""
    proxy_url: str = ""
    proxy_prefix: str = "apps"
    proxy_subpath: str = ""


def load(folder: Path, app_url: str) -> App:
    """Read the app of a project folder; without a `shopify.app.toml` it is an app without scopes or extensions."""
    paths = [folder / "shopify.app.toml", *sorted(folder.glob("flow_extensions/**/shopify.extension.toml"))]
    paths += sorted(folder.glob("flow_extensions/**/*.graphql"))
    stamps = tuple((path, path.stat().st_mtime_ns) for path in paths if path.exists())
    return _load(stamps, app_url)


@lru_cache(maxsize=8)
def _load(stamps: tuple[tuple[Path, int], ...], app_url: str) -> App:
    paths = [path for path, _ in stamps]
    document = next((_toml(path) for path in paths if path.name == "shopify.app.toml"), {})
    extensions = [
        _extension(path, entry, content, app_url)
        for path in paths
        if path.name == "shopify.extension.toml"
        for content in (_toml(path),)
        for entry in content.get("extensions", [])
    ]
    access, proxy = document.get("access_scopes", {}), document.get("app_proxy", {})
    return App(
        name=document.get("name", "App"),
        handle=document.get("handle", "encore"),
        scopes=tuple(scope.strip() for scope in access.get("scopes", "").split(",") if scope.strip()),
        optional_scopes=tuple(access.get("optional_scopes", [])),
        subscriptions=_subscriptions(document, app_url),
        metafields=_metafields(document),
        actions={extension.handle: extension for extension in extensions if extension.type == "flow_action"},
        triggers={extension.handle: extension for extension in extensions if extension.type == "flow_trigger"},
        lifecycle_url=next((extension.runtime_url for extension in extensions if extension.type == LIFECYCLE), ""),
        proxy_url=absolute(app_url, proxy["url"]) if proxy.get("url") else "",
        proxy_prefix=proxy.get("prefix", "apps"),
        proxy_subpath=proxy.get("subpath", ""),
    )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def absolute(app_url: str, url: str) -> str:
    """Resolve an address of the TOML: absolute ones lead to the app's public origin, so their path counts here too."""
    if "://" in url:
        url = "/" + url.split("://", 1)[1].partition("/")[2]
    return urljoin(app_url + "/", url.lstrip("/"))


def _subscriptions(document: dict[str, Any], app_url: str) -> tuple[tuple[str, str], ...]:
    found = []
    for entry in document.get("webhooks", {}).get("subscriptions", []):
        for topic in [*entry.get("topics", []), *entry.get("compliance_topics", [])]:
            found.append((topic, absolute(app_url, entry["uri"])))
    return tuple(found)


def _metafields(document: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    """Map (owner, namespace, key) to the declared type; `[customer.metafields.app.balance]` is namespace `$app`."""
    declared = {}
    for owner in ("customer", "shop", "order", "product"):
        for namespace, keys in document.get(owner, {}).get("metafields", {}).items():
            for key, entry in keys.items():
                spelled = "$app" if namespace == "app" else f"$app:{namespace}"
                declared[owner.upper(), spelled, key] = entry["type"]
    return declared


def _extension(path: Path, entry: dict[str, Any], content: dict[str, Any], app_url: str) -> Extension:
    """Read one extension; `[settings]` stands beside `[[extensions]]` in Shopify's files, or within it."""
    fields = []
    for given in (entry.get("settings") or content.get("settings") or {}).get("fields", []):
        key = given.get("key") or REFERENCES.get(given["type"], "")
        label = (
            given.get("name")
            or given.get("key")
            or given["type"].removesuffix("_reference").replace("_", " ").capitalize()
        )
        fields.append(Field(key, given["type"], label, given.get("description", ""), bool(given.get("required"))))
    url = entry.get("runtime_url") or entry.get("url") or ""
    schema_path = path.parent / entry["schema"] if entry.get("schema") else None
    schema = build_schema(schema_path.read_text("utf-8"), assume_valid=True) if schema_path else None
    return Extension(
        type=entry["type"],
        handle=entry.get("handle", ""),
        name=entry.get("name", ""),
        description=entry.get("description", ""),
        fields=tuple(fields),
        runtime_url=absolute(app_url, url) if url else "",
        return_type=entry.get("return_type_ref", ""),
        schema=schema,
    )
