"""The storefront: who one is, the app proxy with Shopify's signature, and pages put into the theme."""

from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from jinja2 import TemplateAssertionError

from sandbox.signing import proxy_signature
from sandbox.theme import Block, Figure, blocks, snippet

from .client import CUSTOMER, ROOT, SECRET, SHOP, Receiver, Sandbox

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

    def test_goes_back_to_where_a_discount_was_applied_and_nowhere_else(self, shop):
        there = f"/shop/{HANDLE}/apps/loyalty/referral"
        for wanted, location in ((there, there), ("https://elsewhere.example/", f"/shop/{HANDLE}")):
            answer = requests.get(
                f"{shop}/discount/TEN", params={"redirect": wanted}, timeout=10, allow_redirects=False
            )
            assert answer.headers["Location"] == location


def carried_out(**how) -> str:
    """The launcher's block."""
    (found,) = [each for each in blocks(ROOT) if each.javascript == "encore-loyalty.js"]
    return snippet(found, proxy="/apps", **how)


class TestTheLauncher:
    MEMBER: ClassVar = {"id": "1", "metafields": {"$app": {"balance": {"value": Figure(0)}}}}
    OFF: ClassVar = {"metafields": {"$app": {"loyalty": {"value": {"points_program": {"enabled": False}}}}}}

    def test_shows_a_members_balance_also_when_it_is_nothing(self):
        assert "<span data-encore-balance>0</span>" in carried_out(visitor=self.MEMBER)
        assert "data-encore-balance" not in carried_out()
        assert 'encore-launcher__balance" hidden' in carried_out(visitor={"id": "1", "metafields": {}})

    def test_is_not_there_while_the_programme_is_off_or_for_visitors_who_are_not_meant(self):
        assert carried_out(shop=self.OFF).strip() == ""
        assert carried_out(chosen={"members_only": True}).strip() == ""
        assert "encore-launcher" in carried_out(chosen={"members_only": True}, visitor=self.MEMBER)

    def test_stands_where_and_reads_as_the_merchant_says_and_runs_nothing(self):
        html = carried_out(chosen={"position": "start", "text": "<script>x</script>", "color": "#ffe066"})
        assert "encore-loyalty--start" in html
        assert "--encore-accent: #ffe066" in html
        assert "<script>" not in html

    def test_reads_in_the_themes_language(self):
        assert "Schließen" in carried_out(locale="de")
        assert "Close" in carried_out(locale="fr")

    def test_a_filter_that_is_not_known_is_seen(self):
        with pytest.raises(TemplateAssertionError):
            snippet(Block("{{ 1 | no_such_filter }}", {}, {}), proxy="/apps")
