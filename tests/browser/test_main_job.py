"""The main job, walked in a browser as a merchant would: an action made in the admin, a Flow run, points spent, a code.

The admin is the sandbox's, Encore runs as in the demo: its real web server, workers and scheduler (issue 2, section 8).
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

ADA = {
    "id": 4100001,
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "created_at": "2025-01-01T00:00:00Z",
}
KLAVIYO_KEY = "pk_0123456789abcdef01234567walk"


def eventually(check: Callable[[], Any], seconds: float = 30) -> Any:
    """Waits until `check` returns something true, and returns it."""
    end = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < end:
        time.sleep(0.2)
    assert found, "it never came"
    return found


class Merchant:
    """Somebody in front of the sandbox's admin."""

    def __init__(self, page: Page, stack: Stack, domain: str) -> None:
        self.page, self.stack, self.domain = page, stack, domain
        self.handle = domain.removesuffix(".myshopify.com")
        self.sandbox_url = stack.environment["SANDBOX_URL"]

    @property
    def app(self) -> FrameLocator:
        """Encore, inside the admin's frame."""
        return self.page.frame_locator("iframe")

    def open(self, path: str = "") -> None:
        """Opens a page of Encore in the admin by its address."""
        self.page.goto(f"{self.sandbox_url}/store/{self.handle}/apps/encore{path}")

    def sidebar(self, name: str) -> None:
        """Clicks one of Encore's rooms in the admin's own navigation."""
        self.page.get_by_role("link", name=name, exact=True).click()

    def press(self, name: str) -> None:
        """Presses a button of the admin: in the title bar, which shows the page's actions, or in the save bar."""
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def create_action(self) -> None:
        """Makes the custom action `mobile_app_install`: 100 points, once per customer."""
        self.sidebar("Earning rules")
        self.app.get_by_role("heading", level=1, name="Earning rules").wait_for()
        self.open("/app/earning-rules/new")
        self.app.get_by_role("link", name="Custom action").click()
        self.app.get_by_label("Name", exact=True).fill("Mobile app install")
        expect(self.app.get_by_role("textbox", name="Action key")).to_have_value("mobile_app_install")
        self.app.get_by_label("Points", exact=True).fill("100")
        expect(self.app.get_by_role("radio", name="Once per customer")).to_be_checked()
        self.press("Save")
        expect(self.app.get_by_role("region", name="curl command")).to_contain_text("mobile_app_install")

    def create_api_key(self) -> str:
        """Makes a full key and returns it, as shown this once."""
        self.open("/app/settings/developer")
        self.press("Create API key")
        self.app.get_by_label("Name", exact=True).fill("Walk")
        self.app.get_by_role("button", name="Create key").click()
        return self.app.locator("#secret").inner_text()

    def connect_klaviyo(self) -> None:
        """Connects the vendor stand-in."""
        self.open("/app/integrations")
        self.app.get_by_label("Private API key").fill(KLAVIYO_KEY)
        self.app.get_by_role("button", name="Connect", exact=True).click()
        expect(self.app.get_by_text("Connected", exact=True)).to_be_visible()

    def create_reward(self) -> str:
        """Makes a reward of 5 off for 100 points and returns its public id."""
        self.open("/app/rewards/new")
        self.app.get_by_label("Name", exact=True).fill("5 off")
        self.app.get_by_role("textbox", name="Amount off").fill("5")
        self.app.get_by_label("Cost").fill("100")
        self.press("Save")
        self.app.get_by_role("link", name="5 off").click()
        return self.app.locator("#reward-id").inner_text()

    def run_flow(self) -> None:
        """Runs "Award custom action" for Ada, then has the same run delivered again."""
        self.page.goto(f"{self.sandbox_url}/flow/{self.handle}?action=award-custom-action")
        self.page.get_by_label("Action key").fill("mobile_app_install")
        self.page.get_by_role("button", name="Run", exact=True).click()
        expect(self.page.get_by_role("heading", name="Attempt 1: 200")).to_be_visible()
        self.page.get_by_role("button", name="Deliver this run again").click()
        expect(self.page.get_by_role("heading", name="Attempt 2: 200")).to_be_visible()


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


class TestTheMainJob:
    def test_from_the_custom_action_to_the_discount_code(self, merchant: Merchant, stack: Stack):
        merchant.open()
        expect(merchant.app.get_by_text("Set up your programme")).to_be_visible(timeout=20_000)
        merchant.create_action()
        secret = merchant.create_api_key()
        merchant.connect_klaviyo()
        reward = merchant.create_reward()
        api = requests.Session()
        api.headers["Authorization"] = f"Bearer {secret}"
        enrolled = api.post(f"{stack.base_url}/v1/customers", json={"shopify_customer_id": str(ADA["id"])}, timeout=10)
        assert enrolled.status_code == 201, enrolled.text

        merchant.run_flow()
        (run,) = stack.sandbox.store(merchant.domain)["flow_runs"]
        first, again = run["attempts"]
        assert first["response_body"] == again["response_body"]
        history = api.get(f"{stack.base_url}/v1/customers/{ADA['id']}/earning-history", timeout=10).json()["data"]
        assert [entry["attributes"]["points"] for entry in history] == [100]

        bought = api.post(
            f"{stack.base_url}/v1/rewards/{reward}/purchase", json={"customer_identifier": str(ADA["id"])}, timeout=30
        )
        assert bought.status_code == 201, bought.text
        code = bought.json()["data"]["attributes"]["discount_code"]
        assert code in [discount["code"] for discount in stack.sandbox.store(merchant.domain)["discounts"]]

        eventually(lambda: stack.sandbox.store(merchant.domain)["triggers"])
        eventually(lambda: stack.sandbox.call("GET", f"vendors/klaviyo?key={KLAVIYO_KEY}")["events"])
        merchant.page.goto(f"{merchant.sandbox_url}/flow/{merchant.handle}/triggers")
        expect(merchant.page.get_by_role("heading", level=2).first).to_be_visible()
        merchant.page.goto(f"{merchant.sandbox_url}/vendors")
        expect(merchant.page.get_by_role("region", name="Klaviyo events")).to_contain_text(str(ADA["email"]))
