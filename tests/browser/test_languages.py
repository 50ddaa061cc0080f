"""The admin in German, and in a language that runs from right to left: every page answers, fits and is accessible."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.shop import EMPTY_PATHS, Shop

SIZES = [pytest.param({"width": 1280, "height": 800}, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.mark.django_db(transaction=True)
class TestInGerman:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "locale": "de-DE"}

    @pytest.mark.parametrize("size", SIZES)
    def test_every_page_fits(self, page: Page, shop: Shop, log_in_german, looks_right, size):
        page.set_viewport_size(size)
        root = log_in_german(shop.user)
        for path in shop.paths():
            answer = page.goto(root + path)
            assert answer is not None
            assert answer.ok, path
            assert page.evaluate("document.documentElement.lang") == "de"
            looks_right()

    def test_figures_and_the_save_bar_speak_it(self, page: Page, shop: Shop, log_in_german):
        page.goto(log_in_german(shop.user) + f"members/{shop.member.pk}")
        page.get_by_role("button", name="Punkte anpassen").click()
        expect(page.get_by_role("dialog", name="Punkte anpassen")).to_be_visible()
        page.get_by_label("Punkte hinzufügen oder abziehen").fill("12345")
        page.locator("#adjust").get_by_label("Grund").fill("Kulanz")
        page.locator("#adjust").get_by_role("button", name="Anpassen").click()
        expect(page.locator("#balance")).to_contain_text("12.")

    @pytest.fixture
    def log_in_german(self, page: Page, live_server):
        def log_in(user: str) -> str:
            page.goto(f"{live_server.url}/standalone/login/?next=/standalone/gallery")
            page.locator("s-text-field input").fill(user)
            page.locator("s-password-field input").fill(user)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "login" not in url)
            return f"{live_server.url}/standalone/"

        return log_in


@pytest.mark.django_db(transaction=True)
class TestFromRightToLeft:
    """No such language is offered yet; what would break is the layout, so the direction alone is turned."""

    @pytest.mark.parametrize("size", SIZES)
    def test_every_page_fits(self, page: Page, shop: Shop, log_in, looks_right, size):
        page.set_viewport_size(size)
        root = log_in(shop.user)
        page.add_init_script(
            "new MutationObserver((_, o) => { if (document.documentElement) { document.documentElement.dir = 'rtl';"
            " o.disconnect(); } }).observe(document, { childList: true })"
        )
        for path in [*shop.paths(), *EMPTY_PATHS[:3]]:
            page.goto(root + path)
            assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
            left = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
            assert left <= 0, path
            looks_right()
