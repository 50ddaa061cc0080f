"""Runs of Flow actions as Shopify sends them, made in this process."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.test import Client

from tests.a_shop import AShop


def send(shop: AShop, handle: str, run_id: str = "run-1", **properties: Any) -> Any:
    """One signed delivery of a run; returns the HTTP answer."""
    body = json.dumps(
        {
            "shop_id": "1", "shopify_domain": shop.program.shopify_domain, "action_run_id": run_id,
            "action_definition_id": handle, "handle": handle, "properties": {**properties, "step_reference": "s"},
        }
    ).encode()  # fmt: skip
    digest = hmac.new(settings.SHOPIFY_CLIENT_SECRETS[0].encode(), body, hashlib.sha256).digest()
    return Client().post(
        f"/flow/actions/{handle}", body, content_type="application/json",
        headers={"X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode()},
    )  # fmt: skip
