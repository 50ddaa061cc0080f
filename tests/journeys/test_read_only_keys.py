"""A key that may only read: every operation of the document that reads answers it, every other refuses and changes nothing."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.api.v1.examples import CUSTOMER
from shopify_app.docs.calls import calls
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db
CALLS = calls()


@pytest.fixture
def shop(db):
    made = AShop.new()
    made.member(int(CUSTOMER), email="ada@example.com", points=900, now=timezone.now())
    made.action()
    return made


@pytest.mark.parametrize("operation", CALLS)
def test_may_read_and_not_write(shop, operation):
    call = CALLS[operation]
    headers = {"Authorization": shop.key("read_only"), **call.headers}
    body = json.dumps(call.body) if call.body is not None else ""
    with shop.nothing_changes():
        answer = Client().generic(
            call.method.upper(), call.target, body, content_type="application/json", headers=headers
        )
    if call.method == "get":
        assert answer.status_code in (200, 404)  # the example's other things are not in this shop
    else:
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["code"]) == (403, "read_only_key")
        assert error["detail"] == "This API key is read-only and cannot perform write operations"
