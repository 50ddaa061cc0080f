"""One worked example of every operation: what the document, the reference, the recipes and the collection show.

The requests stand here; the answers are those a shop really gave (`example_answers.json`, recorded by `make openapi`), and
a test sends every request again and compares (tests/contract/test_examples.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

CUSTOMER = "7402031587"
AWARD = "cer_8k2m4p6r3t5w7y9b2d4f"
RULE, INSTALL_RULE = "rule_2q4s6u8w3x5z7c9e2g4h", "rule_6d8f2h4k7m9p3r5t8v2x"
SURVEY_RULE, REWARD = "rule_3f5h7k9n2q4s6v8x2z5b", "reward_5n7q9s2v4x6z8b3d5f7j"
TIER, SUBSCRIPTION = "tier_9c3e5g7j2m4p6r8t3v5x", "whsub_4h6k8n2p5r7t9v3x5z7b"
DELIVERY, OUTGOING = "whd_48213", "dlv_48213"
ANSWERS = Path(__file__).with_name("example_answers.json")


@dataclass(frozen=True, slots=True)
class Example:
    """A request: values for the places in its path, its query, its `Idempotency-Key` and its body."""

    places: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    key: str | None = None
    body: dict[str, Any] | None = None


_CUSTOMER = {"identifier": CUSTOMER}
_INSTALLED = {"action_key": "app_install", "customer_id": CUSTOMER, "idempotency_key": f"app-install-{CUSTOMER}"}
_HOOK = "https://example.com/hooks/encore"

EXAMPLES: dict[str, Example] = {
    "trigger_a_custom_action": Example(body=_INSTALLED),
    "trigger_many_custom_actions": Example(
        body={"items": [_INSTALLED, {**_INSTALLED, "customer_id": "1", "idempotency_key": "app-install-1"}]}
    ),
    "list_earning_rules": Example(query={"page[size]": "2"}),
    "get_an_earning_rule": Example({"public_id": RULE}),
    "award_an_earning_rule": Example({"public_id": RULE}, key="follow-1", body={"customer_identifier": CUSTOMER}),
    "list_rewards": Example(query={"filter[is_active]": "true", "sort": "points_cost"}),
    "get_a_reward": Example({"public_id": REWARD}),
    "purchase_a_reward": Example({"public_id": REWARD}, key="purchase-1", body={"customer_identifier": CUSTOMER}),
    "list_customers": Example(query={"page[size]": "1"}),
    "enrol_a_customer": Example(key="enrol-7402031999", body={"shopify_customer_id": "7402031999"}),
    "get_a_customer": Example(_CUSTOMER),
    "update_a_customer": Example(_CUSTOMER, key="birthday-1", body={"date_of_birth": "1990-05-15"}),
    "adjust_points": Example(_CUSTOMER, key="ticket-4711", body={"adjustment": 50, "note": "Parcel was late"}),
    "earning_history": Example(_CUSTOMER, {"page[size]": "1"}),
    "reward_history": Example(_CUSTOMER),
    "explain_a_balance": Example(_CUSTOMER),
    "explain_an_award": Example({**_CUSTOMER, "public_id": AWARD}),
    "list_ledger_entries": Example(_CUSTOMER, {"page[size]": "2"}),
    "list_lots": Example(_CUSTOMER, {"filter[open]": "true"}),
    "list_vip_tiers": Example(),
    "get_a_vip_tier": Example({"public_id": TIER}),
    "read_the_audit": Example(),
    "list_webhook_subscriptions": Example(),
    "create_a_webhook_subscription": Example(
        body={"url": _HOOK, "events": ["points.earned", "points.redeemed"], "keeps_trying": True}
    ),
    "get_a_webhook_subscription": Example({"public_id": SUBSCRIPTION}),
    "update_a_webhook_subscription": Example({"public_id": SUBSCRIPTION}, body={"is_active": False}),
    "delete_a_webhook_subscription": Example({"public_id": SUBSCRIPTION}),
    "rotate_the_secret": Example({"public_id": SUBSCRIPTION}),
    "list_the_deliveries_of_a_webhook_subscription": Example({"public_id": SUBSCRIPTION}),
    "replay_missed_events": Example(
        {"public_id": SUBSCRIPTION}, body={"since": "2026-11-26T00:00:00Z", "include_delivered": True}
    ),
    "replay_a_delivery": Example({"delivery_id": DELIVERY}),
    "list_deliveries": Example(query={"filter[destination]": "webhook", "filter[state]": "done"}),
    "get_a_delivery": Example({"delivery_id": OUTGOING}),
    "replay_one_delivery": Example({"delivery_id": OUTGOING}),
    "replay_deliveries": Example(body={"destination": "webhook", "state": "done", "since": "2026-11-26T00:00:00Z"}),
}


@cache
def recorded_answers() -> dict[str, dict[str, Any]]:
    """Returns what the example shop answered, by operation: `status`, and `body` (None when it has none)."""
    found: dict[str, dict[str, Any]] = json.loads(ANSWERS.read_text()) if ANSWERS.exists() else {}
    return found


def add_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Puts every operation's example into the document; drf-spectacular calls this at the end."""
    for operations in result["paths"].values():
        for operation in operations.values():
            _add(operation, EXAMPLES[operation["operationId"]], recorded_answers().get(operation["operationId"], {}))
    return result


def _add(operation: dict[str, Any], example: Example, answer: dict[str, Any]) -> None:
    given = {**example.places, **example.query, **({"Idempotency-Key": example.key} if example.key else {})}
    for parameter in operation.get("parameters", []):
        if (value := given.get(parameter["name"])) is not None:
            parameter["example"] = int(value) if parameter["schema"].get("type") == "integer" else value
    if example.body is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = example.body
    if answer.get("body") is not None:
        operation["responses"][str(answer["status"])]["content"]["application/json"]["example"] = answer["body"]
