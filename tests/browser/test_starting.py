"""A merchant on the first day: from an empty programme over a template to points on a member's page, by clicks alone."""

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from loyalty.earning.operations import enrol
from loyalty.members.ports import Customer
from loyalty.programs.models import Program
from shopify_app.display.operations import note_opened
from shopify_app.display.queries import display_of
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [pytest.param({"width": 1280, "height": 800}, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.mark.parametrize("size", SIZES)
def test_the_defaults_are_a_live_programme(page: Page, empty_shop: str, log_in, looks_right, size):
    page.set_viewport_size(size)
    page.goto(log_in(empty_shop))
    expect(page.get_by_text("0 of 6 steps done")).to_be_visible()
    page.get_by_role("link", name="Choose a programme").click()
    page.get_by_role("link", name="Coffee & consumables").click()
    expect(page.get_by_text("10 points per USD", exact=True)).to_be_visible()
    looks_right()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("Your programme is live: 4 earning rules, a reward, 3 tiers.")).to_be_visible()
    expect(page.get_by_text("3 of 6 steps done")).to_be_visible()

    program = Program.objects.get(shopify_domain=f"{empty_shop}.myshopify.com")
    now = timezone.now()
    page.get_by_role("link", name="Open on-site display").click()
    expect(page.get_by_text("Not seen yet")).to_be_visible()
    looks_right()
    with scope(program=program):  # the merchant switches the launcher on in the theme, and opens it in the shop
        note_opened(display=display_of(program), now=now)
    page.reload()
    expect(page.get_by_text("Customers see it", exact=True)).to_be_visible()
    page.goto(page.url.partition("on-site")[0])
    expect(page.get_by_text("4 of 6 steps done")).to_be_visible()
    with scope(program=program):  # a customer makes an account in the shop
        customer = Customer(7001, "ada@example.com", "Ada", "Lovelace", now)
        enrol(program=program, customer=customer, now=now, source="account")
    page.get_by_role("link", name="Open members").click()
    page.get_by_role("link", name="Ada Lovelace").click()
    expect(page.get_by_role("cell", name="Create an account")).to_be_visible()
    expect(page.get_by_text("+100")).to_be_visible()
    looks_right()

    page.goto(page.url.partition("members")[0])
    expect(page.get_by_text("5 of 6 steps done")).to_be_visible()
    page.goto(f"{page.url}start/coffee")
    expect(page.get_by_text("Everything in it is there already")).to_be_visible()
    expect(page.get_by_role("button", name="Make it")).to_have_count(0)
    looks_right()
