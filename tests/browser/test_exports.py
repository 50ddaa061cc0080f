"""Exports, as a merchant presses them: a file comes down, in Shopify's frame without a cookie as well as standalone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from loyalty.earning.operations import enrol
from loyalty.members.ports import Customer
from loyalty.programs.models import Program
from tests.browser.merchant import Merchant
from tests.browser.shop import Shop


@pytest.mark.django_db(transaction=True)
class TestStandalone:
    def test_holds_what_the_filter_shows(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "members")
        page.get_by_label("Search by name, e-mail, customer id or referral code").fill("customer7@example.com")
        page.keyboard.press("Enter")
        expect(page.get_by_text("1 member found")).to_be_visible()
        with page.expect_download() as coming:
            page.get_by_role("button", name="Export CSV").click()
        lines = Path(coming.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == 2
        assert lines[1].startswith("7007,customer7@example.com,")
        expect(page.get_by_text("1 member found")).to_be_visible()

    def test_a_filter_is_taken_off_by_its_button(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "activity")
        page.get_by_label("By whom").select_option("staff")
        page.wait_for_url("**by=staff**")
        expect(page.get_by_text("1 movement of points")).to_be_visible()
        page.get_by_role("link", name="Remove the filter By Staff").click()
        expect(page.get_by_text("1 movement of points")).to_be_hidden()


@pytest.mark.live
@pytest.mark.timeout(180)
@pytest.mark.django_db(transaction=True)
class TestInTheFrame:
    def test_comes_down_without_leaving_the_page(self, merchant: Merchant):
        merchant.open()
        expect(merchant.app.get_by_text("Set up your programme")).to_be_visible(timeout=20_000)
        program = Program.objects.get(shopify_domain=merchant.domain)
        now = datetime.now(UTC)
        customer = Customer(4100001, "ada@example.com", "Ada", "Lovelace", now)
        with scope(program=program):
            enrol(program=program, customer=customer, now=now, source="test")
        merchant.sidebar("Members")
        expect(merchant.app.get_by_text("1 member", exact=True)).to_be_visible()
        with merchant.page.expect_download() as coming:
            merchant.app.get_by_role("button", name="Export CSV").click()
        text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
        assert text.splitlines()[1].startswith("4100001,ada@example.com,Ada,Lovelace,")
        expect(merchant.app.get_by_text("1 member", exact=True)).to_be_visible()
