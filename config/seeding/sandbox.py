"""The sandbox's control API, as the seed commands speak it."""

from __future__ import annotations

from typing import Any

import requests
from django.conf import settings

TIMEOUT_SECONDS = 60


class SandboxUnreachable(Exception):
    """The sandbox does not answer; the text is a sentence."""


def control(method: str, path: str, body: Any = None) -> Any:
    """Makes one control call and returns the answer's JSON.

    Raises:
        SandboxUnreachable: No sandbox answers, or it refuses the call.
    """
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.request(
            method, f"{settings.SHOPIFY_GATEWAY}/_sandbox/{path}", json=body, timeout=TIMEOUT_SECONDS
        )
    except requests.RequestException as error:
        raise SandboxUnreachable(f"The sandbox at {settings.SHOPIFY_GATEWAY} does not answer.") from error
    if not answer.ok:
        raise SandboxUnreachable(f"The sandbox refused {method} {path}: {answer.status_code} {answer.text[:300]}")
    return answer.json() if answer.content else None


def put_stores(stores: list[dict[str, Any]]) -> None:
    """Creates or updates stores in the sandbox."""
    control("PUT", "stores", stores)


def id_token(domain: str) -> str:
    """Returns a session token of a store's owner, as App Bridge would."""
    return str(control("POST", f"stores/{domain}/id-token", {})["id_token"])


def set_faults(domain: str, faults: dict[str, Any]) -> None:
    """Switches faults of a store on or off."""
    control("PATCH", f"stores/{domain}/faults", faults)
