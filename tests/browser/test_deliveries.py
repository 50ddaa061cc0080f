"""Deliveries, as a merchant presses them: a filter chosen, all of it sent again after reading what that does."""

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from loyalty.outbox.models import Delivery
from tests.browser.conftest import PHONE
from tests.browser.shop import Shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
class TestSendingAllAgain:
    def test_of_a_receiver_says_what_it_does_and_does_it(self, page: Page, shop: Shop, log_in, size):
        page.set_viewport_size(size)
        page.goto(log_in(shop.user) + "deliveries")
        page.get_by_label("State", exact=True).select_option("unknown")
        page.wait_for_url("**state=unknown**")
        page.get_by_role("button", name="Send all again (1)").click()
        expect(page.get_by_role("dialog", name="Send all 1 again?")).to_be_visible()
        dialog = page.locator("#resend-all")
        expect(dialog).to_contain_text("Omnisend: events")
        expect(dialog).to_contain_text("These may act twice")
        dialog.get_by_role("button", name="Send all again").click()
        expect(page.get_by_text("1 on their way again.")).to_be_visible()
        expect(page.get_by_text("Nothing matches these filters.")).to_be_visible()
        with scope(program=shop.program):
            assert not Delivery.objects.filter(state="unknown").exists()

    def test_of_a_gift_that_failed_is_tried_from_its_own_page(self, page: Page, shop: Shop, log_in, size):
        page.set_viewport_size(size)
        page.goto(log_in(shop.user) + "deliveries?to=codes")
        page.get_by_role("link", name="5 off").click()
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("dialog", name="Try it again?")).to_be_visible()
        page.locator("#resend").get_by_role("button", name="Try again").click()
        expect(page.get_by_text("It is being made again.")).to_be_visible()
        expect(page.get_by_text("Waiting", exact=True)).to_be_visible()
