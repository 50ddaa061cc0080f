"""The admin page and the stub App Bridge, in a real browser with the smallest embedded app."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Dialog, FrameLocator, Page, expect

from .client import CLIENT_ID, SHOP, Receiver, Sandbox, free_port

HANDLE = "first"
expect.set_options(timeout=15_000)  # two cores, and other tests beside these


@pytest.fixture
def admin(sandbox: Sandbox, receiver: Receiver, page: Page) -> Iterator[str]:
    """Open the app in the admin; a script error in either document fails the test."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    origin = sandbox.url.replace("127.0.0.1", "localhost")
    page.goto(f"{origin}/store/{HANDLE}/apps/encore/app/")
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    yield origin
    assert errors == []


def frame(page: Page) -> FrameLocator:
    """The app's document."""
    return page.frame_locator("iframe")


def asked(receiver: Receiver, path: str) -> list[dict[str, Any]]:
    """Requests the app got for a path."""
    return [item for item in receiver.requests if item["path"].split("?")[0] == path]


class TestFirstOpen:
    def test_the_frame_gets_every_parameter_and_draws_its_chrome_outside(
        self, admin: str, page: Page, receiver: Receiver
    ) -> None:
        first = asked(receiver, "/app/")[0]["path"]
        for name in (
            "embedded=1",
            "hmac=",
            "host=",
            "id_token=",
            "locale=en",
            "session=",
            f"shop={SHOP}",
            "timestamp=",
        ):
            assert name in first
        navigation = page.get_by_role("navigation", name="Apps")
        expect(navigation.get_by_role("link", name="Rules")).to_be_visible()
        page.get_by_role("button", name="Press").click()
        expect(page.get_by_role("status")).to_have_text("Pressed")

    def test_the_app_opened_alone_goes_into_the_admin(self, admin: str, page: Page, receiver: Receiver) -> None:
        url = requests.get(f"{admin}/store/{HANDLE}/frame?path=/app/rules", timeout=10).json()["url"]
        page.goto(url)
        expect(page).to_have_url(f"{admin}/store/{HANDLE}/apps/encore/app/rules")


class TestTokens:
    def test_a_fetch_carries_a_bearer_token(self, admin: str, page: Page, receiver: Receiver) -> None:
        frame(page).get_by_role("button", name="Call").click()
        expect(page.get_by_role("status")).to_have_text("Answer 200")
        headers = asked(receiver, "/app/data")[0]["headers"]
        assert headers["Authorization"].startswith("Bearer ")
        assert headers["X-Requested-With"] == "XMLHttpRequest"

    @pytest.mark.parametrize("kind", ["expired", "audience", "shop"])
    def test_a_bad_token_is_retried_once_with_a_fresh_one(
        self, admin: str, page: Page, receiver: Receiver, kind: str
    ) -> None:
        page.get_by_text("Switches").click()
        page.get_by_label("Next session token").select_option(kind)
        frame(page).get_by_role("button", name="Call").click()
        expect(page.get_by_role("status")).to_have_text("Answer 200")
        assert [item["status"] for item in asked(receiver, "/app/data")] == [401, 200]

    def test_a_reload_without_a_token_bounces_back_to_the_page(
        self, admin: str, page: Page, receiver: Receiver
    ) -> None:
        page.get_by_text("Switches").click()
        receiver.forget()
        page.get_by_role("button", name="Reload the frame without a token").click()
        expect(frame(page).get_by_role("button", name="Call")).to_be_visible()
        statuses = [(item["path"].split("?")[0], item["status"]) for item in receiver.requests]
        assert statuses[:3] == [("/app/", 302), ("/auth/bounce", 200), ("/app/", 200)]
        assert receiver.requests[2]["headers"]["X-Shopify-Bounce"] == "1"
        frame(page).get_by_role("button", name="Call").click()
        expect(page.get_by_role("status")).to_have_text("Answer 200")


class TestNavigation:
    def test_a_sidebar_click_clicks_the_link_in_the_app(self, admin: str, page: Page) -> None:
        page.get_by_role("navigation", name="Apps").get_by_role("link", name="Rules").click()
        expect(page.get_by_role("heading", name="Rules")).to_be_visible()
        expect(page).to_have_url(f"{admin}/store/{HANDLE}/apps/encore/app/rules")
        page.get_by_role("button", name="Back home").click()
        expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()

    def test_a_deep_link_opens_that_page(self, admin: str, page: Page) -> None:
        page.goto(f"{admin}/store/{HANDLE}/apps/encore/app/rules")
        expect(page.get_by_role("heading", name="Rules")).to_be_visible()


class TestSaveBar:
    def test_it_shows_while_the_form_differs_and_saves_or_discards(self, admin: str, page: Page) -> None:
        bar, field = page.get_by_role("region", name="Unsaved changes"), frame(page).get_by_label("Points")
        expect(bar).to_be_hidden()
        field.fill("7")
        expect(bar).to_be_visible()
        bar.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_have_text("Saved 7")
        bar.get_by_role("button", name="Discard").click()
        expect(bar).to_be_hidden()
        expect(field).to_have_value("5")

    def test_leaving_asks_first(self, admin: str, page: Page) -> None:
        answers: list[bool] = [False, True]

        def decide(dialog: Dialog) -> None:
            if answers.pop(0):
                dialog.accept()
            else:
                dialog.dismiss()

        page.on("dialog", decide)
        frame(page).get_by_label("Points").fill("7")
        expect(page.get_by_role("region", name="Unsaved changes")).to_be_visible()
        link = page.get_by_role("navigation", name="Apps").get_by_role("link", name="Rules")
        link.click()
        expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
        link.click()
        expect(page.get_by_role("heading", name="Rules")).to_be_visible()


class TestOrigins:
    def test_messages_from_anyone_else_are_not_heard(self, admin: str, page: Page) -> None:
        page.evaluate("window.postMessage({sandboxBridge: true, type: 'toast', message: 'x', duration: 9000}, '*')")
        frame(page).get_by_role("button", name="Call").click()
        expect(page.get_by_role("status")).to_have_text("Answer 200")

    def test_no_other_site_may_frame_the_admin_or_use_the_control_api(self, admin: str) -> None:
        response = requests.get(f"{admin}/store/{HANDLE}/apps/encore", timeout=10)
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        foreign = {"Origin": f"http://127.0.0.1:{free_port()}"}
        answer = requests.post(f"{admin}/_sandbox/stores/{SHOP}/id-token", json={}, headers=foreign, timeout=10)
        assert answer.status_code == 403


@pytest.mark.parametrize("width", [1280, 390])
def test_the_admin_fits_and_is_accessible(
    admin: str, page: Page, axe_check: Callable[[Page], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    axe_check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert CLIENT_ID
