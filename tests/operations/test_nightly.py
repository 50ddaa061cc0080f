"""At night the ledger is proved, tiers are put right, and what nobody needs is forgotten."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from config.celery import app
from config.tasks import forget_what_is_old
from loyalty.idempotency.models import Record
from loyalty.idempotency.operations import remember
from loyalty.ledger.audit import INVARIANTS
from loyalty.ledger.proving import FINDINGS
from loyalty.ledger.tasks import prove_ledgers
from loyalty.outbox.models import Delivery, Event
from loyalty.programs.models import ScheduledRun
from loyalty.tiers.models import TierMembership
from loyalty.tiers.queries import misplaced
from loyalty.tiers.tasks import requalify_sweep
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    with made.scope():
        yield made


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


class TestTheAudit:
    def test_is_a_run_that_found_nothing_in_any_invariant(self, shop):
        shop.member(7001, points=10)
        prove_ledgers()
        done = ScheduledRun.objects.get(name="audit")
        assert (done.counts, done.error) == ({"invariants": INVARIANTS, "findings": 0}, "")
        assert not Record.objects.filter(scope=FINDINGS).exists()

    def test_that_was_stopped_goes_on_with_the_invariants_that_are_left(self, shop):
        at = timezone.now() - timedelta(minutes=10)
        ScheduledRun.objects.create(
            program=shop.program, name="audit", started_at=at, leased_until=at, cursor=str(INVARIANTS - 2)
        )
        prove_ledgers()
        assert ScheduledRun.objects.filter(started_at=at).get().counts == {"invariants": 2, "findings": 0}

    def test_says_loudly_which_row_lies_and_keeps_it(self, shop, caplog):
        ada = shop.member(7001, points=10)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET available = 11 WHERE member_id = %s", [ada.pk])
        prove_ledgers()
        assert "the ledger lies" in caplog.text
        kept = Record.objects.filter(scope=FINDINGS).order_by("pk")
        assert {json.loads(each.body)[0]["table"] for each in kept} == {"account"}
        assert all(each.expires_at > timezone.now() for each in kept)
        assert ScheduledRun.objects.get(name="audit").counts == {"invariants": INVARIANTS, "findings": len(kept)}


class TestTheSweepOfTiers:
    def test_places_who_stands_elsewhere_than_the_figure_says_and_nobody_else(self, shop):
        shop.tier("Base", 0)
        ada, bob, locked = (shop.member(7001 + n, points=100) for n in range(3))
        gold = shop.tier("Gold", 100)  # after they were placed
        TierMembership.objects.filter(member=locked).update(is_locked=True)
        shop.tier("Platinum", 101)
        assert misplaced(program=shop.program, now=NOW).member_ids == [ada.pk, bob.pk]
        requalify_sweep()
        assert misplaced(program=shop.program, now=NOW).member_ids == []
        run = ScheduledRun.objects.get(name="requalify")
        assert (run.counts, run.error, run.finished_at is None) == ({"judged": 3, "placed": 2}, "", False)
        assert set(TierMembership.objects.filter(tier=gold).values_list("member_id", flat=True)) == {ada.pk, bob.pk}
        assert TierMembership.objects.get(member=locked).tier.name == "Base"


class TestForgetting:
    def told(self, shop, state, *, days):
        at = timezone.now() - timedelta(days=days)
        event = Event.objects.create(program=shop.program, kind="x", occurred_at=at, fanned_out_at=at)
        return Delivery.objects.create(
            program=shop.program, event=event, destination="x", state=state, next_attempt_at=at, created_at=at,
            finished_at=None if state == "pending" else at, last_request={"a": 1}, last_response="b",
        )  # fmt: skip

    def test_drops_what_was_told_long_ago_and_keeps_what_can_still_be_sent(self, shop):
        done, dead = self.told(shop, "done", days=91), self.told(shop, "dead", days=91)
        kept = [
            self.told(shop, "pending", days=91),
            self.told(shop, "unknown", days=91),
            self.told(shop, "done", days=89),
        ]
        forget_what_is_old()
        assert set(Delivery.objects.values_list("pk", flat=True)) == {dead.pk, *(each.pk for each in kept)}
        assert not Event.objects.filter(pk=done.event_id).exists()
        dead.refresh_from_db()
        assert (dead.last_request, dead.last_response, dead.event is None) == (None, "", False)
        assert all(Delivery.objects.get(pk=each.pk).last_request for each in kept)

    def test_drops_answers_past_their_end_and_keeps_those_for_ever(self, shop):
        now = timezone.now()
        for key, expires_at in (("old", now - timedelta(seconds=1)), ("new", now + timedelta(days=1)), ("ever", None)):
            remember(program_id=shop.program.pk, scope="s", key=key, body="b", now=NOW, expires_at=expires_at)
        forget_what_is_old()
        assert set(Record.objects.values_list("key", flat=True)) == {"new", "ever"}
