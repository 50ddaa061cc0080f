"""Encore in the admin's frame: tokens that end, forms that are refused, reloads and Back, as a merchant meets them."""

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import expect

from loyalty.earning.models import EarningRule
from tests.browser.merchant import Merchant

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def inside(merchant: Merchant) -> Merchant:
    """The merchant, with Encore installed and Home open."""
    merchant.open()
    expect(merchant.app.get_by_text("Set up your programme")).to_be_visible(timeout=20_000)
    return merchant


def fill_in_an_action(merchant: Merchant, points: str) -> None:
    merchant.open("/app/earning-rules/new/custom")
    merchant.app.get_by_label("Name", exact=True).fill("Event")
    merchant.app.get_by_label("Points", exact=True).fill(points)


class TestAForm:
    def test_that_is_refused_keeps_what_was_typed_and_the_address(self, inside: Merchant):
        fill_in_an_action(inside, "some")
        inside.press("Save")
        expect(inside.app.get_by_text("Enter a whole number of points.")).to_be_visible()
        expect(inside.app.get_by_label("Name", exact=True)).to_have_value("Event")
        expect(inside.page.get_by_label("Address in the app")).to_have_value("/app/earning-rules/new/custom")

    def test_saved_with_a_token_that_has_ended_makes_one_record_and_a_toast(self, inside: Merchant):
        fill_in_an_action(inside, "10")
        inside.page.get_by_text("Switches").click()
        inside.page.get_by_label("Next session token").select_option("expired")
        inside.press("Save")
        expect(inside.page.get_by_role("status")).to_contain_text("Custom action added")
        expect(inside.app.get_by_role("region", name="curl command")).to_be_visible()
        with scopes_disabled():
            assert EarningRule.objects.filter(action_key="event").count() == 1


class TestAPage:
    def test_reloaded_without_a_token_comes_back_through_the_bounce_page(self, inside: Merchant):
        inside.sidebar("Rewards")
        expect(inside.page.get_by_role("heading", level=1, name="Rewards")).to_be_visible()
        inside.page.get_by_text("Switches").click()
        inside.page.get_by_role("button", name="Reload the frame without a token").click()
        expect(inside.app.get_by_text("Nothing to spend points on yet")).to_be_visible()
        expect(inside.page.get_by_label("Address in the app")).to_have_value("/app/rewards")

    def test_is_found_again_with_back(self, inside: Merchant):
        inside.sidebar("Rewards")
        expect(inside.app.get_by_text("Nothing to spend points on yet")).to_be_visible()
        inside.app.get_by_role("link", name="Add reward").click()
        expect(inside.app.get_by_label("Cost")).to_be_visible()
        inside.page.go_back()
        expect(inside.app.get_by_text("Nothing to spend points on yet")).to_be_visible()

    def test_leaves_no_cookie_of_encore(self, inside: Merchant):
        inside.sidebar("Members")
        expect(inside.app.get_by_text("No members yet")).to_be_visible()
        assert [c for c in inside.page.context.cookies() if "csrf" in c["name"] or "session" in c["name"]] == []
