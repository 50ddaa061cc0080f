"""The sandbox's control API (sandbox/README.md), as tests speak it."""

import itertools
from typing import Any

import requests

_numbers = itertools.count(1)


class Sandbox:
    """A running sandbox; `url` is also the gateway Encore reaches Shopify through."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One control request; anything but success is an error of the test."""
        answer = self.http.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def new_store(self, **fields: Any) -> str:
        """Create a store nobody else uses; returns its domain."""
        domain = f"store-{next(_numbers)}-{id(self) % 9973}.myshopify.com"
        self.call("PUT", "stores", [{"domain": domain, "name": domain, **fields}])
        return domain

    def store(self, domain: str) -> dict[str, Any]:
        """Everything the store knows: discounts, metafields, triggers, calls received."""
        found: dict[str, Any] = self.call("GET", f"stores/{domain}")
        return found

    def faults(self, domain: str, **switches: Any) -> None:
        """Flip fault switches: down, slow_ms, throttled, lose_answers, revoked, server_error."""
        self.call("PATCH", f"stores/{domain}/faults", switches)

    def id_token(self, domain: str, **claims: Any) -> str:
        """A session token as App Bridge hands it out."""
        token: str = self.call("POST", f"stores/{domain}/id-token", claims)["id_token"]
        return token
