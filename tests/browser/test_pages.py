"""Every page, full and empty, on a desk and on a phone: no axe violation, no sideways scroll."""

import pytest
from django.urls import resolve
from playwright.sync_api import Page, ViewportSize

from shopify_app.docs.recipes import RECIPES
from tests.browser.conftest import PHONE
from tests.browser.shop import EMPTY_PATHS, Shop, tried_out

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE_PAGES = [f"/docs/recipes/{recipe.name}" for recipe in RECIPES]
SIZES = [pytest.param({"width": 1280, "height": 800}, id="desk"), pytest.param(PHONE, id="phone")]
ZOOMED: ViewportSize = {"width": 640, "height": 400}
"""What a desk of 1280 × 800 leaves of a page at 200 % zoom (WCAG 1.4.4)."""
WHERE = """() => {
  const links = [...document.querySelectorAll("s-app-nav > a")].map((link) => link.pathname);
  const crumb = document.querySelector("s-page > [slot=breadcrumb-actions]")?.getAttribute("href");
  const way = new URL(crumb ?? location.href, location.href).pathname;
  const above = links.filter((link) => way === link || way.startsWith(link.replace(/\\/?$/, "/")));
  return {
    marked: [...document.querySelectorAll("s-app-nav > a[aria-current=page]")].map((link) => link.pathname),
    found: above.sort((one, other) => other.length - one.length).slice(0, 1),
  };
}"""
"""The entry of the navigation that is marked, and the one where the way back leads; a page without one is its own."""


@pytest.mark.parametrize("size", SIZES)
class TestThePages:
    def test_with_something_on_them(self, page: Page, shop: Shop, log_in, looks_right, size):
        page.set_viewport_size(size)
        root = log_in(shop.user)
        for path in shop.paths():
            answer = page.goto(root + path)
            assert answer is not None
            assert answer.ok, f"{path} answered {answer.status}"
            looks_right()

    def test_while_the_programme_is_tried_out(self, page: Page, shop: Shop, log_in, looks_right, size):
        page.set_viewport_size(size)
        root = log_in(shop.user)
        for path in tried_out(shop):
            page.goto(root + path)
            looks_right()

    def test_before_there_is_anything(self, page: Page, empty_shop: str, log_in, looks_right, size):
        page.set_viewport_size(size)
        root = log_in(empty_shop)
        for path in EMPTY_PATHS:
            page.goto(root + path)
            looks_right()

    def test_outside_the_admin(self, page: Page, live_server, looks_right, size, transactional_db):
        page.set_viewport_size(size)
        for path in ("/", "/docs/api", *RECIPE_PAGES, "/standalone/login/"):
            page.goto(live_server.url + path)
            looks_right()


class TestThePagesAtTwiceTheirSize:
    def test_each_of_them_once_with_something_on_it_and_the_entry_it_is_found_under(
        self, page: Page, shop: Shop, log_in, looks_right
    ):
        page.set_viewport_size(ZOOMED)
        root = log_in(shop.user)
        first = {resolve("/standalone/" + path.partition("?")[0]).route: path for path in reversed(shop.paths())}
        for path in first.values():
            answer = page.goto(root + path)
            assert answer is not None
            assert answer.ok, f"{path} answered {answer.status}"
            looks_right()
            shown = page.evaluate(WHERE)
            assert shown["marked"] == shown["found"], f"{path} is marked under {shown['marked']}"
