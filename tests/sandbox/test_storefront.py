"""The storefront: who one is, the app proxy with Shopify's signature, and pages put into the theme."""

from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from sandbox.signing import proxy_signature

from .client import CUSTOMER, SECRET, SHOP, Receiver, Sandbox

HANDLE = SHOP.removesuffix(".myshopify.com")


@pytest.fixture
def shop(sandbox: Sandbox) -> str:
    return f"{sandbox.url}/shop/{HANDLE}"


def forwarded(receiver: Receiver) -> dict[str, str]:
    """What the app was asked last."""
    return dict(parse_qsl(urlsplit(receiver.requests[-1]["path"]).query, keep_blank_values=True))


class TestTheProxy:
    def test_forwards_what_was_asked_with_shopifys_parameters_and_signature(self, shop, receiver):
        requests.get(f"{shop}/apps/loyalty/referral?referral_code=A%20B", timeout=10)
        asked = forwarded(receiver)
        assert urlsplit(receiver.requests[-1]["path"]).path == "/proxy/referral"
        signature = asked.pop("signature")
        assert signature == proxy_signature(list(asked.items()), SECRET)
        assert (asked["shop"], asked["referral_code"], asked["logged_in_customer_id"]) == (SHOP, "A B", "")
        assert asked["path_prefix"] == f"/shop/{HANDLE}/apps/loyalty"

    def test_says_who_is_logged_in_and_keeps_the_visitors_cookies(self, shop, receiver):
        with requests.Session() as visitor:
            visitor.post(f"{shop}/log-in", data={"customer": CUSTOMER}, timeout=10, allow_redirects=False)
            visitor.get(f"{shop}/apps/loyalty/referral", timeout=10)
        assert forwarded(receiver)["logged_in_customer_id"] == CUSTOMER
        assert "Cookie" not in receiver.requests[-1]["headers"]

    def test_forwards_a_form(self, shop, receiver):
        requests.post(f"{shop}/apps/loyalty/referral", data={"email": "bo@example.com"}, timeout=10)
        assert receiver.requests[-1]["body"] == b"email=bo%40example.com"

    def test_of_a_store_that_is_not_there_is_not_there(self, sandbox):
        assert requests.get(f"{sandbox.url}/shop/nowhere/apps/loyalty/x", timeout=10).status_code == 404


class TestTheFrontPage:
    def test_shows_the_shop_and_lets_one_be_a_customer(self, shop):
        page = requests.get(shop, timeout=10)
        assert page.status_code == 200
        assert f'<option value="{CUSTOMER}"' in page.text

    def test_remembers_a_discount_for_the_next_order(self, shop):
        with requests.Session() as visitor:
            page = visitor.get(f"{shop}/discount/TEN", timeout=10)
        assert "TEN" in page.text
