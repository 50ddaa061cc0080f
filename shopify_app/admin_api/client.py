"""Admin GraphQL: one call, its waits, and the three things it can come to (shopify.md 8)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.documents import load
from shopify_app.admin_api.errors import Refused, ShopUnavailable, Throttled, TokenRefused, UnknownOutcome, UserErrors
from shopify_app.admin_api.transport import READ_SECONDS, HttpAnswer, post

LONGEST_WAIT_SECONDS = 2.0  # longer waits belong in a row, not in a sleeping worker
THROTTLED_ATTEMPTS = 4
CLOSED = {402: "frozen", 403: "forbidden", 404: "unknown", 423: "locked"}


@dataclass(frozen=True)
class Answer:
    """Data, and the errors that came beside it: Shopify may send both."""

    data: dict[str, Any]
    errors: list[dict[str, Any]]


def execute(
    shop_domain: str,
    access_token: str,
    document: str,
    variables: Mapping[str, Any],
    *,
    read_seconds: float = READ_SECONDS,
    deadline: Deadline | None = None,
) -> Answer:
    """Run one of our documents in a shop. Short throttling is waited out here.

    Args:
        shop_domain: whose API.
        access_token: the shop's own; passed per call, never kept.
        document: the name of a file in `documents/`, without `.graphql`.
        variables: its variables.
        read_seconds: how long to wait for the answer.
        deadline: when all of it must have ended, waits included; past it nothing is sent.

    Raises:
        NothingSent, Throttled, UnknownOutcome, Refused, TokenRefused, ShopUnavailable: see `errors`.
    """
    path = f"/admin/api/{settings.SHOPIFY_API_VERSION}/graphql.json"
    body = {"query": load(document), "variables": dict(variables), "operationName": document}
    headers = {"X-Shopify-Access-Token": access_token}
    for attempt in range(1, THROTTLED_ATTEMPTS + 1):
        try:
            return judge(post(shop_domain, path, body, headers, read_seconds=read_seconds, deadline=deadline))
        except Throttled as throttled:
            wait = throttled.retry_after_seconds
            if attempt == THROTTLED_ATTEMPTS or wait > LONGEST_WAIT_SECONDS:
                raise
            if deadline is not None and wait >= deadline.left():
                raise
            time.sleep(wait)
    raise AssertionError("the loop returns or raises")


def judge(answer: HttpAnswer) -> Answer:
    """What an HTTP answer means.

    Raises:
        Throttled, UnknownOutcome, Refused, TokenRefused, ShopUnavailable.
    """
    if answer.status == 401:
        raise TokenRefused("http_401", "Shopify does not accept the access token")
    if answer.status in CLOSED:
        raise ShopUnavailable(f"http_{answer.status}", f"the shop is {CLOSED[answer.status]}")
    if answer.status in (429, 430):
        raise Throttled(_seconds(answer.headers.get("Retry-After")))
    if answer.status >= 500 or answer.status < 200:
        raise UnknownOutcome(f"Shopify answered {answer.status}")
    if answer.status >= 300:
        raise Refused(f"http_{answer.status}", "Shopify did not accept the request")
    if not isinstance(answer.body, dict):
        raise UnknownOutcome("Shopify's answer is no JSON object")
    data, errors = answer.body.get("data"), answer.body.get("errors") or []
    if isinstance(errors, str):  # some refusals come as {"errors": "sentence"}
        raise Refused("errors", errors)
    codes = [str((error.get("extensions") or {}).get("code", "")) for error in errors]
    if "THROTTLED" in codes:
        raise Throttled(wait_for_room(answer.body))
    if isinstance(data, dict) and any(value is not None for value in data.values()):
        return Answer(data, errors)
    if not errors:
        return Answer(data or {}, [])
    if "INTERNAL_SERVER_ERROR" in codes:
        raise UnknownOutcome(str(errors[0].get("message", "Shopify failed inside")))
    raise Refused(codes[0] or "GRAPHQL_ERROR", str(errors[0].get("message", "")))


def wait_for_room(body: Mapping[str, Any]) -> float:
    """Seconds until the bucket holds enough: (requested - available) / restore rate; 1 when Shopify does not say."""
    cost = (body.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    requested, available = cost.get("requestedQueryCost"), status.get("currentlyAvailable")
    rate = status.get("restoreRate")
    if requested is None or available is None or not rate:
        return 1.0
    return max(0.1, (float(requested) - float(available)) / float(rate))


def result_of(answer: Answer, mutation: str) -> dict[str, Any]:
    """The payload of a mutation.

    Raises:
        UserErrors: it lists any.
        UnknownOutcome: it is missing, with or without an error beside it.
    """
    payload = answer.data.get(mutation)
    if not isinstance(payload, dict):
        raise UnknownOutcome(f"Shopify's answer holds no {mutation}")
    if payload.get("userErrors"):
        raise UserErrors(payload["userErrors"])
    return payload


def _seconds(header: str | None) -> float:
    try:
        return min(max(float(header or 1), 0.1), 3600)
    except ValueError:
        return 1.0
