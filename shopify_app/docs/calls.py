"""The document's examples as calls: what they ask, what came back, and the curl that makes them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def document() -> dict[str, Any]:
    """Returns the OpenAPI document, as /docs/openapi.json serves it."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular has no types here
    found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # likewise
    return found


@dataclass(frozen=True, slots=True)
class Call:
    """One request of an operation, and the answer it got in the example shop.

    `path` has places such as `{public_id}`, which `places` fill. `body` and `answer` are None where there is none.
    """

    method: str
    path: str
    places: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    status: str = ""
    answer: Any = None

    @property
    def target(self) -> str:
        """The path with its places filled, and the query."""
        filled = {name: quote(value, safe="@") for name, value in self.places.items()}
        query = f"?{urlencode(self.query, safe='[]:')}" if self.query else ""
        return self.path.format_map(filled) + query

    def asking(self, *, given: Mapping[str, str], key: str | None, body: Any) -> Call:
        """Returns the same call with other words; None leaves what the example has.

        Args:
            given: Places of the path, and parameters of the query.
        """
        places = {name: given.get(name, value) for name, value in self.places.items()}
        query = {**self.query, **{name: value for name, value in given.items() if name not in places}}
        headers = {**self.headers, "Idempotency-Key": key} if key else self.headers
        return replace(self, places=places, query=query, headers=headers, body=self.body if body is None else body)

    def curl(self, base: str) -> str:
        """Returns the command to paste into a terminal; the key comes from `ENCORE_API_KEY`.

        Args:
            base: Scheme and host.
        """
        verb = "" if self.method == "get" else f"-X {self.method.upper()} "
        globbing = "-g " if "[" in self.target else ""  # curl takes brackets for ranges
        lines = [f"curl {verb}{globbing}{shlex.quote(base + self.target)}", '  -H "Authorization: $ENCORE_API_KEY"']
        lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers.items()]
        if self.body is not None:
            lines += ['  -H "Content-Type: application/json"', f"  -d {shlex.quote(as_json(self.body))}"]
        return " \\\n".join(lines)


def as_json(value: Any) -> str:
    """Returns JSON to read: on one line where that is short."""
    short = json.dumps(value, ensure_ascii=False)
    return short if len(short) <= 88 else json.dumps(value, indent=2, ensure_ascii=False)


def call_of(method: str, path: str, operation: Mapping[str, Any]) -> Call:
    """Returns an operation's example."""
    given: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for parameter in operation.get("parameters", []):
        if "example" in parameter:
            given[parameter["in"]][parameter["name"]] = str(parameter["example"])
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    status, answer = _answer(operation.get("responses", {}))
    return Call(method, path, given["path"], given["query"], given["header"], content.get("example"), status, answer)


@cache
def calls() -> dict[str, Call]:
    """Returns every operation's example by the operation's id."""
    return {
        operation["operationId"]: call_of(method, path, operation)
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }


def _answer(responses: Mapping[str, Any]) -> tuple[str, Any]:
    for status, response in responses.items():
        content = response.get("content", {}).get("application/json", {})
        if "example" in content:
            return status, content["example"]
    return next((status for status in responses if status.startswith("2")), ""), None
