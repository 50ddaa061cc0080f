"""The launcher and the panel in a shop, by keyboard alone: open, read, redeem, see the code; on a desk and on a phone.

The shop is the sandbox's storefront with the theme's block carried out; Encore runs as in the demo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from loyalty.earning.operations import adjust_points
from tests.a_shop import AShop
from tests.browser.conftest import PHONE
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
SIZES = [pytest.param({"width": 1280, "height": 800}, id="desk"), pytest.param(PHONE, id="phone")]
INSIDE = "document.querySelector('.encore-panel').contains(document.activeElement)"
COLOUR = "getComputedStyle(document.querySelector('.encore-launcher')).color"


class Shopper:
    """Somebody in front of the shop, who uses no mouse."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def come(self, customer: str = "") -> None:
        """Opens the front page, as a customer or as a visitor."""
        self.page.goto(self.url)
        if customer:
            self.page.locator("#who").select_option(customer)
            self.page.get_by_role("button", name="Go on").press("Enter")
            self.page.wait_for_load_state()

    def open(self) -> None:
        """Reaches the launcher with Tab and opens the panel."""
        launcher = self.page.locator(".encore-launcher")
        for _ in range(30):
            self.page.keyboard.press("Tab")
            if launcher.evaluate("node => node === document.activeElement"):
                break
        self.page.keyboard.press("Enter")
        self.page.locator(".encore-head").wait_for()

    def to(self, name: str) -> None:
        """Reaches a button or link of the panel with Tab, and never leaves the panel on the way."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(f"{INSIDE} || document.activeElement === document.body")
            if self.page.evaluate("document.activeElement.textContent").strip().startswith(name):
                return
        raise AssertionError(f"{name} is not reached")


@pytest.fixture
def shop(stack: Stack, installed_shop: Any) -> Iterator[AShop]:
    """A shop with two rules, two rewards and a member of 450 points; audited at the end."""
    made = AShop(installed_shop.program)
    made.tier("Bronze", 0), made.tier("Gold", 5000)
    made.rule("place_order", 3, name="Order something")
    made.reward(300, name="Tea for two", expiry_days=30)
    made.reward(900, name="Tea for six")
    made.member(7001, points=450, email="ada@example.com", now=timezone.now())
    yield made
    made.assert_sound()


@pytest.fixture
def shopper(browser: Browser, browser_context_args: dict[str, Any], stack: Stack, shop: AShop) -> Iterator[Shopper]:
    """A browser in the shop; a script error fails the test."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Shopper(page, f"{stack.environment['SANDBOX_URL']}/shop/{shop.program.handle}")
    context.close()
    assert not faults, faults


def looks_right(page: Page, axe_check: Any) -> None:
    width, scroll = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert scroll <= width
    axe_check(page)


@pytest.mark.parametrize("size", SIZES)
class TestByKeyboard:
    def test_a_member_redeems_and_sees_the_code(self, shopper, shop, axe_check, size):
        page = shopper.page
        page.set_viewport_size(size)
        shopper.come("7001")
        looks_right(page, axe_check)
        shopper.open()
        expect(page.get_by_role("heading", name="450 points")).to_be_focused()
        expect(page.get_by_text("450 points to go")).to_be_visible()
        looks_right(page, axe_check)
        shopper.to("Redeem: Tea for two")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Tea for two")).to_be_focused()
        looks_right(page, axe_check)
        shopper.to("Redeem for 300 points")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="It is yours: 5 USD off")).to_be_focused(timeout=20_000)
        looks_right(page, axe_check)
        code = page.locator(".encore-code").inner_text()
        assert shop.balances(shop.member(7001), timezone.now()).available == 150
        shopper.to("Apply to the cart")
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"The code {code} is applied")).to_be_visible()

    def test_escape_closes_and_gives_the_focus_back(self, shopper, size):
        page = shopper.page
        page.set_viewport_size(size)
        shopper.come()
        shopper.open()
        page.keyboard.press("Escape")
        expect(page.locator(".encore-panel")).to_be_hidden()
        expect(page.locator(".encore-launcher")).to_be_focused()

    def test_a_visitor_chooses_what_to_read_with_the_arrow_keys(self, shopper, axe_check, size):
        page = shopper.page
        page.set_viewport_size(size)
        shopper.come()
        shopper.open()
        expect(page.get_by_role("heading", name="Order something")).to_be_visible()
        page.get_by_role("radio", name="Earn").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", name="Gold")).to_be_visible()
        expect(page.get_by_role("heading", name="Order something")).to_be_hidden()
        looks_right(page, axe_check)
        login = page.get_by_role("link", name="Log in").get_attribute("href")
        assert login.endswith(f"/account/login?return_to={quote(urlsplit(shopper.url).path, safe='')}")


class TestTheLauncher:
    def test_shows_the_balance_off_the_customer_and_asks_the_app_for_nothing(self, shopper, shop):
        asked: list[str] = []
        shopper.page.on("request", lambda request: asked.append(request.url))
        shop.give(shop.member(7001), 1000, now=timezone.now())
        with shop.scope():  # what happens to a member is written onto the customer
            adjust_points(member=shop.member(7001), points=5, source="staff", now=timezone.now())
        shopper.come("7001")
        shown = shopper.page.locator("[data-encore-balance]")
        for _ in range(60):
            if shown.is_visible():
                break
            shopper.page.wait_for_timeout(500)
            shopper.page.reload()
        expect(shown).to_have_text("1,455")
        assert not [url for url in asked if "/apps/loyalty/panel" in url]


class TestThePanel:
    def test_fills_a_phone_and_follows_the_direction_of_the_page(self, shopper):
        page = shopper.page
        shopper.come()
        page.evaluate("document.documentElement.dir = 'rtl'")
        shopper.open()
        box = page.locator(".encore-panel").bounding_box()
        assert box["x"] < 100
        page.set_viewport_size(PHONE)
        assert page.locator(".encore-panel").bounding_box() == {"x": 0, "y": 0, **PHONE}

    def test_opens_from_a_link_of_the_theme(self, shopper):
        page = shopper.page
        page.goto(f"{shopper.url}#encore-loyalty")
        page.locator(".encore-head").wait_for()

    def test_says_so_when_the_app_is_not_reached_and_tries_again(self, shopper):
        page = shopper.page
        shopper.come()
        page.route("**/panel?*", lambda route: route.abort())
        page.locator(".encore-launcher").click()
        expect(page.get_by_role("alert")).to_contain_text("That did not work just now.")
        page.unroute("**/panel?*")
        page.get_by_role("button", name="Try again").click()
        page.locator(".encore-head").wait_for()

    def test_a_lost_answer_to_redeeming_is_asked_for_again_and_spends_once(self, shopper, shop):
        page, lost = shopper.page, []
        shopper.come("7001")
        shopper.open()
        page.get_by_role("button", name=re.compile("Redeem.*Tea for two")).click()

        def lose(route: Any) -> None:
            if route.request.method == "POST" and not lost:
                lost.append(route.fetch())  # done, and never told
                route.abort()
            else:
                route.continue_()

        page.route("**/panel/rewards/*", lose)
        page.get_by_role("button", name="Redeem for 300 points").click()
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="It is yours: 5 USD off")).to_be_visible(timeout=20_000)
        assert lost
        assert shop.balances(shop.member(7001), timezone.now()).available == 150

    def test_a_text_colour_that_cannot_be_read_gives_way(self, shopper):
        page = shopper.page
        shopper.come()
        assert page.evaluate(COLOUR) == "rgb(255, 255, 255)"

        def pale(route: Any) -> None:
            answer = route.fetch()
            route.fulfill(
                response=answer, body=answer.text().replace("--encore-accent: #1c1c1c", "--encore-accent: #ffe066")
            )

        page.route(shopper.url, pale)
        page.reload()
        assert page.evaluate(COLOUR) == "rgb(0, 0, 0)"
