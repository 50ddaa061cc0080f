"""`flowTriggerReceive`: judged against the app's own manifest."""

from typing import Any

import pytest

from .client import CUSTOMER, Sandbox
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
