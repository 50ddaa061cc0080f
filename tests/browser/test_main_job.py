"""The main job, walked in a browser as a merchant would: an action made in the admin, a Flow run, points spent, a code.

The admin is the sandbox's, Encore runs as in the demo: its real web server, workers and scheduler (issue 2, section 8).
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.merchant import ADA, KLAVIYO_KEY, Merchant
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


def eventually(check: Callable[[], Any], seconds: float = 30) -> Any:
    """Waits until `check` returns something true, and returns it."""
    end = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < end:
        time.sleep(0.2)
    assert found, "it never came"
    return found


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
