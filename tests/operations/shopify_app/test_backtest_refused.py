"""A back-test that is refused shows its page again, with what saving would change, as far as it can be said."""

import pytest
from django.test import Client

from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop
from tests.operations.shopify_app.test_consequences import ORDERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.mark.parametrize("kind", ["rule", "campaign", "ladder"])
def test_tells_what_is_wrong_beside_the_stored_values(shop, kind):
    rule = shop.rule("place_order", 3, frequency="unlimited")
    shop.tier("Bronze", 0)
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "rule": (f"earning-rules/{rule.public_id}", {**ORDERS, "points": "many"}),
        "campaign": ("campaigns/new", {"name": "", "starts_on": "2026-03-01"}),
        "ladder": ("vip-tiers", {"name_0": ""}),
    }
    path, fields = asked[kind]
    client = Client()
    client.login(username="ada", password="ada")
    answer = client.post(f"/standalone/{path}/backtest", fields)
    assert answer.status_code == 422
    assert answer.context["consequence"].is_valid is False
    assert answer.content.decode().count("Some fields need another look before anything can be said.") == 1
