"""A shop whose doors answer over real HTTP, with the real workers behind them and the sandbox's Shopify beyond."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from django.utils import timezone

from config.launcher.processes import wait_until
from loyalty.integrations.operations import connect
from loyalty.outbox.models import Delivery, Event
from shopify_app.shops.models import Shop
from tests.a_shop import AShop
from tests.journeys.referring import ReferringShop
from tests.sandbox_client import Sandbox
from tests.servers import KEYS
from tests.stack import Stack

KLAVIYO_KEY = "pk_0000000000000000000journeys"


@dataclass
class LiveShop(AShop):
    """The shop as callers meet it. `rest` speaks with a full key that is never throttled."""

    stack: Stack = field(kw_only=True)
    sandbox: Sandbox = field(kw_only=True)
    secret: str = field(default="", kw_only=True)

    @property
    def domain(self) -> str:
        return self.program.shopify_domain

    def rest(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> requests.Response:
        """One call; `key` is the Idempotency-Key."""
        sent = {"Authorization": self.secret, **headers, **({"Idempotency-Key": key} if key else {})}
        return requests.request(method, f"{self.stack.base_url}/v1/{path}", json=body, headers=sent, timeout=30)

    def flow(self, properties: dict[str, Any], **how: Any) -> dict[str, Any]:
        """A run of "Award custom action", as the sandbox's Flow makes it; returns the run with its attempts."""
        body = {"handle": "award-custom-action", "properties": properties, **how}
        run: dict[str, Any] = self.sandbox.call("POST", f"stores/{self.domain}/flow-runs", body)
        return run

    def deliver_again(self, run: dict[str, Any], **how: Any) -> dict[str, Any]:
        """The same run once more."""
        again: dict[str, Any] = self.sandbox.call("POST", f"stores/{self.domain}/flow-runs/{run['id']}/deliver", how)
        return again

    def flow_by_hand(self, body: Any, *, handle: str = "award-custom-action", signature: str | None = None) -> Any:
        """A signed request that the sandbox would not make."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        secret = KEYS["SHOPIFY_CLIENT_SECRETS"].split(",")[0]
        proof = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
        headers = {"X-Shopify-Hmac-Sha256": proof if signature is None else signature}
        return requests.post(f"{self.stack.base_url}/flow/actions/{handle}", data=raw, headers=headers, timeout=15)

    def store(self) -> dict[str, Any]:
        return self.sandbox.store(self.domain)

    def codes(self) -> dict[str, dict[str, Any]]:
        """The discounts in Shopify, by code."""
        return {each["code"]: each for each in self.store()["discounts"]}

    def connect_klaviyo(self) -> None:
        """The shop's own account at the stand-in."""
        with self.scope():
            connect(program=self.program, vendor="klaviyo", key=KLAVIYO_KEY, now=timezone.now())

    def klaviyo(self) -> dict[str, Any]:
        found: dict[str, Any] = self.sandbox.call("GET", f"vendors/klaviyo?key={KLAVIYO_KEY}")
        return found

    def waiting_events(self) -> bool:
        """Whether something has happened that the relay has told nobody of yet."""
        return Event.objects.filter(fanned_out_at=None).exists()

    def eventually(self, is_true: Callable[[], Any], seconds: float = 20) -> None:
        """Poll until it holds; the worker's last words and the deliveries say why it did not."""
        if not wait_until(lambda: bool(is_true()), seconds, pause=0.1):
            with self.scope():
                left = list(Delivery.objects.values_list("destination", "state", "attempts", "last_error"))
                waiting = Event.objects.filter(fanned_out_at=None).count()
            pytest.fail(f"not within {seconds} s; deliveries {left}; events waiting {waiting}")


@pytest.fixture
def referring(installed_shop: Shop, sandbox: Sandbox) -> Iterator[ReferringShop]:
    """An installed shop in scope whose storefront and webhooks tests speak for; audited at the end."""
    made = ReferringShop(installed_shop.program)
    made.sandbox = sandbox
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def live(stack: Stack, installed_shop: Shop) -> Iterator[LiveShop]:
    """An installed shop with a member (customer 7001) and an action `app_install` of 100 points; audited at the end."""
    stack.sandbox.call("DELETE", "vendors/klaviyo")
    made = LiveShop(installed_shop.program, stack=stack, sandbox=stack.sandbox)
    made.secret = made.key()
    made.member(7001, email="ada@example.com", now=timezone.now())
    yield made
    made.assert_sound()
