"""What saving changes is said while somebody types: it follows the values, and the field keeps the focus."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shop import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def test_follows_typed_values_and_leaves_the_focus_alone(page: Page, shop: Shop, log_in):
    page.goto(log_in(shop.user) + f"rewards/{shop.reward.public_id}")
    said = page.locator("#consequence")
    expect(said).to_contain_text("Nothing is different from what is saved.")
    page.get_by_label("Name", exact=True).fill("Five off")
    cost = page.get_by_role("textbox", name="Cost").or_(page.get_by_role("spinbutton", name="Cost"))
    cost.click()
    expect(said).to_contain_text("5 off → Five off")
    expect(cost).to_be_focused()
    cost.fill("250")
    cost.blur()
    expect(said).to_contain_text("Cost: 100 → 250")
    expect(said).to_contain_text("at 100 points it was")


def test_stays_away_from_what_is_wrong(page: Page, shop: Shop, log_in):
    page.goto(log_in(shop.user) + f"rewards/{shop.reward.public_id}")
    name = page.get_by_label("Name", exact=True)
    name.fill("")
    name.blur()
    expect(page.locator("#consequence")).to_contain_text("Some fields need another look")
