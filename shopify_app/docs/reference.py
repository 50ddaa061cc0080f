"""The readable API reference at /docs/api, drawn from the same OpenAPI document as /docs/openapi.json."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shopify_app.docs.calls import METHODS, as_json, call_of, document
from shopify_app.docs.recipes import RECIPES

GROUPS = {
    "actions": "Custom actions",
    "earning-rules": "Earning rules",
    "rewards": "Rewards",
    "customers": "Customers",
    "vip-tiers": "VIP tiers",
    "audit": "Audit",
    "webhook-subscriptions": "Webhook subscriptions",
    "webhook-deliveries": "Webhook deliveries",
    "deliveries": "Deliveries",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter or one property of a body."""

    name: str
    kind: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call: what it takes, what it answers and how to make it. `answer` is an example's, with its status."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    body: list[Parameter]
    answers: list[tuple[str, str]]
    curl: str
    status: str
    answer: str

    @property
    def example_of(self) -> str:
        """What the command is called by screen readers."""
        return f"Example of {self.method} {self.path}"

    @property
    def answer_of(self) -> str:
        """The same of its answer."""
        return f"Answer of {self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Group:
    """Calls about one resource."""

    name: str
    anchor: str
    endpoints: list[Endpoint] = field(default_factory=list)


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Follows a `$ref` or a lone `allOf`."""
    while "$ref" in schema or len(schema.get("allOf", [])) == 1:
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        schema = document["components"]["schemas"][name] if name else schema["allOf"][0]
    return schema


def _kind(schema: dict[str, Any], document: dict[str, Any]) -> str:
    """The type in words: `string (date)`, `one of a, b`, `array of integer`."""
    schema = _resolved(schema, document)
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"] if value is not None)
    if "oneOf" in schema or "anyOf" in schema:
        return " or ".join(_kind(part, document) for part in schema.get("oneOf") or schema["anyOf"])
    name = schema.get("type", "any")
    if isinstance(name, list):
        name = " or ".join(name)
    if name == "array":
        return f"array of {_kind(schema.get('items', {}), document)}"
    return f"{name} ({schema['format']})" if schema.get("format") else str(name)


def _body(operation: dict[str, Any], document: dict[str, Any]) -> list[Parameter]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = _resolved(content.get("schema", {}), document)
    required = set(schema.get("required", []))
    return [
        Parameter(name, _kind(part, document), name in required, _resolved(part, document).get("description", ""))
        for name, part in schema.get("properties", {}).items()
        if not part.get("readOnly")
    ]


def _endpoint(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> Endpoint:
    parameters = [
        Parameter(
            item["name"],
            f"{_kind(item.get('schema', {}), document)}, in the {item['in']}",
            bool(item.get("required")),
            item.get("description", ""),
        )
        for item in operation.get("parameters", [])
    ]
    description = operation.get("description", "").strip()
    summary = operation.get("summary") or description.split("\n", 1)[0] or operation.get("operationId", path)
    call = call_of(method, path, operation)
    return Endpoint(
        anchor=operation.get("operationId", f"{method}-{path}"),
        method=method.upper(),
        path=path,
        summary=summary,
        description=description.removeprefix(summary).strip(),
        parameters=parameters,
        body=_body(operation, document),
        answers=[(status, each.get("description") or "") for status, each in operation.get("responses", {}).items()],
        curl=call.curl(settings.APP_URL),
        status=call.status,
        answer="" if call.answer is None else as_json(call.answer),
    )


def reference(document: dict[str, Any]) -> list[Group]:
    """Groups the calls of an OpenAPI document by resource, in the order of `GROUPS`, others after them."""
    groups: dict[str, Group] = {}
    for path, operations in document.get("paths", {}).items():
        parts = path.strip("/").split("/")
        resource = parts[1] if len(parts) > 1 else parts[0]
        group = groups.setdefault(
            resource, Group(GROUPS.get(resource, resource.replace("-", " ").capitalize()), resource)
        )
        for method in METHODS:
            if method in operations:
                group.endpoints.append(_endpoint(method, path, operations[method], document))
    order = list(GROUPS)
    return sorted(groups.values(), key=lambda group: order.index(group.anchor) if group.anchor in order else len(order))


@require_GET
def api_reference(request: HttpRequest) -> HttpResponse:
    """Shows the reference; public, as it says nothing about any shop."""
    found = document()
    context = {
        "info": found.get("info", {}), "groups": reference(found), "app_url": settings.APP_URL, "recipes": RECIPES,
    }  # fmt: skip
    return render(request, "docs/reference.html", context)
