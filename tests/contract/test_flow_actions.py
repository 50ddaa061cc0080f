"""Each Flow action: its folder, its manifest, its handler and its return type agree, with real answers."""

import ast
import json
from typing import Any

import pytest
from django.urls import resolve

from flow_extensions.actions import endpoint
from flow_extensions.actions.registry import HANDLERS
from tests.a_shop import AShop
from tests.contract.extensions import Extension, found
from tests.contract.graphql_values import faults
from tests.flow import send

ACTIONS = {extension.handle: extension for extension in found("actions")}
LARGEST_ANSWER = 50_000
"""Bytes Flow reads of an answer."""


def properties_read(extension: Extension) -> dict[str, bool]:
    """Every property the handler's code reads, and whether it is required: `run.text("key", …)`, `run.customer_id()`."""
    read: dict[str, bool] = {}
    for node in ast.walk(ast.parse((extension.folder / "handler.py").read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if not isinstance(node.func.value, ast.Name) or node.func.value.id != "run":
            continue
        given = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
        key = ast.literal_eval(node.args[0]) if node.args else node.func.attr
        read[key] = given.get("required", True)
    return read


@pytest.mark.parametrize("extension", ACTIONS.values(), ids=ACTIONS)
class TestEachAction:
    def test_is_read_as_its_manifest_says_letter_for_letter(self, extension):
        told = {field["key"]: field.get("required", False) for field in extension.fields if "key" in field}
        told |= dict.fromkeys(extension.references, True)
        assert properties_read(extension) == told

    def test_is_answered_at_its_address(self, extension):
        match = resolve(extension.manifest["runtime_url"])
        assert match.func is endpoint.receive
        assert match.kwargs == {"handle": extension.handle}


def test_the_registry_holds_the_folders_and_nothing_else():
    assert HANDLERS.keys() == ACTIONS.keys()
    for handle, handler in HANDLERS.items():
        assert handler.__module__ == f"flow_extensions.actions.{ACTIONS[handle].folder.name}.handler"


@pytest.mark.django_db
class TestAwardCustomAction:
    @pytest.fixture
    def shop(self):
        shop = AShop.new()
        shop.member(7001, points=10)
        shop.action(points=100)
        shop.action("slow", approval_days=14)
        shop.action("nothing", points=0)
        return shop

    def run(self, shop: AShop, run_id: str = "run-1", **properties: Any) -> dict[str, Any]:
        """One signed run; its answer has passed the action's own return type."""
        given = {"customer_id": "7001", "action_key": "app_install", **properties}
        answer = send(shop, "award-custom-action", run_id, **given)
        extension = ACTIONS["award-custom-action"]
        assert answer.status_code == 200, answer.content
        assert len(answer.content) < LARGEST_ANSWER
        told = json.loads(answer.content)
        assert told.keys() == {"return_value"}
        kind = extension.schema().type_map[extension.manifest["return_type_ref"]]
        assert faults(kind, told["return_value"]) == []
        return told["return_value"]

    def test_awarded(self, shop):
        assert self.run(shop)["status"] == "awarded"

    def test_waiting_for_approval(self, shop):
        assert self.run(shop, action_key="slow")["status"] == "pending"

    @pytest.mark.parametrize(
        ("setting", "action", "reason"),
        [
            ({"is_enabled": False}, "app_install", "program_disabled"),
            ({"test_mode": "restrict", "test_mode_emails": ["else@example.com"]}, "app_install", "test_mode"),
            ({}, "nothing", "zero_points"),
        ],
    )
    def test_skipped_for_each_reason_the_schema_names(self, shop, setting, action, reason):
        shop.set(**setting)
        told = self.run(shop, action_key=action)
        assert (told["status"], told["skipReason"], told["awardId"]) == ("skipped", reason, "")
        described = (
            ACTIONS["award-custom-action"].schema().type_map["CustomActionAward"].fields["skipReason"].description
        )
        assert reason in described

    def test_used_up_by_another_run_under_the_same_key(self, shop):
        first = self.run(shop, idempotency_key="order-7")
        again = self.run(shop, "run-2", idempotency_key="order-7")
        assert again == {**first, "replayed": True}


@pytest.mark.django_db
class TestTheOthers:
    @pytest.fixture
    def shop(self):
        shop = AShop.new()
        shop.tier("Bronze", 0)
        shop.member(7001, email="ada@example.com", points=10)
        shop.rule("review", points=20)
        shop.action("slow", approval_days=14)
        shop.award(None, action="slow")
        self.reward = shop.reward(0)
        return shop

    @pytest.mark.parametrize("handle", sorted(HANDLERS.keys() - {"award-custom-action", "remove-store-credits"}))
    def test_answer_in_their_return_type(self, shop, handle):
        given = {
            "add-points": {"customer-identifier": "7001", "pointsToAdd": "5", "reason": "x"},
            "remove-points": {"customer_id": "7001", "pointsToRemove": "5", "reason": "x"},
            "assign-vip-tier": {"customer-identifier": "7001", "vip-tier-name": "Bronze"},
            "reward-points-for-reviews": {
                "customer-email": "ada@example.com", "product-id": "1", "review-rating": "5", "review-type": "OKENDO",
            },
            "approve-pending-points": {"customer_id": "7001"},
            "add-store-credits": {"customer_id": "7001", "storeCreditsToAdd": "5", "reason": "x"},
            "issue-reward": {"customer_id": "7001", "reward_id": self.reward.public_id},
        }[handle]  # fmt: skip
        answer = send(shop, handle, **given)
        assert answer.status_code == 200, answer.content
        extension = ACTIONS[handle]
        kind = extension.schema().type_map[extension.manifest["return_type_ref"]]
        assert faults(kind, json.loads(answer.content)["return_value"]) == []


def test_a_value_of_another_shape_would_be_noticed():
    extension = ACTIONS["award-custom-action"]
    kind = extension.schema().type_map[extension.manifest["return_type_ref"]]
    right = {"status": "a", "points": 1, "pointsBalance": 1, "awardId": "", "skipReason": "", "replayed": False}
    assert faults(kind, right) == []
    wrong = [{**right, "points": "1"}, {**right, "points": 2**31}, {**right, "replayed": 0}, {**right, "more": 1}]
    for value in [*wrong, {**right, "status": None}, {key: right[key] for key in right if key != "status"}, None, []]:
        assert faults(kind, value), value
