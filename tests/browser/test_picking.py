"""Products and collections are chosen in Shopify's picker; without one their ids are typed."""

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from loyalty.earning.models import EarningRule
from loyalty.rewards.models import Reward
from tests.browser.merchant import Merchant

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def choosing(merchant: Merchant) -> Merchant:
    """The merchant, in front of a new rule for orders, with a catalogue to choose from."""
    catalogue = {
        "collections": [{"id": 7, "title": "Green teas"}, {"id": 8, "title": "Cups"}],
        "products": [{"id": 11, "title": "Sencha"}, {"id": 22, "title": "Oolong"}],
    }
    merchant.stack.sandbox.call("PUT", "stores", [{"domain": merchant.domain, **catalogue}])
    merchant.open("/app/earning-rules/new/place_order")
    expect(merchant.app.get_by_label("Only these products", exact=True)).to_be_visible(timeout=20_000)
    return merchant


def test_what_is_chosen_is_filled_in_and_stored(choosing: Merchant):
    app, page = choosing.app, choosing.page
    app.get_by_role("button", name="Choose: Only these collections").click()
    page.get_by_label("Green teas").check()
    page.get_by_role("button", name="Select").click()
    expect(app.get_by_label("Only these collections", exact=True)).to_have_value("7")
    app.get_by_label("Only these products", exact=True).fill("22")
    app.get_by_role("button", name="Choose: Only these products").click()
    expect(page.get_by_label("Oolong")).to_be_checked()
    page.get_by_label("Sencha").check()
    page.get_by_role("button", name="Select").click()
    choosing.press("Save")
    expect(page.get_by_role("status")).to_contain_text("Earning rule added")
    with scopes_disabled():
        assert EarningRule.objects.get().options == {"collection_ids": [7], "product_ids": [11, 22]}


def test_a_reward_takes_variants_and_what_it_is_for(choosing: Merchant):
    choosing.open("/app/rewards/new")
    app, page = choosing.app, choosing.page
    app.get_by_role("radio", name="Free product").check()
    app.get_by_role("button", name="Choose: Product variants").click()
    page.get_by_label("Sencha").check()
    page.get_by_role("button", name="Select").click()
    app.get_by_role("radio", name="Certain collections").check()
    app.get_by_role("button", name="Choose: Which products or collections").click()
    page.get_by_label("Green teas").check()
    page.get_by_role("button", name="Select").click()
    app.get_by_label("How many are free").fill("1")
    app.get_by_label("Name", exact=True).fill("A tea")
    app.get_by_label("Cost").fill("100")
    choosing.press("Save")
    expect(page.get_by_role("status")).to_contain_text("Reward added")
    with scopes_disabled():
        reward = Reward.objects.get()
    assert [gid.split("/")[3] for gid in reward.variant_gids] == ["ProductVariant"]
    assert (reward.applies_to, reward.applies_to_gids) == ("collections", ["gid://shopify/Collection/7"])


def test_a_picker_that_is_closed_changes_nothing(choosing: Merchant):
    field = choosing.app.get_by_label("Only these collections", exact=True)
    field.fill("9")
    choosing.app.get_by_role("button", name="Choose: Only these collections").click()
    choosing.page.get_by_role("button", name="Cancel").click()
    expect(field).to_have_value("9")


def test_without_shopifys_admin_the_ids_are_typed(page: Page, shop, log_in):
    page.goto(f"{log_in(shop.user)}earning-rules/new/place_order")
    expect(page.get_by_label("Only these products", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Choose: Only these products")).to_be_hidden()
