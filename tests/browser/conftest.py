"""A logged-in merchant in a real browser, over a live server; no request leaves the machine, no script error passes."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.merchant import ADA, Merchant
from tests.browser.shop import Shop, empty_program, filled_shop
from tests.stack import Stack

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(context: BrowserContext, page: Page, live_server: Any) -> Iterator[Page]:
    """The browser's page; it fails the test on a request to elsewhere and on a script error."""
    faults: list[str] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(live_server.url).netloc:
            route.continue_()
            return
        faults.append(route.request.url)
        route.abort()

    context.route("**/*", guard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert not faults, faults
    unknown = page.evaluate("[...(window.polarisStandIn?.unknownIcons || [])]")
    assert not unknown, f"icons the stand-in does not draw: {unknown}"


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    """A programme with something on every page."""
    return filled_shop()


@pytest.fixture
def empty_shop(transactional_db: None) -> str:
    """A programme on its first day; returns the name of its login."""
    empty_program()
    return "empty"


@pytest.fixture
def log_in(page: Page, live_server: Any) -> Callable[[str], str]:
    """Logs a user in (the password is the name) and returns the address of the admin's root."""

    def log_in(user: str) -> str:
        page.goto(f"{live_server.url}/standalone/login/?next=/standalone/gallery")
        page.get_by_label("Name").fill(user)
        page.get_by_label("Password").fill(user)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/standalone/gallery")
        return f"{live_server.url}/standalone/"

    return log_in


@pytest.fixture
def looks_right(page: Page, axe_check: Any) -> Callable[[], None]:
    """Fails when axe finds anything or the page scrolls sideways."""

    def check() -> None:
        width, scroll = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        assert scroll <= width, f"{page.url} is {scroll} px wide in a window of {width}"
        axe_check(page)

    return check


@pytest.fixture
def merchant(browser: Browser, browser_context_args: dict[str, Any], stack: Stack) -> Iterator[Merchant]:
    """A merchant whose shop has one customer; the page fails the test on a script error."""
    domain = stack.sandbox.new_store(name="Walk & Co", customers=[ADA])
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Merchant(page, stack, domain)
    context.close()
    assert not faults, faults
