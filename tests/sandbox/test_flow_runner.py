"""Flow's side of an action: the signed request, the judgement, the retries."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from .client import CUSTOMER, SECRET, SHOP, Receiver, Sandbox

GOOD = '{"return_value": {"status": "awarded", "points": 100}}'


def run(sandbox: Sandbox, **changes: Any) -> Any:
    """Run the action."""
    properties = {"action_key": "mobile_app_install", "customer_id": CUSTOMER, "count": 3, "flag": True}
    body = {"handle": "award-custom-action", "properties": properties, **changes}
    return sandbox.control("POST", f"/stores/{SHOP}/flow-runs", body, status=201)


def settled(sandbox: Sandbox, run_id: str) -> Any:
    """Wait until Flow is through with a run."""
    for _ in range(100):
        found = sandbox.control("GET", f"/stores/{SHOP}/flow-runs/{run_id}")
        if found["state"] != "running":
            return found
        time.sleep(0.05)
    raise AssertionError(found)


class TestRequest:
    def test_the_body_is_signed_and_names_the_shop_and_the_run(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers.append((200, GOOD))
        made = run(sandbox)
        sent = receiver.requests[0]
        assert sent["path"] == "/flow/actions/award-custom-action"
        digest = hmac.new(SECRET.encode(), sent["body"], hashlib.sha256).digest()
        assert sent["headers"]["X-Shopify-Hmac-Sha256"] == base64.b64encode(digest).decode()
        body = json.loads(sent["body"])
        assert (body["shopify_domain"], body["handle"], body["action_run_id"]) == (
            SHOP,
            "award-custom-action",
            made["id"],
        )
        assert body["properties"]["customer_id"] == CUSTOMER
        assert (body["properties"]["count"], body["properties"]["flag"]) == ("3", "true")
        assert made["state"] == "done"
        assert made["return_value"] == {"status": "awarded", "points": 100}

    def test_an_unknown_action_is_404(self, sandbox: Sandbox) -> None:
        body = {"handle": "nonsense", "properties": {}}
        assert "award-custom-action" in sandbox.control("POST", f"/stores/{SHOP}/flow-runs", body, status=404)["error"]

    def test_a_template_is_no_action_although_its_manifest_lies_beside_theirs(self, sandbox: Sandbox) -> None:
        body = {"handle": "birthday-bonus", "properties": {}}
        refused = sandbox.control("POST", f"/stores/{SHOP}/flow-runs", body, status=404)["error"]
        assert "award-custom-action" in refused and "birthday-bonus" not in refused.split(":")[-1]


class TestJudgement:
    @pytest.mark.parametrize("first", [(202, ""), (429, ""), (500, "oops"), (503, "")])
    def test_202_429_and_5xx_are_tried_again_with_the_same_run_id(
        self, sandbox: Sandbox, receiver: Receiver, first: tuple[int, str]
    ) -> None:
        receiver.answers += [first, first, (200, GOOD)]
        found = settled(sandbox, run(sandbox)["id"])
        assert found["state"] == "done"
        assert [attempt["status"] for attempt in found["attempts"]] == [first[0], first[0], 200]
        assert len({json.loads(item["body"])["action_run_id"] for item in receiver.requests}) == 1

    def test_other_4xx_are_final_and_their_text_is_the_run_log(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers.append((422, "Ana is not a member."))
        made = run(sandbox)
        assert (made["state"], made["message"]) == ("failed", "Ana is not a member.")
        time.sleep(0.2)
        assert len(receiver.requests) == 1

    @pytest.mark.parametrize(
        "answer",
        ["{}", "no json", '{"return_value": {"status": "x"}}', '{"return_value": {"status": "x", "points": "1"}}'],
    )
    def test_a_return_value_of_another_shape_is_tried_again(
        self, sandbox: Sandbox, receiver: Receiver, answer: str
    ) -> None:
        receiver.answers += [(200, answer), (200, GOOD)]
        found = settled(sandbox, run(sandbox)["id"])
        assert [attempt["verdict"] for attempt in found["attempts"]] == ["will be tried again", "finished"]

    def test_it_gives_up_after_the_last_retry(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers += [(503, "")] * 20
        made = run(sandbox)
        for _ in range(400):
            found = sandbox.control("GET", f"/stores/{SHOP}/flow-runs/{made['id']}")
            if found["state"] == "failed":
                break
            time.sleep(0.05)
        assert found["message"] == "Flow gave up after its last retry."
        assert len(found["attempts"]) == 8


class TestAgain:
    def test_a_run_can_be_delivered_again_and_twice_at_once(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers += [(200, GOOD)] * 4
        made = run(sandbox)
        again = sandbox.control("POST", f"/stores/{SHOP}/flow-runs/{made['id']}/deliver", {})
        assert len(again["attempts"]) == 2
        receiver.delay_seconds = 0.3
        start = time.monotonic()
        twice = sandbox.control(
            "POST", f"/stores/{SHOP}/flow-runs/{made['id']}/deliver", {"deliveries": 2, "at_once": True}
        )
        assert time.monotonic() - start < 0.55
        assert len(twice["attempts"]) == 4
        assert len({item["body"] for item in receiver.requests}) == 1

    def test_the_callers_run_id_is_kept(self, sandbox: Sandbox, receiver: Receiver) -> None:
        receiver.answers.append((200, GOOD))
        assert run(sandbox, run_id="my-run-1")["id"] == "my-run-1"
