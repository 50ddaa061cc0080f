"""Shopify Flow runs "Award custom action": once, whatever is delivered again, with the same answer byte for byte."""

import json
import uuid

import pytest

from loyalty.earning.models import ActionCall, Award
from loyalty.earning.operations import set_excluded, switch_rule
from tests.a_shop import NOW

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
STEP = {"action_key": "app_install", "customer_id": "gid://shopify/Customer/7001"}


@pytest.fixture
def shop(live):
    live.action(points=100)
    with live.scope():
        yield live


def bodies(run):
    return {attempt["response_body"] for attempt in run["attempts"]}


def by_hand(shop, run_id=None, **properties):
    body = {
        "shopify_domain": shop.domain, "action_run_id": run_id or uuid.uuid4().hex, "handle": "award-custom-action",
        "properties": {"action_key": "app_install", "customer_id": "7001", **properties},
    }  # fmt: skip
    return shop.flow_by_hand(body)


class TestARun:
    def test_awards_the_points_and_returns_what_the_workflow_can_use(self, shop):
        run = shop.flow(STEP)
        assert run["state"] == "done"
        award = Award.objects.get()
        assert run["return_value"] == {
            "status": "awarded", "points": 100, "pointsBalance": 100, "awardId": award.public_id, "skipReason": "",
            "replayed": False,
        }  # fmt: skip
        assert (award.source, award.source_reference) == ("flow", run["id"])

    def test_delivered_again_changes_nothing_and_gets_the_same_bytes(self, shop):
        run = shop.flow(STEP)
        shop.award()  # the balance moves on …
        with shop.nothing_changes():
            again = shop.deliver_again(run, deliveries=3)
        assert len(again["attempts"]) == 4
        assert len(bodies(again)) == 1  # … the answer does not

    def test_delivered_eight_times_at_once_is_one_award_and_one_answer(self, shop):
        run = shop.flow(STEP, deliveries=8, at_once=True)
        assert len(run["attempts"]) == 8
        assert len(bodies(run)) == 1
        assert Award.objects.count() == shop.rows()["Entry"] == 1

    def test_of_a_once_per_customer_action_is_repeated_but_another_run_is_refused(self, shop):
        shop.action("once", 10, frequency="once")
        run = shop.flow({**STEP, "action_key": "once"})
        assert len(bodies(shop.deliver_again(run))) == 1
        other = shop.flow({**STEP, "action_key": "once"})
        assert (other["state"], other["attempts"][0]["status"]) == ("failed", 409)
        assert Award.objects.count() == 1

    def test_of_an_action_with_an_approval_time_says_pending_also_after_it_matured(self, shop):
        shop.action("slow", 10, approval_days=3)
        run = shop.flow({**STEP, "action_key": "slow"})
        assert (run["return_value"]["status"], run["return_value"]["pointsBalance"]) == ("pending", 0)
        from loyalty.earning.operations import approve

        approve(public_id=run["return_value"]["awardId"], now=NOW)
        assert len(bodies(shop.deliver_again(run))) == 1

    def test_is_repeated_after_the_action_was_turned_off_and_the_member_excluded(self, shop):
        run = shop.flow(STEP)
        switch_rule(public_id=Award.objects.get().rule.public_id, on=False, now=NOW)
        set_excluded(member_id=Award.objects.get().member_id, excluded=True, now=NOW)
        assert len(bodies(shop.deliver_again(run))) == 1


class TestAnExplicitKey:
    def test_is_shared_with_rest(self, shop):
        first = shop.rest(
            "POST", "actions", {"action_key": "app_install", "customer_id": "7001", "idempotency_key": "e1"}
        )
        assert first.status_code == 201
        with shop.nothing_changes():
            value = shop.flow({**STEP, "idempotency_key": "e1"})["return_value"]
        assert (value["awardId"], value["replayed"]) == (first.json()["data"]["id"], True)

    def test_shared_by_two_runs_is_one_award_and_the_second_says_so(self, shop):
        runs = [shop.flow({**STEP, "idempotency_key": "e1"}) for _ in range(2)]
        assert [run["return_value"]["replayed"] for run in runs] == [False, True]
        assert Award.objects.count() == 1
        assert len(bodies(shop.deliver_again(runs[1]))) == 1

    def test_that_equals_a_run_id_is_another_key(self, shop):
        run = shop.flow(STEP)
        assert shop.flow({**STEP, "idempotency_key": run["id"]})["return_value"]["replayed"] is False
        assert Award.objects.count() == 2

    def test_for_another_customer_fails_the_run(self, shop):
        shop.member(7002)
        shop.flow({**STEP, "idempotency_key": "e1"})
        run = shop.flow({**STEP, "idempotency_key": "e1", "customer_id": "gid://shopify/Customer/7002"})
        assert (run["state"], run["attempts"][0]["status"]) == ("failed", 409)


class TestASkippedRun:
    def test_returns_its_stored_skip_even_when_the_programme_is_back_on(self, shop):
        shop.set(is_enabled=False)
        with shop.nothing_changes():
            run = shop.flow(STEP)
        value = run["return_value"]
        assert (value["status"], value["skipReason"], value["awardId"]) == ("skipped", "program_disabled", "")
        shop.set(is_enabled=True)
        with shop.nothing_changes():
            assert len(bodies(shop.deliver_again(run, deliveries=2))) == 1
        assert shop.flow(STEP)["return_value"]["status"] == "awarded"  # a new run is judged afresh

    def test_delivered_at_once_is_one_answer_and_is_shown_to_the_merchant(self, shop):
        shop.set(is_enabled=False)
        assert len(bodies(shop.flow(STEP, deliveries=6, at_once=True))) == 1
        call = ActionCall.objects.order_by("pk").first()
        assert (call.outcome, call.code, call.door, call.action_key) == (
            "skipped",
            "program_disabled",
            "flow",
            "app_install",
        )


class TestARefusedRun:
    @pytest.mark.parametrize(
        ("change", "status", "says"),
        [
            ({"action_key": "no_such"}, 404, "Custom action 'no_such' not found."),
            ({"action_key": ""}, 400, "Action key is missing: fill it in the workflow step."),
            ({"customer_id": "7999"}, 404, "Customer '7999' not found."),
            ({"customer_id": ""}, 400, "The customer is missing: choose a trigger that has a customer."),
            ({"customer_id": "ada"}, 400, "The customer is not a Shopify customer."),
        ],
    )
    def test_ends_for_good_with_a_sentence_the_merchant_can_act_on(self, shop, change, status, says):
        with shop.nothing_changes():
            answer = by_hand(shop, **change)
        assert (answer.status_code, answer.text) == (status, says)

    def test_of_an_excluded_member_an_old_plan_or_an_uninstalled_shop(self, shop):
        member = shop.member(7001)
        set_excluded(member_id=member.pk, excluded=True, now=NOW)
        assert by_hand(shop).status_code == 403
        set_excluded(member_id=member.pk, excluded=False, now=NOW)
        shop.set(plan="starter")
        assert by_hand(shop).status_code == 403
        shop.set(plan="growth", is_installed=False)
        assert by_hand(shop).status_code == 404
        assert Award.objects.count() == 0

    def test_of_a_plan_without_custom_actions_reads_so_in_flows_log_and_gives_nothing(self, shop):
        shop.set(plan="starter")
        with shop.nothing_changes():
            run = shop.flow(STEP)
        assert (run["state"], run["message"]) == ("failed", "This feature requires the Growth plan or above.")

    def test_leaves_its_run_id_free_for_when_it_is_put_right(self, shop):
        assert by_hand(shop, "r1", action_key="later").status_code == 404
        shop.action("later", 5)
        assert by_hand(shop, "r1", action_key="later").json()["return_value"]["points"] == 5

    def test_is_listed_with_its_reason(self, shop):
        by_hand(shop, action_key="no_such")
        call = ActionCall.objects.get()
        assert (call.outcome, call.code, call.customer, call.sentence) == (
            "refused", "key", "7001", "No action has this key.",
        )  # fmt: skip


class TestTheDoor:
    @pytest.mark.parametrize("signature", ["", "x", "AAAA", "ä".encode().decode("latin-1")])
    def test_is_closed_without_shopifys_signature(self, shop, signature):
        body = {"shopify_domain": shop.domain, "action_run_id": "r", "properties": STEP}
        with shop.nothing_changes():
            assert shop.flow_by_hand(body, signature=signature).status_code == 401

    def test_is_closed_to_a_body_that_was_changed_after_signing(self, shop):
        raw = json.dumps({"shopify_domain": shop.domain, "action_run_id": "r", "properties": STEP})
        proof = by_hand(shop).request.headers["X-Shopify-Hmac-Sha256"]
        assert shop.flow_by_hand(raw.encode(), signature=proof).status_code == 401

    def test_knows_no_other_action_and_no_other_shop(self, shop):
        body = {"shopify_domain": "nobody.myshopify.com", "action_run_id": "r", "properties": STEP}
        assert shop.flow_by_hand(body).status_code == 404
        assert shop.flow_by_hand(body, handle="another").status_code == 404

    @pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'{"shopify_domain": "x"}'])
    def test_answers_what_it_cannot_read_with_400(self, shop, raw):
        assert shop.flow_by_hand(raw).status_code == 400

    @pytest.mark.parametrize(
        "change", [{"action_key": "\ud800"}, {"idempotency_key": "a\udfff"}, {"customer_id": "\ud800"}], ids=ascii
    )
    def test_answers_half_a_character_with_400_and_a_sentence(self, shop, change):
        with shop.nothing_changes():
            answers = [by_hand(shop, **change), by_hand(shop, run_id="\ud800")]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert all(answer.text.endswith(".") for answer in answers)

    def test_takes_no_more_than_64_kilobytes(self, shop):
        assert shop.flow_by_hand(b" " * (64 * 1024 + 1)).status_code == 413
