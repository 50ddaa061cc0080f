"""What a merchant or shopper does, and the signed webhooks that follow."""

import base64
import hashlib
import hmac
import json
import time

import pytest

from .client import CUSTOMER, SECRET, SHOP, Receiver, Sandbox
from .documents import CREATE, OWNER, TAGS_ADD, basic

STORE = f"/stores/{SHOP}"


def order(sandbox: Sandbox, **given: object) -> dict[str, object]:
    """Create an order of the customer."""
    body = {"customer_id": CUSTOMER, "total": "60.00", **given}
    found: dict[str, object] = sandbox.control("POST", f"{STORE}/orders", body, status=201)
    return found


class TestOrders:
    def test_a_paid_order_sends_create_and_paid_signed(self, sandbox: Sandbox, receiver: Receiver) -> None:
        made = order(sandbox, paid=True)
        assert [item["headers"]["X-Shopify-Topic"] for item in receiver.requests] == ["orders/create", "orders/paid"]
        first = receiver.requests[0]
        assert first["path"] == "/webhooks/orders"
        digest = hmac.new(SECRET.encode(), first["body"], hashlib.sha256).digest()
        assert first["headers"]["X-Shopify-Hmac-Sha256"] == base64.b64encode(digest).decode()
        assert first["headers"]["X-Shopify-Shop-Domain"] == SHOP
        assert first["headers"]["X-Shopify-API-Version"] == "2026-10"
        assert first["headers"]["X-Shopify-Webhook-Id"] != receiver.requests[1]["headers"]["X-Shopify-Webhook-Id"]
        body = json.loads(first["body"])
        assert (body["id"], body["customer"]["id"], body["total_price"]) == (
            int(str(made["id"])),
            int(CUSTOMER),
            "60.00",
        )

    def test_pay_refund_cancel(self, sandbox: Sandbox, receiver: Receiver) -> None:
        number = order(sandbox)["id"]
        path = f"{STORE}/orders/{number}"
        assert "cannot be refunded" in sandbox.control("POST", f"{path}/refund", {}, status=400)["error"]
        assert sandbox.control("POST", f"{path}/pay", {})["financial_status"] == "paid"
        assert sandbox.control("POST", f"{path}/refund", {"amount": "10"})["financial_status"] == "partially_refunded"
        assert sandbox.control("POST", f"{path}/refund", {})["financial_status"] == "refunded"
        assert sandbox.control("POST", f"{path}/cancel", {})["cancelled_at"]
        topics = [item["headers"]["X-Shopify-Topic"] for item in receiver.requests]
        assert topics == ["orders/create", "orders/paid", "refunds/create", "refunds/create", "orders/cancelled"]
        sandbox.control("POST", f"{STORE}/orders/1/pay", {}, status=404)

    def test_a_body_has_shopifys_full_shape_and_two_currencies(self, sandbox: Sandbox, receiver: Receiver) -> None:
        lines = [
            {"product_id": 11, "variant_id": 111, "price": "25.00", "quantity": 2, "discount": "10.00", "tax": "4.00"},
            {"price": "20.00", "gift_card": True},
        ]
        order(sandbox, total=None, lines=lines, shipping="6.00", tip="1.00", tags=["vip"], paid=True)
        body = json.loads(receiver.requests[0]["body"])
        assert (body["total_price"], body["subtotal_price"], body["total_tax"]) == ("71.00", "60.00", "4.00")
        assert body["total_price_set"]["shop_money"] == {"amount": "71.00", "currency_code": "USD"}
        assert body["total_price_set"]["presentment_money"]["currency_code"] != "USD"
        (first, gift) = body["line_items"]
        assert (first["product_id"], first["quantity"], first["price"]) == (11, 2, "25.00")
        assert first["discount_allocations"][0]["amount_set"]["shop_money"]["amount"] == "10.00"
        assert (gift["gift_card"], body["shipping_lines"][0]["price"], body["tags"]) == (True, "6.00", "vip")

    def test_an_edit_lowers_what_is_left_and_its_money_does_not_lower_it_again(self, sandbox: Sandbox) -> None:
        number = order(sandbox, paid=True)["id"]
        path = f"{STORE}/orders/{number}"
        assert sandbox.control("POST", f"{path}/edit", {"amount": "10"})["edited"] == "10.00"
        assert "cannot be lowered" in sandbox.control("POST", f"{path}/edit", {"amount": "51"}, status=400)["error"]
        changed = sandbox.control("POST", f"{path}/refund", {"amount": "10", "to": "store_credit"})
        assert (changed["refunded"], changed["refunds"][0]["gateway"]) == ("10", "shopify_store_credit")

    def test_what_is_fulfilled_cannot_be_fulfilled_again(self, sandbox: Sandbox) -> None:
        path = f"{STORE}/orders/{order(sandbox)['id']}/fulfil"
        assert sandbox.control("POST", path, {})["fulfillment_status"] == "fulfilled"
        assert "already" in sandbox.control("POST", path, {}, status=400)["error"]

    @pytest.mark.parametrize(
        "wrong", [{"total": "x"}, {"total": "-1"}, {"lines": [{"price": "1", "nonsense": 1}]}, {"tip": "NaN"}], ids=str
    )
    def test_an_order_that_makes_no_sense_is_refused(self, sandbox: Sandbox, wrong: dict[str, object]) -> None:
        body = {"customer_id": CUSTOMER, "total": "60.00", **wrong}
        assert sandbox.control("POST", f"{STORE}/orders", body, status=400)["error"]

    def test_a_discount_code_is_judged_as_at_the_checkout(self, sandbox: Sandbox) -> None:
        given = basic()
        sandbox.graphql(CREATE, d=given)
        body = {"customer_id": CUSTOMER, "total": "20", "discount_codes": [given["code"]]}
        assert "needs an order of 50" in sandbox.control("POST", f"{STORE}/orders", body, status=400)["error"]
        order(sandbox, discount_codes=[given["code"]])
        again = sandbox.control("POST", f"{STORE}/orders", {**body, "total": "60"}, status=400)
        assert "has been used" in again["error"]


class TestOthers:
    def test_a_customer_whom_the_app_tags_sends_customers_update_once(
        self, sandbox: Sandbox, receiver: Receiver
    ) -> None:
        for _ in range(2):  # the second time nothing changes
            sandbox.graphql(TAGS_ADD, id=OWNER, tags=["Encore VIP: Gold"])
        time.sleep(0.5)
        (told,) = receiver.requests
        assert told["headers"]["X-Shopify-Topic"] == "customers/update"
        sandbox.graphql(TAGS_ADD.replace("tagsAdd", "tagsRemove"), id=OWNER, tags=["Encore VIP: Gold"])

    def test_a_changed_customer_sends_customers_update(self, sandbox: Sandbox, receiver: Receiver) -> None:
        sandbox.control("POST", f"{STORE}/customers", {"id": CUSTOMER, "first_name": "Anna"}, status=201)
        assert [item["headers"]["X-Shopify-Topic"] for item in receiver.requests] == ["customers/update"]
        assert json.loads(receiver.requests[0]["body"])["first_name"] == "Anna"

    def test_merged_customers_are_one_who_has_the_orders(self, sandbox: Sandbox) -> None:
        gone = sandbox.control("POST", f"{STORE}/customers", {"email": "gone@example.com"}, status=201)["id"]
        number = order(sandbox, customer_id=gone)["id"]
        sandbox.control("POST", f"{STORE}/customers/{gone}/merge", {"into": CUSTOMER})
        found = sandbox.store()
        assert gone not in {each["id"] for each in found["customers"]}
        assert next(each for each in found["orders"] if each["id"] == number)["customer_id"] == CUSTOMER
        sandbox.control("DELETE", f"{STORE}/customers/{gone}", status=404)

    def test_a_shop_changes_its_details(self, sandbox: Sandbox) -> None:
        assert sandbox.control("POST", f"{STORE}/shop", {"timezone": "Europe/Paris"})["timezone"] == "Europe/Paris"
        sandbox.control("POST", f"{STORE}/shop", {"timezone": "UTC"})
        assert "nonsense" in sandbox.control("POST", f"{STORE}/shop", {"nonsense": 1}, status=400)["error"]

    def test_uninstalling_ends_every_token_and_sends_its_webhook(self, sandbox: Sandbox, receiver: Receiver) -> None:
        token = sandbox.exchange().json()["access_token"]
        sandbox.control("POST", f"{STORE}/uninstall", {})
        assert receiver.requests[0]["headers"]["X-Shopify-Topic"] == "app/uninstalled"
        assert sandbox.call("query { shop { id } }", {}, token=token).status_code == 401

    def test_the_compliance_topics_carry_the_customer(self, sandbox: Sandbox, receiver: Receiver) -> None:
        for topic in ("customers/data_request", "customers/redact", "shop/redact"):
            sandbox.control("POST", f"{STORE}/compliance", {"topic": topic, "customer_id": CUSTOMER}, status=201)
        bodies = [json.loads(item["body"]) for item in receiver.requests]
        assert [body["shop_domain"] for body in bodies] == [SHOP] * 3
        assert bodies[1]["customer"]["email"] == "ana@example.com"
        assert "customer" not in bodies[2]

    def test_a_topic_nobody_subscribes_to_goes_nowhere(self, sandbox: Sandbox, receiver: Receiver) -> None:
        assert sandbox.control("POST", f"{STORE}/webhooks", {"topic": "products/update"}, status=201) == {
            "webhooks": []
        }
        assert receiver.requests == []


class TestRetries:
    def test_a_refused_webhook_is_sent_again_under_the_same_id(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers += [(500, ""), (302, ""), (200, "")]
        body = {"topic": "app/uninstalled", "payload": {"id": 1}}
        sent = sandbox.control("POST", f"{STORE}/webhooks", body, status=201)["webhooks"][0]
        for _ in range(100):
            found = next(item for item in sandbox.store()["webhooks"] if item["id"] == sent["id"])
            if found["state"] == "delivered":
                break
            time.sleep(0.05)
        assert [attempt["status"] for attempt in found["attempts"]] == [500, 302, 200]
        assert {item["headers"]["X-Shopify-Webhook-Id"] for item in receiver.requests} == {sent["id"]}

    def test_a_delivered_webhook_can_be_delivered_again(self, sandbox: Sandbox, receiver: Receiver) -> None:
        body = {"topic": "app/uninstalled", "payload": {"id": 1}}
        sent = sandbox.control("POST", f"{STORE}/webhooks", body, status=201)["webhooks"][0]
        again = sandbox.control("POST", f"{STORE}/webhooks/{sent['id']}/deliver", {})
        assert len(again["attempts"]) == 2
