"""The calls as a collection for Postman, which Bruno and Insomnia import as well, made from the OpenAPI document.

Format: Postman Collection v2.1. Whoever imports it fills in `base_url` and `api_key`.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from shopify_app.docs.calls import Call, as_json, call_of, document
from shopify_app.docs.reference import reference

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
FILE = "encore.postman_collection.json"


def collection(document: dict[str, Any], *, base_url: str) -> dict[str, Any]:
    """Returns the collection of a document: a folder per resource, a request per operation, with the example's words.

    Args:
        base_url: What the variable of that name holds until it is changed.
    """
    return {
        "info": {
            "name": document["info"]["title"],
            "description": document["info"]["description"],
            "schema": SCHEMA,
        },
        "auth": {
            "type": "apikey",
            "apikey": [
                {"key": "key", "value": "Authorization", "type": "string"},
                {"key": "value", "value": "{{api_key}}", "type": "string"},
                {"key": "in", "value": "header", "type": "string"},
            ],
        },
        "variable": [
            {"key": "base_url", "value": base_url, "type": "string"},
            {"key": "api_key", "value": "", "type": "string", "description": "From Settings > Developer in Encore."},
        ],
        "item": [
            {
                "name": group.name,
                "item": [
                    _item(each.summary, each.method.lower(), each.path, document["paths"][each.path])
                    for each in group.endpoints
                ],
            }
            for group in reference(document)
        ],
    }


def _item(name: str, method: str, path: str, operations: dict[str, Any]) -> dict[str, Any]:
    operation = operations[method]
    call = call_of(method, path, operation)
    request: dict[str, Any] = {
        "method": method.upper(),
        "description": operation.get("description", ""),
        "header": [{"key": key, "value": value} for key, value in call.headers.items()],
        "url": _url(call, operation),
    }
    if call.body is not None:
        request["header"].append({"key": "Content-Type", "value": "application/json"})
        request["body"] = {"mode": "raw", "raw": as_json(call.body), "options": {"raw": {"language": "json"}}}
    return {"name": name, "request": request, "response": []}


def _url(call: Call, operation: dict[str, Any]) -> dict[str, Any]:
    """Returns an address whose places are path variables; every parameter is there, the example's switched on."""
    path = re.sub(r"\{(\w+)\}", r":\1", call.path)
    query = [
        {
            "key": each["name"],
            "value": call.query.get(each["name"], ""),
            "description": each.get("description", ""),
            "disabled": each["name"] not in call.query,
        }
        for each in operation.get("parameters", [])
        if each["in"] == "query"
    ]
    shown = "&".join(f"{name}={value}" for name, value in call.query.items())
    return {
        "raw": "{{base_url}}" + path + (f"?{shown}" if shown else ""),
        "host": ["{{base_url}}"],
        "path": path.strip("/").split("/"),
        "query": query,
        "variable": [{"key": name, "value": value} for name, value in call.places.items()],
    }


@require_GET
def postman_collection(request: HttpRequest) -> HttpResponse:
    """Serves the collection, filled with this address; public, as it says nothing about any shop."""
    answer = JsonResponse(collection(document(), base_url=settings.APP_URL), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer
