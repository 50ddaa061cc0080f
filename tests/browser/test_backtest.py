"""A merchant asks what an unsaved form would have cost: beside the form, on a desk and on a phone, with nothing lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Page, expect

from loyalty.earning.models import EarningRule
from loyalty.earning.operations import RuleTerms, create_rule, settle
from loyalty.orders.operations import record_order
from tests.browser.conftest import PHONE
from tests.browser.manifest import complaints_about
from tests.browser.shop import Shop, filled_shop
from tests.operations.loyalty.orders import ORDER, order

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [pytest.param({"width": 1280, "height": 800}, id="desk"), pytest.param(PHONE, id="phone")]
ASK = "What would it have cost?"


def with_orders(shop: Shop) -> EarningRule:
    """A rule for orders, and three orders of the last months."""
    now = timezone.now()
    with scope(program=shop.program):
        terms = RuleTerms(name="Orders", points=5, frequency="unlimited")
        rule = create_rule(program=shop.program, action="place_order", terms=terms, now=now - timedelta(days=300))
        for number, days in enumerate((3, 40, 70)):
            told = order(ORDER + number, 10000, at=now - timedelta(days=days), customer=shop.member.shopify_customer_id)
            settle(order_id=record_order(program=shop.program, told=told, now=now).pk, now=now)
    return rule


@pytest.mark.parametrize("size", SIZES)
class TestTheAnswer:
    def test_stands_in_the_form_and_looks_right(self, page: Page, shop: Shop, log_in, looks_right, size):
        page.set_viewport_size(size)
        rule = with_orders(shop)
        root = log_in(shop.user)
        for path in (f"earning-rules/{rule.public_id}", f"campaigns/{shop.campaign.public_id}", "vip-tiers"):
            page.goto(root + path)
            page.get_by_role("button", name=ASK).click()
            expect(page.get_by_text("Points per month")).to_be_visible()
            looks_right()
            page.get_by_role("button", name="Last 365 days").click()
            expect(page.get_by_text("of the last 365 days")).to_be_visible()
            assert page.url == root + path


class TestWhatWasTyped:
    def test_is_judged_and_stays(self, page: Page, shop: Shop, log_in):
        rule = with_orders(shop)
        page.goto(log_in(shop.user) + f"earning-rules/{rule.public_id}")
        page.get_by_label("Points", exact=True).fill("7")
        page.get_by_role("button", name=ASK).click()
        expect(page.get_by_text("points more than today")).to_be_visible()
        expect(page.get_by_label("Points", exact=True)).to_have_value("7")
        with scopes_disabled():
            assert EarningRule.objects.get(pk=rule.pk).points == 5

    def test_that_is_wrong_is_said_at_its_field_and_saved_once_it_is_right(self, page: Page, shop: Shop, log_in):
        rule = with_orders(shop)
        address = log_in(shop.user) + f"earning-rules/{rule.public_id}"
        page.goto(address)
        page.get_by_label("Points", exact=True).fill("many")
        page.get_by_label("Name", exact=True).fill("All orders")
        page.get_by_role("button", name=ASK).click()
        expect(page.get_by_text("Enter a whole number of points.")).to_be_visible()
        expect(page.get_by_label("Points", exact=True)).to_be_focused()
        expect(page.get_by_label("Name", exact=True)).to_have_value("All orders")
        assert page.url == address
        page.get_by_label("Points", exact=True).fill("9")
        page.get_by_role("button", name=ASK).click()
        expect(page.get_by_text("points more than today")).to_be_visible()
        page.get_by_role("button", name="Save").first.click()
        page.wait_for_url("**/earning-rules")
        with scopes_disabled():
            stored = EarningRule.objects.get(pk=rule.pk)
            assert (stored.points, stored.name) == (9, "All orders")


def test_says_only_what_shopifys_elements_understand(db):
    shop = filled_shop()
    rule = with_orders(shop)
    client = Client()
    client.login(username=shop.user, password=shop.user)
    form = {"name": "Orders", "points": "7", "approval_days": "0", "option_per": "currency_unit", "option_when": "paid"}
    for path in (f"earning-rules/{rule.public_id}", "earning-rules/new/place_order"):
        assert complaints_about(client.get(f"/standalone/{path}").content.decode()) == []
        for fields, status in ((form, 200), ({}, 422)):
            answer = client.post(f"/standalone/{path}/backtest", fields)
            assert answer.status_code == status
            assert complaints_about(answer.content.decode()) == []
