"""A merchant's backend looks at everything that goes out, and has it sent again: one by one, or all of a filter."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.members.models import Member
from loyalty.outbox.models import Attempt, Delivery, Event
from loyalty.referrals.models import Referral
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import fail, issue_free
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db
SECRET = "shpat_" + "0a" * 16


class Rest:
    """The merchant's backend."""

    def __init__(self, shop: AShop) -> None:
        self.full, self.reading = shop.key(), shop.key("read_only")

    def __call__(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        text = json.dumps(body) if body is not None else ""
        return Client().generic(
            method, f"/v1/{path}", text, content_type="application/json", headers={"Authorization": key or self.full}
        )

    def ids(self, query: str) -> list[str]:
        """What a list holds."""
        answer = self("GET", f"deliveries?{query}", key=self.reading)
        assert answer.status_code == 200
        return [each["id"] for each in answer.json()["data"]]


@pytest.fixture
def shop(db):
    made = AShop.new()
    made.member(7001, email="ada@example.com")
    with made.scope():
        Event.objects.update(fanned_out_at=timezone.now())
        yield made
        made.assert_sound()


@pytest.fixture
def rest(shop):
    return Rest(shop)


def went(shop, destination="klaviyo:events", state="done", *, days_ago=1.0, is_sync=False, **more):
    at = timezone.now() - timedelta(days=days_ago)
    event = None
    if not is_sync:
        event = Event.objects.create(program=shop.program, kind="points.earned", occurred_at=at, fanned_out_at=at)
    return Delivery.objects.create(
        program=shop.program, event=event, subject="" if is_sync else "points.earned", destination=destination, state=state,
        member_id=Member.objects.get().pk, next_attempt_at=at, created_at=at,
        finished_at=None if state == "pending" else at, attempts=1, **more,
    )  # fmt: skip


def attributes(answer):
    return answer.json()["data"]["attributes"]


def refusal(answer):
    (error,) = answer.json()["errors"]
    return answer.status_code, error["code"]


def gift(shop, *, failed):
    made, _ = issue_free(
        member=Member.objects.get(),
        reward_id=shop.reward().public_id,
        occurrence="t",
        source="tier",
        now=timezone.now(),
    )
    if failed:
        fail(redemption_id=made.pk, reason="Refused by Shopify", now=timezone.now())
        Redemption.objects.update(code_needs_removal=False, next_removal_at=None)
    return made


class TestTheList:
    def test_is_filtered_by_receiver_state_event_customer_and_time(self, shop, rest):
        told, flow = went(shop), went(shop, "flow:loyalty-points-earned", "dead", days_ago=3)
        mirrored = went(shop, "klaviyo:profiles", "pending", days_ago=2, is_sync=True)
        ids = [f"dlv_{row.pk}" for row in (told, mirrored, flow)]
        for query, expected in {
            "": ids, "sort=created_at": ids[::-1], "filter[destination]=klaviyo": ids[:2],
            "filter[destination]=klaviyo:profiles": ids[1:2], "filter[state]=dead": ids[2:], "filter[event]=sync": ids[1:2],
            "filter[event]=points.earned&filter[destination]=flow": ids[2:], "filter[customer]=7001": ids,
            "filter[customer]=ada@example.com": ids, "filter[customer]=nobody@example.com": [],
            f"filter[from]={_day(2.5)}": ids[:2], f"filter[until]={_day(2.5)}": ids[2:], "filter[from]=soon": [],
            "filter[state]=happy": [], "filter[destination]=webhook:nobodys": [], "page[size]=1&page[number]=2": ids[1:2],
            "filter[destination]=codes": [],
        }.items():  # fmt: skip
            assert rest.ids(query) == expected, query

    def test_has_codes_and_credits_under_a_name_of_their_own(self, shop, rest):
        made = gift(shop, failed=True)
        assert rest.ids("") == []
        assert rest.ids("filter[destination]=codes") == rest.ids("filter[destination]=codes&filter[state]=dead")
        assert rest.ids("filter[destination]=codes") == [made.public_id]
        assert rest.ids("filter[destination]=codes&filter[state]=done") == []
        assert rest.ids("filter[destination]=friend-codes") == []


def _day(ago):
    return (timezone.now() - timedelta(days=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


class TestOne:
    def test_shows_request_answer_and_attempts_and_no_secret(self, shop, rest):
        row = went(
            shop, last_status=202, last_request={"headers": {"Authorization": SECRET}, "body": f"key {SECRET}"},
            last_response=f'{{"token": "{SECRET}"}}',
        )  # fmt: skip
        Attempt.objects.create(
            program=shop.program, delivery=row, number=1, at=row.created_at, milliseconds=9, outcome="done", status=202
        )
        answer = rest("GET", f"deliveries/dlv_{row.pk}", key=rest.reading)
        told = attributes(answer)
        assert (told["label"], told["state"], told["customer_id"]) == ("Klaviyo: events", "done", "7001")
        assert told["request"] == {"headers": {"Authorization": "[masked]"}, "body": "key [masked]"}
        assert [each["response_status"] for each in told["log"]] == [202]
        assert SECRET not in answer.content.decode()

    def test_of_a_code_shows_what_was_asked_and_why_it_failed(self, shop, rest):
        made = gift(shop, failed=True)
        told = attributes(rest("GET", f"deliveries/{made.public_id}"))
        assert (told["label"], told["name"], told["state"]) == ("Discount code", "$5 off", "dead")
        assert (told["error"], told["request"]["code"]) == ("Refused by Shopify", made.code)

    @pytest.mark.parametrize("id_", ["dlv_999999", "dlv_x", "cr_nobodys", "ref_nobodys", "9" * 30])
    def test_that_nobody_has_is_not_found(self, shop, rest, id_):
        assert refusal(rest("GET", f"deliveries/{id_}")) == (404, "not_found")
        assert refusal(rest("POST", f"deliveries/{id_}/replay")) == (404, "not_found")


class TestReplayingOne:
    @pytest.mark.parametrize("state", ["done", "skipped", "dead", "unknown", "pending"])
    def test_puts_it_back_under_its_events_id(self, shop, rest, state):
        row = went(shop, state=state)
        told = attributes(rest("POST", f"deliveries/dlv_{row.pk}/replay"))
        assert (told["state"], told["attempts"], told["event_id"]) == ("pending", 0, str(row.event_id))

    def test_only_rehearsed_changes_nothing(self, shop, rest):
        row = went(shop, state="dead")
        answer = rest("POST", f"deliveries/dlv_{row.pk}/replay?dry_run=true")
        assert (attributes(answer)["state"], answer["Encore-Dry-Run"]) == ("pending", "true")
        row.refresh_from_db()
        assert row.state == "dead"

    def test_with_a_reading_key_is_refused(self, shop, rest):
        row = went(shop, state="dead")
        for path in (f"deliveries/dlv_{row.pk}/replay", "deliveries/replay"):
            assert refusal(rest("POST", path, {"state": "dead"}, key=rest.reading)) == (403, "read_only_key")
        row.refresh_from_db()
        assert row.state == "dead"

    def test_of_a_gift_that_failed_makes_its_code_again(self, shop, rest):
        made = gift(shop, failed=True)
        told = attributes(rest("POST", f"deliveries/{made.public_id}/replay"))
        assert (told["state"], told["error"]) == ("pending", None)

    def test_of_a_gift_only_rehearsed_keeps_its_id_and_changes_nothing(self, shop, rest):
        made = gift(shop, failed=True)
        answer = rest("POST", f"deliveries/{made.public_id}/replay?dry_run=true")
        assert (answer.json()["data"]["id"], attributes(answer)["state"]) == (made.public_id, "pending")
        made.refresh_from_db()
        assert made.state == "failed"

    def test_of_a_code_that_is_being_made_is_refused(self, shop, rest):
        made = gift(shop, failed=False)
        with shop.nothing_changes():
            assert refusal(rest("POST", f"deliveries/{made.public_id}/replay")) == (409, "not_failed")

    def test_of_a_friends_code_that_shopify_refused_makes_it_again_and_no_other(self, shop, rest):
        now = timezone.now()
        for number, state in enumerate(("refused", "made")):
            Referral.objects.create(
                program=shop.program, public_id=f"ref_{number}", advocate=Member.objects.get(), friend_key=str(number), rule_id=1,
                code=f"FRIEND{number}", code_state=state, claimed_at=now, expires_at=now, created_at=now, updated_at=now,
            )  # fmt: skip
        assert rest.ids("filter[destination]=friend-codes&filter[state]=dead") == ["ref_0"]
        assert attributes(rest("POST", "deliveries/ref_0/replay"))["state"] == "pending"
        assert refusal(rest("POST", "deliveries/ref_1/replay")) == (409, "no_code_to_make")
        assert list(Referral.objects.order_by("pk").values_list("code_state", flat=True)) == ["wanted", "made"]


class TestReplayingAll:
    def test_sends_what_matches_and_has_ended(self, shop, rest):
        for state in ("dead", "dead", "done", "pending"):
            went(shop, state=state)
        went(shop, "flow:loyalty-points-earned", "dead")
        told = attributes(rest("POST", "deliveries/replay", {"destination": "klaviyo", "state": "dead"}))
        assert (told["queued"], told["has_more"]) == (2, False)
        assert sorted(Delivery.objects.filter(destination="klaviyo:events").values_list("state", flat=True)) == [
            "done", "pending", "pending", "pending",
        ]  # fmt: skip
        assert Delivery.objects.get(destination__startswith="flow").state == "dead"

    def test_only_rehearsed_says_how_many_and_changes_nothing(self, shop, rest):
        went(shop, state="dead")
        assert attributes(rest("POST", "deliveries/replay?dry_run=true", {"state": "dead"}))["queued"] == 1
        assert Delivery.objects.get().state == "dead"

    def test_goes_on_with_what_ended_before_the_first_call(self, shop, rest):
        went(shop)
        before = attributes(rest("POST", "deliveries/replay", {"destination": "klaviyo"}))["ended_before"]
        Delivery.objects.update(state="done", finished_at=timezone.now() + timedelta(seconds=1))
        body = {"destination": "klaviyo", "ended_before": before}
        assert attributes(rest("POST", "deliveries/replay", body))["queued"] == 0

    def test_of_codes_makes_gifts_again_and_leaves_what_was_bought(self, shop, rest):
        made = gift(shop, failed=True)
        assert attributes(rest("POST", "deliveries/replay", {"destination": "codes", "state": "dead"}))["queued"] == 1
        made.refresh_from_db()
        assert made.state == "holding"

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "destination"), ({"event": "points.earned"}, "destination"), ({"state": "happy"}, "state"),
            ({"state": "dead", "event": "cake"}, "event"), ({"state": "dead", "since": "soon"}, "since"),
            ({"state": 7}, "state"), ({"state": "dead", "destination": None}, "destination"),
        ],
        ids=str,
    )  # fmt: skip
    def test_of_nothing_in_particular_or_of_what_is_not_there_is_refused(self, shop, rest, body, field):
        went(shop, state="dead")
        answer = rest("POST", "deliveries/replay", body)
        assert refusal(answer) == (400, "invalid_field")
        assert answer.json()["errors"][0]["detail"].startswith(field)
        assert Delivery.objects.get().state == "dead"

    def test_of_a_customer_nobody_knows_is_not_found(self, shop, rest):
        assert refusal(rest("POST", "deliveries/replay", {"state": "dead", "customer": "1"})) == (404, "not_found")
