"""`flowTriggerReceive`: judged against the app's own manifest."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from .client import CUSTOMER, SECRET, SHOP, Receiver, Sandbox
from .documents import (
    TRIGGER,
)


def payload(**changes: Any) -> dict[str, Any]:
    """A fitting payload, with changes; None leaves a key out."""
    details = {"availablePoints": 120, "dob": None, "rewards": [{"description": "5 off", "status": "UNUSED"}]}
    found = {"customer_id": int(CUSTOMER), "Points": 20, "Event id": "evt_1", "Customer Loyalty Details": details}
    return {key: value for key, value in {**found, **changes}.items() if value is not None}


class TestFlowTriggers:
    def send(self, sandbox: Sandbox, given: Any, handle: str = "loyalty-points-earned") -> Any:
        return sandbox.graphql(TRIGGER, handle=handle, payload=given)["data"]["flowTriggerReceive"]["userErrors"]

    def test_a_fitting_payload_is_listed(self, sandbox: Sandbox) -> None:
        assert self.send(sandbox, payload()) == []
        assert sandbox.store()["triggers"][-1]["payload"] == payload()

    def test_it_costs_one_point(self, sandbox: Sandbox) -> None:
        answer = sandbox.graphql(TRIGGER, handle="loyalty-points-earned", payload=payload())
        assert answer["extensions"]["cost"]["requestedQueryCost"] == 1

    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            ({"Points": None}, "Required field 'Points' is missing."),
            ({"Points": "many"}, "Field 'Points' is not a valid number_decimal."),
            ({"customer_id": "gid://shopify/Customer/1"}, "Field 'customer_id' is not a valid customer_reference."),
            ({"Event id": 5}, "Field 'Event id' is not a valid single_line_text_field."),
            ({"Unknown": 1}, "Field 'Unknown' is not declared by the trigger."),
            ({"Customer Loyalty Details": {"rewards": []}}, "must not be null"),
            ({"Customer Loyalty Details": {"availablePoints": "120", "rewards": []}}, "must be Float"),
            (
                {"Customer Loyalty Details": {"availablePoints": 1, "rewards": [{"status": "LOST"}]}},
                "must be one of USED, UNUSED",
            ),
            ({"Event id": "x" * 50_001}, "exceeds the limit of 50000 bytes"),
        ],
    )
    def test_refuses(self, sandbox: Sandbox, changes: dict[str, Any], text: str) -> None:
        before = len(sandbox.store()["triggers"])
        errors = self.send(sandbox, payload(**changes))
        assert errors[0]["field"] == ["body"]
        assert text in errors[0]["message"]
        assert len(sandbox.store()["triggers"]) == before

    def test_an_unknown_handle_and_missing_arguments_are_refused(self, sandbox: Sandbox) -> None:
        assert self.send(sandbox, {}, "nonsense") == [
            {"field": ["body"], "message": "Errors validating schema:\n  Invalid handle 'nonsense'.\n"}
        ]
        missing = sandbox.graphql(TRIGGER)["data"]["flowTriggerReceive"]["userErrors"]
        assert missing == [{"field": ["handle"], "message": "`handle` and `payload` arguments are required"}]


class TestAWorkflow:
    """Switched on and off, with the callback that Shopify sends the app (facts/shopify.md 3.3)."""

    def switch(self, sandbox: Sandbox, on: bool) -> Any:
        body = {"handle": "loyalty-points-earned", "on": on}
        return sandbox.control("POST", f"/stores/{SHOP}/flow-workflows", body)

    def test_is_told_of_with_a_signed_body(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers += [(200, ""), (204, "")]
        assert [self.switch(sandbox, on)["is_on"] for on in (True, False)] == [True, False]
        first, second = receiver.requests
        assert first["path"] == "/flow/lifecycle"
        proof = hmac.new(SECRET.encode(), first["body"], hashlib.sha256).digest()
        assert first["headers"]["X-Shopify-Hmac-Sha256"] == base64.b64encode(proof).decode()
        told = [json.loads(each["body"]) for each in (first, second)]
        assert [each["has_enabled_flow"] for each in told] == [True, False]
        assert told[0]["flow_trigger_definition_id"] == "Loyalty points earned"
        assert told[0]["shopify_domain"] == SHOP
        assert told[0]["timestamp"] < told[1]["timestamp"]

    def test_does_not_go_on_where_the_app_says_no_but_goes_off(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers += [(500, ""), (302, ""), (200, ""), (500, "")]
        assert [self.switch(sandbox, on)["is_on"] for on in (True, True, True, False)] == [False, False, True, False]
        assert sandbox.store()["flow_workflows"][0]["is_on"] is False

    def test_of_no_trigger_is_refused(self, sandbox: Sandbox) -> None:
        sandbox.control("POST", f"/stores/{SHOP}/flow-workflows", {"handle": "nonsense", "on": True}, status=404)
