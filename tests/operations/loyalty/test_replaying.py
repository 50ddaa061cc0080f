"""All of a filter is sent again: what has ended, once, oldest first, laid out so that news goes between."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from loyalty.events import EventKind
from loyalty.outbox import relay
from loyalty.outbox.filters import SYNC, Wanted, wanted_deliveries
from loyalty.outbox.models import Delivery, Event
from loyalty.outbox.operations import append
from loyalty.outbox.ports import Dead, Subscription
from loyalty.outbox.pruning import KEPT, prune
from loyalty.outbox.queries import lag, lines
from loyalty.outbox.queueing import LONGEST_WAIT, line_up
from loyalty.outbox.replaying import EVERY, TOLD_ANYWAY, replay
from tests.a_shop import NOW, AShop

LATER = NOW + timedelta(hours=1)
SECRET = "shpat_" + "0a" * 16


class Talkative:
    """A receiver that says our keys back."""

    deduplicates = True

    def wants(self, *, program_id, kind):
        return True

    def deliver(self, telling):
        said = {"headers": {"Authorization": f"Bearer {SECRET}"}, "body": f'{{"password":"hunter2","key":"{SECRET}"}}'}
        return Dead(error=f"{SECRET} is wrong", request=said, response=f'{{"token":"hunter2","your_key":"{SECRET}"}}')


TALKATIVE = (Subscription("vendor", "Vendor", frozenset(EventKind), f"{__name__}.Talkative"),)


def made(shop, destination="klaviyo:events", state="done", *, at=NOW, member_id=1, is_sync=False, **more):
    event = None
    if not is_sync:
        event = Event.objects.create(program=shop.program, kind="points.earned", occurred_at=at, fanned_out_at=at)
    over = None if state in ("pending", "sending") else at
    return Delivery.objects.create(
        program=shop.program, event=event, subject="" if is_sync else "points.earned", destination=destination, state=state,
        member_id=member_id, next_attempt_at=at, created_at=at, finished_at=over, attempts=3, **more,
    )  # fmt: skip


def again(shop, *, now=LATER, most=10_000, **asked):
    return replay(rows=wanted_deliveries(Wanted(**asked)), program_id=shop.program.pk, now=now, most=most)


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


class TestReplayingASet:
    def test_puts_back_what_has_ended_and_leaves_alone_what_goes_by_itself(self, shop):
        for state in Delivery.State.values:
            made(shop, state=state)
        done = again(shop, to="klaviyo")
        assert (done.queued, done.has_more) == (4, False)
        assert states() == ["pending", "sending", "pending", "pending", "pending", "pending"]
        back = Delivery.objects.filter(next_attempt_at__gte=LATER)
        assert set(back.values_list("attempts", "finished_at")) == {(0, None)}

    def test_lays_it_out_oldest_first_for_each_destination(self, shop):
        newer, older = made(shop, at=NOW + timedelta(minutes=1)), made(shop)
        other = made(shop, "flow:loyalty-points-earned")
        again(shop, state="done")
        for row, place in ((older, 0), (newer, 1), (other, 0)):
            row.refresh_from_db()
            assert row.next_attempt_at == LATER + place * EVERY

    def test_takes_so_many_and_goes_on_with_the_rest_until_all_were_sent_once(self, shop):
        rows = [made(shop, at=NOW + timedelta(seconds=number)) for number in range(5)]
        sent = []
        for _ in range(3):
            done = again(shop, to="klaviyo", ended_before=LATER, most=2)
            waiting = Delivery.objects.filter(state="pending").order_by("pk")
            sent += waiting.values_list("pk", flat=True)
            waiting.update(state="done", finished_at=LATER)  # they arrive before the next press
            assert done.has_more == (len(sent) < 5)
        assert sent == [row.pk for row in rows]
        assert again(shop, to="klaviyo", ended_before=LATER).queued == 0

    def test_sends_one_sync_of_each_member_and_says_so_of_the_others(self, shop):
        old, new = (made(shop, "klaviyo:profiles", "dead", is_sync=True) for _ in range(2))
        of_another = made(shop, "klaviyo:profiles", "dead", member_id=2, is_sync=True)
        told = made(shop, "klaviyo:profiles", "dead", member_id=3, is_sync=True)
        waiting = made(shop, "klaviyo:profiles", "pending", member_id=3, is_sync=True)
        assert again(shop, to="klaviyo", state="dead").queued == 2
        found = dict(Delivery.objects.values_list("pk", "state"))
        assert found == {
            old.pk: "skipped", new.pk: "pending", of_another.pk: "pending", told.pk: "skipped", waiting.pk: "pending",
        }  # fmt: skip
        old.refresh_from_db()
        assert old.last_error == TOLD_ANYWAY
        assert again(shop, to="klaviyo", state="dead").queued == 0

    def test_sends_one_sync_of_the_programme_itself(self, shop):
        for state in ("dead", "dead", "pending"):
            made(shop, "shopify:programme", state, member_id=None, is_sync=True)
        assert again(shop, to="shopify", state="dead").queued == 0
        assert states() == ["skipped", "skipped", "pending"]
        Delivery.objects.update(state="dead")
        assert again(shop, to="shopify", state="dead").queued == 1
        assert states() == ["skipped", "skipped", "pending"]

    def test_is_kept_to_the_shop(self, shop):
        other = AShop.new()
        with other.scope():
            theirs = made(other, state="dead")
        assert again(shop, state="dead").queued == 0
        with other.scope():
            theirs.refresh_from_db()
        assert theirs.state == "dead"


class TestTheFilters:
    @pytest.fixture(autouse=True)
    def _rows(self, shop):
        self.event, self.hook = made(shop), made(shop, "webhook:7:points.earned", "dead", member_id=2)
        self.older = made(shop, "klaviyo", "unknown", at=NOW - timedelta(days=2))
        self.sync = made(shop, "klaviyo:profiles", "dead", is_sync=True)
        made(shop, "webhook:77:points.earned", member_id=3, at=NOW + timedelta(days=9))

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ({"to": "klaviyo"}, {"event", "older", "sync"}), ({"to": "klaviyo:profiles"}, {"sync"}),
            ({"to": "klaviyo:events"}, {"event"}), ({"to": "webhook:7"}, {"hook"}), ({"to": "klav"}, set()),
            ({"to": "%"}, set()), ({"state": "dead"}, {"hook", "sync"}), ({"to": "klaviyo", "state": "dead"}, {"sync"}),
            ({"kind": SYNC}, {"sync"}), ({"kind": "points.earned", "to": "klaviyo"}, {"event", "older"}),
            ({"member_id": 2}, {"hook"}), ({"member_id": 0}, set()),
            ({"until": NOW}, {"older"}), ({"since": NOW, "until": NOW + timedelta(days=1)}, {"event", "hook", "sync"}),
            ({"ended_before": NOW}, {"older"}),
        ],
        ids=str,
    )  # fmt: skip
    def test_find_what_they_name(self, asked, names):
        found = set(wanted_deliveries(Wanted(**asked)).values_list("pk", flat=True))
        assert found == {getattr(self, name).pk for name in names}

    @pytest.mark.parametrize(
        ("asked", "index"),
        [
            ({"to": "klaviyo"}, "delivery_by_family"), ({"state": "dead"}, "delivery_by_state"),
            ({"kind": "points.earned"}, "delivery_by_subject"), ({"member_id": 1}, "delivery_by_member"), ({}, "delivery_newest"),
        ],
        ids=str,
    )  # fmt: skip
    def test_need_no_sorting_and_no_reading_of_everything(self, asked, index):
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO outbox_delivery (program_id, destination, subject, member_id, state, attempts, next_attempt_at,
                    lease_number, last_error, last_response, created_at)
                SELECT program_id, 'flow:x', 'tier.changed', 900 + n, 'done', 1, created_at, 1, '', '', created_at
                FROM outbox_delivery, generate_series(1, 1000) n"""
            )
            cursor.execute("ANALYZE outbox_delivery")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        plan = wanted_deliveries(Wanted(**asked)).values("pk", "state")[:25].explain()
        assert index in plan
        assert "Sort" not in plan


class TestTheLag:
    def test_is_how_long_the_first_due_one_has_waited(self, shop):
        assert (lag(now=NOW), lines(now=NOW)) == (timedelta(0), {})
        made(shop, state="pending", at=NOW - timedelta(minutes=7))
        made(shop, "flow:x", "pending", at=NOW + timedelta(minutes=5))
        made(shop, "flow:x", "dead")
        assert lag(now=NOW) == timedelta(minutes=7)
        found = lines(now=NOW)
        assert (found["klaviyo"].lag, found["klaviyo"].waiting) == (timedelta(minutes=7), 1)
        assert (found["flow"].lag, found["flow"].waiting, found["flow"].dead) == (timedelta(0), 1, 1)
        assert found["flow"].next_at == NOW + timedelta(minutes=5)

    def test_of_what_is_laid_out_is_none(self, shop):
        made(shop), made(shop)
        again(shop, to="klaviyo", now=NOW)
        assert lag(now=NOW) == timedelta(0)

    @pytest.mark.parametrize(("waited", "status"), [(4, "ok"), (6, "late")])
    def test_of_five_minutes_is_told_by_health_which_stays_up(self, shop, client, waited, status):
        made(shop, state="pending")
        Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=waited))
        answer = client.get("/health")
        assert (answer.status_code, answer.json()) == (200, {"status": status})


class TestWhatIsStored:
    def test_holds_no_secret_whatever_was_said(self, shop, settings):
        settings.ENCORE_SUBSCRIPTIONS = f"{__name__}.TALKATIVE"
        append(program_id=shop.program.pk, kind=EventKind.POINTS_EARNED, member_id=1, payload={}, now=NOW)
        relay.fan_out(now=NOW)
        claim = relay.claim(destination="vendor", now=NOW)
        relay.attempt(claim=claim, now=NOW)
        row = Delivery.objects.get()
        stored = str([row.last_request, row.last_response, row.last_error, *row.log.values_list("error", "response")])
        assert "[masked]" in stored
        assert SECRET not in stored
        assert "hunter2" not in stored

    def test_of_what_failed_is_kept_until_it_is_sent_again(self, shop):
        failed, unclear, arrived = made(shop, state="dead"), made(shop, state="unknown"), made(shop)
        prune(now=NOW + KEPT + timedelta(days=300))
        assert set(Delivery.objects.values_list("pk", flat=True)) == {failed.pk, unclear.pk}
        assert arrived.pk not in Event.objects.values_list("deliveries", flat=True)
        assert again(shop, state="dead").queued == 1
        assert not Delivery.objects.filter(event=None).exists()


class TestALine:
    def test_is_joined_at_its_end_and_nobody_in_it_is_moved(self, shop):
        due, standing = made(shop, state="pending"), made(shop, state="pending", at=NOW + timedelta(minutes=1))
        since, every = NOW + timedelta(minutes=1), timedelta(seconds=1)
        assert line_up(program_id=shop.program.pk, destination="klaviyo:events", since=since, every=every) == 1
        due.refresh_from_db(), standing.refresh_from_db()
        assert (standing.next_attempt_at, due.next_attempt_at) == (since, since + every)

    def test_keeps_nobody_for_longer_than_an_hour(self, shop):
        rows = [made(shop, state="pending") for _ in range(3)]
        line_up(
            program_id=shop.program.pk, destination="klaviyo:events", since=NOW + EVERY, every=timedelta(minutes=45)
        )
        waits = Delivery.objects.filter(pk__in=[row.pk for row in rows]).order_by("next_attempt_at")
        assert [row.next_attempt_at - NOW - EVERY for row in waits] == [
            timedelta(0),
            timedelta(minutes=45),
            LONGEST_WAIT,
        ]


class TestClaims:
    def test_find_their_own_behind_a_crowd_of_others(self, shop):
        made(shop, state="pending")
        for number in range(3):
            made(shop, "flow:x", "pending", at=NOW - timedelta(hours=number + 1))
        assert relay.claim(destination="klaviyo:events", now=NOW) is not None
        assert set(relay.due_destinations(now=NOW)) == {"flow:x"}
