"""How the endpoints describe themselves: the arguments of `extend_schema`, made from the shapes in `shapes.py`.

`make openapi` writes the document to docs/api/openapi.json; a contract test fails when the two differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers as s

from loyalty.api.v1.document_fields import Constant
from loyalty.api.v1.shapes import Errors, Meta, shape

REFUSALS = {
    400: "A field is missing or wrong, or the body is no JSON.",
    401: "The API key is missing, unknown or revoked.",
    403: "The key, the plan, the customer or the tier does not allow it.",
    404: "There is no such thing in this shop.",
    405: "The method is not supported here.",
    409: "Done already, or the idempotency key belongs to another request.",
    413: "The body is too large.",
    422: "Well formed, and not possible.",
    429: "Over the key's rate limit; `Retry-After` says when to come back.",
    500: "A fault on our side; nothing has changed.",
    503: "Shopify cannot be reached, or we are busy; nothing has changed, try again.",
}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key never does the same thing twice."
)
DRY_RUN = OpenApiParameter(
    "dry_run",
    bool,
    description="The same checks and the same answer, explained; nothing is stored or sent, and no key is used up.",
)


@lru_cache
def _resource(type_: str, attributes: type[s.Serializer[Any]]) -> type[s.Serializer[Any]]:
    name = attributes.__name__.removesuffix("Attributes")
    return shape(name, {"type": Constant(type_), "id": s.CharField(), "attributes": attributes()})


@lru_cache
def _answer(type_: str, attributes: type[s.Serializer[Any]]) -> type[s.Serializer[Any]]:
    found = _resource(type_, attributes)
    return shape(f"{found.__name__}Answer", {"data": found()})


@lru_cache
def _list(type_: str, attributes: type[s.Serializer[Any]], is_paged: bool) -> type[s.Serializer[Any]]:
    found = _resource(type_, attributes)
    return shape(f"{found.__name__}List", {"data": found(many=True), **({"meta": Meta()} if is_paged else {})})


def _operation_id(summary: str) -> str:
    return "_".join(summary.lower().split())


def _responses(*refusals: int, **answers: Any) -> dict[int, OpenApiResponse]:
    """Returns every answer with its words: `ok`, `created` or `empty`, and the refusals any endpoint can give."""
    codes = {"ok": (200, "Done."), "created": (201, "Done for the first time."), "empty": (204, "Done; no body.")}
    told = {codes[name][0]: OpenApiResponse(what, codes[name][1]) for name, what in answers.items()}
    usual = {401, 403, 404, 405, 429, 500, *refusals}
    return told | {code: OpenApiResponse(Errors, REFUSALS[code]) for code in sorted(usual)}


def listing(
    summary: str,
    type_: str,
    attributes: type[s.Serializer[Any]],
    *,
    sorts: Iterable[str] = (),
    filters: Iterable[str] = (),
) -> dict[str, Any]:
    """Returns the description of a paged list."""
    parameters = [
        OpenApiParameter("page[number]", OpenApiTypes.INT, description="Page, from 1."),
        OpenApiParameter("page[size]", OpenApiTypes.INT, description="Rows per page, 1 to 100; default 20."),
    ]
    if keys := list(sorts):
        both = [sign + key for key in keys for sign in ("", "-")]
        parameters.append(OpenApiParameter("sort", str, description="One of: " + ", ".join(both) + "."))
    parameters += [OpenApiParameter(f"filter[{name}]", str) for name in filters]
    return {
        "operation_id": _operation_id(summary),
        "summary": summary,
        "tags": [type_],
        "parameters": parameters,
        "responses": _responses(ok=_list(type_, attributes, True)),
    }


def reading(
    summary: str, type_: str, attributes: type[s.Serializer[Any]], *, query: Iterable[str] = (), many: bool = False
) -> dict[str, Any]:
    """Returns the description of a read that is no paged list."""
    parameters = [OpenApiParameter(name, bool) for name in query]
    return {
        "operation_id": _operation_id(summary),
        "summary": summary,
        "tags": [type_],
        "parameters": parameters,
        "responses": _responses(ok=_list(type_, attributes, False) if many else _answer(type_, attributes)),
    }


def write(
    summary: str,
    type_: str,
    body: type[s.Serializer[Any]] | None,
    attributes: type[s.Serializer[Any]],
    *,
    created: bool = False,
    keyed: bool = True,
) -> dict[str, Any]:
    """Returns the description of a write.

    Args:
        created: A first call answers 201, and a repeat under its key 200.
        keyed: It takes an `Idempotency-Key`; those of webhook subscriptions don't (rest-api facts, section 9).
    """
    answer = _answer(type_, attributes)
    answers = {**({"created": answer} if created else {}), **({"ok": answer} if keyed or not created else {})}
    parameters = [IDEMPOTENCY_KEY, DRY_RUN] if keyed else [DRY_RUN]
    return {
        "operation_id": _operation_id(summary),
        "summary": summary,
        "tags": [type_],
        "request": body,
        "parameters": parameters,
        "responses": _responses(400, 409, 413, 422, 503, **answers),
    }


def batch(summary: str, body: type[s.Serializer[Any]], answer: type[s.Serializer[Any]]) -> dict[str, Any]:
    """Returns the description of many writes in one call, each with an answer of its own."""
    return {
        **write(summary, "earning_history_entry", body, Errors),
        "responses": _responses(400, 413, 503, ok=answer),
    }


def removal(summary: str, type_: str) -> dict[str, Any]:
    """Returns the description of a delete, which answers without a body."""
    return {
        "operation_id": _operation_id(summary),
        "summary": summary,
        "tags": [type_],
        "parameters": [DRY_RUN],
        "responses": _responses(400, empty=None),
    }
