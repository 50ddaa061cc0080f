"""The sandbox's own pages in a real browser: what a developer does there, accessible and without sideways scroll."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sandbox.vendors import table

from .client import CUSTOMER, SHOP, Receiver, Sandbox
from .documents import CREATE, TRIGGER, basic
from .test_bulk_operations import run as run_in_bulk
from .test_flow_runner import GOOD
from .test_flow_triggers import payload
from .test_klaviyo import event, post
from .test_omnisend import KEY as OMNISEND_KEY
from .test_omnisend import event as omnisend_event
from .test_omnisend import send as omnisend
from .test_postscript import KEY as POSTSCRIPT_KEY
from .test_postscript import event as postscript_event
from .test_postscript import find
from .test_postscript import send as postscript

HANDLE = "first"
VENDORS = [f"/vendors?vendor={handle}" for handle in table.VENDORS]
expect.set_options(timeout=15_000)  # two cores, and other tests beside these


@pytest.fixture
def origin(sandbox: Sandbox) -> str:
    """Where a browser sees the sandbox."""
    return sandbox.url.replace("127.0.0.1", "localhost")


class TestFlowPage:
    def test_an_action_is_filled_run_and_delivered_again(self, origin: str, page: Page, receiver: Receiver) -> None:
        receiver.answers += [(200, GOOD)] * 4
        page.goto(f"{origin}/flow/{HANDLE}")
        page.get_by_label("Action key").fill("mobile_app_install")
        page.get_by_label("Customer").select_option(CUSTOMER)
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_text("Attempt 1: 200, finished")).to_be_visible()
        expect(page.get_by_role("heading", name="Return value")).to_be_visible()
        page.get_by_text("Signed request").first.click()
        expect(page.get_by_text("X-Shopify-Hmac-Sha256").first).to_be_visible()
        page.get_by_role("button", name="Deliver this run again").click()
        expect(page.get_by_text("Attempt 2: 200, finished")).to_be_visible()
        page.get_by_role("button", name="Twice at once").click()
        expect(page.get_by_text("Attempt 4: 200, finished")).to_be_visible()
        assert len({item["body"] for item in receiver.requests}) == 1

    def test_a_required_field_is_asked_for(self, origin: str, page: Page) -> None:
        page.goto(f"{origin}/flow/{HANDLE}")
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_role("alert")).to_have_text("Action key is required.")

    def test_triggers_are_listed_with_their_payload(self, sandbox: Sandbox, origin: str, page: Page) -> None:
        sandbox.graphql(TRIGGER, handle="loyalty-points-earned", payload=payload())
        page.goto(f"{origin}/flow/{HANDLE}")
        page.get_by_role("link", name="Triggers received").click()
        expect(page.get_by_role("heading", name="Loyalty points earned").first).to_be_visible()
        expect(page.get_by_text('"Event id": "evt_1"').first).to_be_visible()

    def test_a_workflow_is_switched_on_unless_the_app_says_no(
        self, origin: str, page: Page, receiver: Receiver
    ) -> None:
        receiver.answers += [(500, ""), (200, "")]
        page.goto(f"{origin}/flow/{HANDLE}/triggers")
        page.get_by_role("button", name="Switch Loyalty points earned on").click()
        expect(page.get_by_role("alert")).to_contain_text("keeps Loyalty points earned from being switched on")
        page.get_by_role("button", name="Switch Loyalty points earned on").click()
        expect(page.get_by_text("loyalty-points-earned: on")).to_be_visible()


class TestStorePage:
    def test_an_order_is_created_and_refunded(self, origin: str, page: Page, receiver: Receiver) -> None:
        page.goto(f"{origin}/store/{HANDLE}")
        page.get_by_label("Customer").first.select_option(CUSTOMER)
        page.get_by_role("button", name="Create order").click()
        expect(page.get_by_role("status")).to_contain_text("created")
        page.get_by_role("button", name="Refund #").first.click()
        expect(page.get_by_role("status")).to_contain_text("refunded")
        topics = [item["headers"]["X-Shopify-Topic"] for item in receiver.requests]
        assert topics == ["orders/create", "orders/paid", "refunds/create"]

    def test_an_order_is_fulfilled_lowered_and_cancelled(self, origin: str, page: Page, sandbox: Sandbox) -> None:
        page.goto(f"{origin}/store/{HANDLE}")
        page.get_by_label("Shipping in it").fill("5.00")
        page.get_by_role("button", name="Create order").click()
        page.get_by_role("button", name="Fulfil #").first.click()
        expect(page.get_by_role("status")).to_contain_text("and fulfilled")
        page.get_by_label("Amount for #").first.fill("10")
        page.get_by_role("button", name="Edit #").first.click()
        expect(page.get_by_role("status")).to_contain_text("lowered to 50.00")
        page.get_by_role("button", name="Cancel #").first.click()
        expect(page.get_by_role("status")).to_contain_text("cancelled")
        newest = sandbox.store()["orders"][-1]
        assert (newest["shipping"], newest["lines"][0]["price"]) == ("5.00", "55.00")

    def test_a_product_is_made_tagged_sold_out_and_bought(self, origin: str, page: Page, sandbox: Sandbox) -> None:
        page.goto(f"{origin}/store/{HANDLE}")
        page.get_by_label("Title").fill("Gyokuro")
        page.get_by_label("Price in USD").fill("19.50")
        page.get_by_role("button", name="Add product").click()
        expect(page.get_by_role("status")).to_contain_text("Gyokuro saved.")
        page.get_by_label("Product", exact=True).select_option(label="Gyokuro · 19.50")
        page.get_by_label("Quantity", exact=True).fill("2")
        page.get_by_role("button", name="Create order").click()
        expect(page.get_by_role("status")).to_contain_text("created")
        newest = sandbox.store()["orders"][-1]
        assert (newest["total"], newest["lines"][0]["title"]) == ("39.00", "Gyokuro")
        page.locator("summary", has_text="Gyokuro").click()
        card = page.locator("details", has_text="Gyokuro")
        card.get_by_label("Tags").fill("green, Sale")
        card.get_by_label("Available").uncheck()
        card.get_by_role("button", name="Save Gyokuro").click()
        expect(page.locator("summary", has_text="Gyokuro")).to_contain_text("sold out")
        (made,) = [each for each in sandbox.store()["products"] if each["title"] == "Gyokuro"]
        assert (made["tags"], made["variants"][0]["available"]) == (["green", "Sale"], False)

    def test_faults_are_switched(self, sandbox: Sandbox, origin: str, page: Page) -> None:
        page.goto(f"{origin}/store/{HANDLE}")
        page.get_by_label("Down: every call answers 503").check()
        page.get_by_role("button", name="Set faults").click()
        expect(page.get_by_role("status")).to_contain_text("Faults on: down.")
        assert sandbox.store()["faults"]["down"] is True

    def test_bulk_operations_are_listed_with_their_query(self, sandbox: Sandbox, origin: str, page: Page) -> None:
        run_in_bulk(sandbox)
        page.goto(f"{origin}/store/{HANDLE}")
        bulk = page.get_by_role("region", name="Bulk operations")
        bulk.locator("summary").first.click()
        expect(bulk).to_contain_text("lineItems")

    def test_a_merchant_deletes_a_discount(self, sandbox: Sandbox, origin: str, page: Page) -> None:
        code = basic()["code"]
        sandbox.graphql(CREATE, d=basic(code=code))
        page.goto(f"{origin}/store/{HANDLE}")
        page.get_by_role("button", name=f"Delete {code}").click()
        expect(page.get_by_role("status")).to_contain_text("Discount deleted.")
        assert code not in [item["code"] for item in sandbox.store()["discounts"]]


def at_every_vendor(sandbox: Sandbox) -> None:
    """Something of each kind for the vendors' page to show."""
    vendors = f"{sandbox.url}/vendors"
    sandbox.control("DELETE", "/vendors", status=204)
    sandbox.control("PATCH", "/vendors/omnisend/faults", {"refused": 1})
    post(f"{vendors}/klaviyo/api/events", event())
    post(f"{vendors}/klaviyo/api/events", {})
    for _ in range(2):
        omnisend("POST", f"{vendors}/omnisend/api/events", omnisend_event())
    sandbox.control("PATCH", "/vendors/omnisend/faults", {"throttled": 3})
    sandbox.control("PUT", "/vendors/postscript/subscribers", {"key": POSTSCRIPT_KEY, "everyone": True})
    (subscriber,) = find(f"{vendors}/postscript/api/v2", shopify_customer_id__eq=CUSTOMER)
    postscript("POST", f"{vendors}/postscript/api/v2/events", postscript_event(subscriber["id"]))
    postscript("POST", f"{vendors}/postscript/api/v2/subscribers", {})


class TestVendorsPage:
    def test_each_vendor_has_a_tab_with_what_it_received(self, sandbox: Sandbox, origin: str, page: Page) -> None:
        at_every_vendor(sandbox)
        page.goto(f"{origin}/vendors")
        klaviyo = page.get_by_role("region", name="Klaviyo events")
        expect(klaviyo).to_contain_text("ana@example.com")
        klaviyo.locator("summary").first.click()
        expect(klaviyo).to_contain_text("shop:event-1")
        page.get_by_role("navigation", name="Vendors").get_by_role("link", name="Omnisend").click()
        expect(page.get_by_role("region", name="Omnisend contacts")).to_contain_text("ana@example.com")
        expect(page.get_by_text("throttled 3")).to_be_visible()
        page.get_by_role("navigation", name="Vendors").get_by_role("link", name="Postscript").click()
        expect(page.get_by_role("region", name="Postscript events")).to_contain_text("Points_Awarded")
        expect(page.get_by_role("region", name="Calls never to be made")).to_contain_text("POST subscribe")

    def test_one_key_is_chosen_out_of_many(self, sandbox: Sandbox, origin: str, page: Page) -> None:
        at_every_vendor(sandbox)
        other = {"Authorization": "Omnisend-API-Key another-brand"}
        body = omnisend_event(contact={"email": "bea@example.com"})
        sandbox.control("PATCH", "/vendors/omnisend/faults", {"throttled": 0})
        omnisend("POST", f"{sandbox.url}/vendors/omnisend/api/events", body, **other)
        page.goto(f"{origin}/vendors?vendor=omnisend")
        events = page.get_by_role("region", name="Omnisend events")
        expect(events.locator("summary")).to_have_count(2)
        expect(events.locator("summary").first).to_contain_text("bea@example.com")  # newest first
        page.get_by_role("link", name=f"…{OMNISEND_KEY[-4:]}").click()
        expect(events.locator("summary")).to_have_count(1)
        expect(events).to_contain_text("ana@example.com")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path", ["/", f"/store/{HANDLE}", f"/flow/{HANDLE}", f"/flow/{HANDLE}/triggers", *VENDORS, "/inbox"]
)
def test_pages_fit_and_are_accessible(
    sandbox: Sandbox,
    origin: str,
    page: Page,
    receiver: Receiver,
    axe_check: Callable[[Page], None],
    path: str,
    width: int,
) -> None:
    receiver.answers += [(200, "{}"), (200, GOOD)]
    sandbox.graphql(CREATE, d=basic())
    sandbox.control("POST", f"/stores/{SHOP}/orders", {"customer_id": CUSTOMER, "total": "60"}, status=201)
    properties = {
        "handle": "award-custom-action",
        "properties": {"action_key": "x", "customer_id": CUSTOMER},
        "run_id": "r1",
    }
    sandbox.control("POST", f"/stores/{SHOP}/flow-runs", properties, status=201)
    at_every_vendor(sandbox)
    run_in_bulk(sandbox)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(origin + path + ("?run=r1" if path == f"/flow/{HANDLE}" else ""))
    for summary in page.locator("details.received > summary").all():
        summary.click()
    axe_check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
