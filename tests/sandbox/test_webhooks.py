"""What a merchant or shopper does, and the signed webhooks that follow."""

import base64
import hashlib
import hmac
import json
import time

from .client import CUSTOMER, SECRET, SHOP, Receiver, Sandbox
from .documents import CREATE, basic

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

    def test_a_discount_code_is_judged_as_at_the_checkout(self, sandbox: Sandbox) -> None:
        given = basic()
        sandbox.graphql(CREATE, d=given)
        body = {"customer_id": CUSTOMER, "total": "20", "discount_codes": [given["code"]]}
        assert "needs an order of 50" in sandbox.control("POST", f"{STORE}/orders", body, status=400)["error"]
        order(sandbox, discount_codes=[given["code"]])
        again = sandbox.control("POST", f"{STORE}/orders", {**body, "total": "60"}, status=400)
        assert "has been used" in again["error"]


class TestOthers:
    def test_a_changed_customer_sends_customers_update(self, sandbox: Sandbox, receiver: Receiver) -> None:
        sandbox.control("POST", f"{STORE}/customers", {"id": CUSTOMER, "first_name": "Anna"}, status=201)
        assert [item["headers"]["X-Shopify-Topic"] for item in receiver.requests] == ["customers/update"]
        assert json.loads(receiver.requests[0]["body"])["first_name"] == "Anna"

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
