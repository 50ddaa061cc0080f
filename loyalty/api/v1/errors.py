"""One map from refusal code to REST status, and the error envelope.

Source: rest-api facts, section 4. `status` is a string on the wire; `code` is our addition, stable and machine-readable.
"""

from __future__ import annotations

from rest_framework.response import Response

STATUSES: dict[str, tuple[int, str]] = {
    "missing_authorization": (401, "Unauthorized"),
    "invalid_api_key": (401, "Unauthorized"),
    "read_only_key": (403, "Forbidden"),
    "plan_required": (403, "Forbidden"),
    "not_installed": (403, "Forbidden"),
    "customer_excluded": (403, "Forbidden"),
    "tier_required": (403, "Forbidden"),
    "points_override_not_allowed": (403, "Forbidden"),
    "invalid_json": (400, "Bad Request"),
    "invalid_field": (400, "Bad Request"),
    "not_found": (404, "Not Found"),
    "method_not_allowed": (405, "Method Not Allowed"),
    "already_awarded": (409, "Conflict"),
    "earning_limit_reached": (409, "Conflict"),
    "idempotency_key_reused": (409, "Conflict"),
    "idempotency_key_in_use": (409, "Conflict"),
    "no_code_to_make": (409, "Conflict"),
    "not_failed": (409, "Conflict"),
    "body_too_large": (413, "Content Too Large"),
    "category_not_awardable": (422, "Unprocessable Entity"),
    "insufficient_points": (422, "Insufficient Points"),
    "not_for_sale": (422, "Unprocessable Entity"),
    "limit_reached": (422, "Unprocessable Entity"),
    "product_unavailable": (422, "Unprocessable Entity"),
    "program_disabled": (422, "Unprocessable Entity"),
    "rate_limited": (429, "Too Many Requests"),
    "internal_error": (500, "Internal Server Error"),
    "shopify_unavailable": (503, "Service Unavailable"),
    "try_again": (503, "Service Unavailable"),
}
"""HTTP status and title of each refusal."""


def error_object(code: str, sentence: str) -> tuple[int, dict[str, str]]:
    """Returns the HTTP status and the error object. A code the map lacks is 422: well-formed, but refused."""
    status, title = STATUSES.get(code, (422, "Unprocessable Entity"))
    return status, {"status": str(status), "title": title, "detail": sentence, "code": code}


def error_response(code: str, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """Returns the envelope with one error."""
    status, error = error_object(code, sentence)
    return Response({"errors": [error]}, status=status, headers=headers or {})
