"""The outbox: fanned out once, claimed once, tried again by the schedule, never lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.errors import InvalidField, NotFound
from loyalty.events import EventKind
from loyalty.integrations import operations as integrations
from loyalty.integrations.models import Connection
from loyalty.outbox import relay
from loyalty.outbox.models import Attempt, Delivery, Event
from loyalty.outbox.operations import forget_member, resume, send_again
from loyalty.outbox.ports import Dead, Done, Paused, Retry, Skipped, Subscription, Unknown
from shopify_app.shops.operations import install
from tests.a_shop import NOW, AShop

KEY = "pk_0000000000000000000000outbox"
EVENTS, PROFILES = "klaviyo:events", "klaviyo:profiles"


class Forgetful:
    """A destination whose member is forgotten while it is told of them."""

    deduplicates = True

    def wants(self, *, program_id, kind):
        return True

    def deliver(self, telling):
        forget_member(member_id=telling.member_id, now=telling.now)
        return Dead(error="Ada is unknown", response="Ada", request={"body": "Ada"})


FORGETFUL = (Subscription(EVENTS, "Forgetful", frozenset(EventKind), f"{__name__}.Forgetful"),)


@pytest.fixture
def vendor(sandbox):
    """Klaviyo's stand-in, with no faults and no memory."""
    sandbox.call("DELETE", "vendors/klaviyo")
    yield sandbox
    sandbox.call("DELETE", "vendors/klaviyo")


@pytest.fixture
def connected(db, vendor):
    """An installed shop connected to Klaviyo, with a member and one award to tell of."""
    domain = vendor.new_store()
    made = AShop(install(domain=domain, id_token=vendor.id_token(domain), now=timezone.now()).program)
    made.member(7001)
    made.action()
    with made.scope():
        integrations.connect(program=made.program, vendor="klaviyo", key=KEY, now=NOW)
        Event.objects.update(fanned_out_at=NOW)  # the enrolment is not what these tests are about
        yield made


def tell(now=NOW, destination=EVENTS):
    claim = relay.claim(destination=destination, now=now)
    assert claim is not None
    return relay.attempt(claim=claim, now=now)


def delivery(destination=EVENTS):
    return Delivery.objects.get(destination=destination)


class TestFanningOut:
    def test_makes_one_delivery_per_destination_once(self, connected):
        connected.award()
        assert relay.fan_out(now=NOW) == 1
        assert relay.fan_out(now=NOW) == 0
        assert sorted(Delivery.objects.values_list("destination", flat=True)) == [
            "flow:loyalty-points-earned", EVENTS, PROFILES, "shopify:customer-metafield",
        ]  # fmt: skip

    def test_tells_klaviyo_nothing_when_it_is_not_connected(self, connected):
        integrations.disconnect(program=connected.program, vendor="klaviyo", now=NOW)
        connected.award()
        relay.fan_out(now=NOW)
        assert not Delivery.objects.filter(destination__startswith="klaviyo").exists()

    def test_leaves_one_waiting_sync_per_member_however_much_happens(self, connected):
        for _ in range(5):
            connected.award()
            relay.fan_out(now=NOW)
        assert Delivery.objects.filter(destination=PROFILES).count() == 1
        assert Delivery.objects.filter(destination=EVENTS).count() == 5

    def test_starts_another_sync_for_what_happens_while_one_is_being_sent(self, connected):
        connected.award()
        relay.fan_out(now=NOW)
        soon = NOW + timedelta(seconds=2)
        assert relay.claim(destination=PROFILES, now=NOW) is None  # changes gather first
        assert relay.claim(destination=PROFILES, now=soon) is not None
        connected.award()
        relay.fan_out(now=NOW)
        assert Delivery.objects.filter(destination=PROFILES).count() == 2


class TestAnAttempt:
    @pytest.fixture(autouse=True)
    def _one_event(self, connected):
        connected.award()
        relay.fan_out(now=NOW)

    def test_that_arrives_ends_the_delivery(self, connected, vendor):
        assert isinstance(tell(), Done)
        assert (delivery().state, delivery().attempts, delivery().last_status) == ("done", 1, 202)
        assert KEY not in str(delivery().last_request)
        assert relay.claim(destination=EVENTS, now=NOW + timedelta(days=9)) is None

    def test_that_fails_waits_by_the_schedule_and_dies_after_the_last(self, vendor):
        vendor.call("PATCH", "vendors/klaviyo/faults", {"server_error": True, "only": "events"})  # else it is put off
        now = NOW
        for number, wait in enumerate(relay.DELAYS, 1):
            assert isinstance(tell(now), Retry)
            row = delivery()
            assert (row.state, row.attempts) == ("pending", number)
            assert wait * 0.8 <= row.next_attempt_at - now <= wait * 1.2
            assert relay.claim(destination=EVENTS, now=row.next_attempt_at - timedelta(milliseconds=1)) is None
            now = row.next_attempt_at
        tell(now)
        assert (delivery().state, delivery().attempts) == ("dead", len(relay.DELAYS) + 1)

    @pytest.mark.parametrize("as_date", [False, True])
    def test_that_klaviyo_puts_off_waits_as_long_as_it_asks(self, vendor, as_date):
        now = timezone.now()
        faults = {"throttled": 1, "retry_after": 90, "retry_after_as_date": as_date}
        vendor.call("PATCH", "vendors/klaviyo/faults", faults)
        tell(now)
        assert timedelta(seconds=85) <= delivery().next_attempt_at - now <= timedelta(seconds=95)
        assert isinstance(tell(delivery().next_attempt_at), Done)

    def test_whose_answer_was_lost_is_repeated_under_the_same_id_and_counts_once(self, vendor):
        vendor.call("PATCH", "vendors/klaviyo/faults", {"drop_after": 1})
        assert isinstance(tell(), Retry)
        assert isinstance(tell(delivery().next_attempt_at), Done)
        assert len(vendor.call("GET", f"vendors/klaviyo?key={KEY}")["events"]) == 1

    def test_with_a_key_that_no_longer_works_waits_for_a_new_one_and_uses_no_attempt_up(self, connected, vendor):
        vendor.call("PATCH", "vendors/klaviyo/faults", {"revoked": [KEY]})
        assert isinstance(tell(), Paused)
        assert (delivery().state, delivery().attempts) == ("pending", 0)
        assert Connection.objects.get().state == "needs_reconnect"
        connected.award()  # news goes on being queued
        assert relay.fan_out(now=NOW) == 1
        assert isinstance(tell(), Paused)
        assert Delivery.objects.filter(destination=EVENTS, state="pending").count() == 2
        later = NOW + timedelta(minutes=1)
        integrations.connect(program=connected.program, vendor="klaviyo", key=KEY + "new", now=later)
        assert [type(tell(later)) for _ in range(2)] == [Done, Done]

    def test_whose_worker_died_is_taken_back_when_its_lease_ends(self):
        claim = relay.claim(destination=EVENTS, now=NOW)
        assert relay.claim(destination=EVENTS, now=NOW) is None
        assert relay.recover_leases(now=NOW + relay.LEASE) == 0
        after = NOW + relay.LEASE + timedelta(seconds=1)
        assert relay.recover_leases(now=after) == 1
        assert (delivery().state, delivery().attempts) == ("pending", 1)
        relay.attempt(claim=claim, now=after)  # the dead one was only slow: it changes nothing now
        assert (delivery().state, delivery().attempts) == ("pending", 1)
        assert not Attempt.objects.exists()
        assert isinstance(tell(delivery().next_attempt_at), Done)
        assert Attempt.objects.get().outcome == "done"

    def test_whose_member_is_forgotten_before_it_is_sent_tells_nobody(self, vendor):
        claim = relay.claim(destination=EVENTS, now=NOW)
        forget_member(member_id=delivery().member_id, now=NOW)
        assert isinstance(relay.attempt(claim=claim, now=NOW), Skipped)
        assert not vendor.call("GET", f"vendors/klaviyo?key={KEY}")["events"]
        assert delivery().state == "skipped"
        assert not Attempt.objects.exists()

    def test_whose_member_is_forgotten_while_it_is_sent_writes_nothing_of_them_back(self, settings):
        settings.ENCORE_SUBSCRIPTIONS = f"{__name__}.FORGETFUL"
        claim = relay.claim(destination=EVENTS, now=NOW)
        assert isinstance(relay.attempt(claim=claim, now=NOW), Dead)
        assert (delivery().state, delivery().last_request, delivery().last_response) == ("skipped", None, "")
        assert not Attempt.objects.exists()


class TestEveryWayToEnd:
    @pytest.mark.parametrize(
        ("outcome", "state"),
        [(Done(), "done"), (Skipped(), "skipped"), (Dead(), "dead"), (Unknown(), "unknown"), (Retry(), "pending")],
        ids=lambda value: str(value)[:12],
    )
    def test_has_a_state_of_its_own(self, shop, outcome, state):
        row = Delivery(program=shop.program, attempts=1, next_attempt_at=NOW, created_at=NOW)
        assert relay._next_state(row, outcome, NOW)["state"] == state

    def test_waits_an_hour_at_most_on_somebodys_word(self, shop):
        row = Delivery(program=shop.program, attempts=1, next_attempt_at=NOW, created_at=NOW)
        changes = relay._next_state(row, Retry(after=timedelta(days=3)), NOW)
        assert changes["next_attempt_at"] == NOW + timedelta(hours=1)


class TestSendingAgain:
    def test_puts_a_delivery_back_with_all_its_attempts(self, connected, vendor):
        connected.award()
        relay.fan_out(now=NOW)
        tell()
        send_again(delivery_id=delivery().pk, now=NOW)
        assert (delivery().state, delivery().attempts, delivery().finished_at) == ("pending", 0, None)
        assert isinstance(tell(), Done)
        assert len(vendor.call("GET", f"vendors/klaviyo?key={KEY}")["events"]) == 1

    def test_leaves_alone_what_is_being_sent(self, connected):
        connected.award()
        relay.fan_out(now=NOW)
        relay.claim(destination=EVENTS, now=NOW)
        send_again(delivery_id=delivery().pk, now=NOW)
        assert (delivery().state, delivery().attempts) == ("sending", 1)

    def test_of_an_old_sync_sends_the_waiting_one_at_once(self, connected):
        connected.award()
        relay.fan_out(now=NOW)
        soon = NOW + timedelta(seconds=5)
        tell(soon, PROFILES)
        old = delivery(PROFILES)
        connected.award(now=soon)
        relay.fan_out(now=soon)
        send_again(delivery_id=old.pk, now=soon)
        waiting = Delivery.objects.get(destination=PROFILES, state="pending")
        assert (waiting.pk != old.pk, waiting.next_attempt_at) == (True, soon)

    def test_of_nobodys_delivery_is_refused(self, shop):
        with pytest.raises(NotFound):
            send_again(delivery_id=999_999, now=NOW)

    def test_resuming_makes_only_what_waits_due(self, connected):
        connected.award()
        relay.fan_out(now=NOW)
        Delivery.objects.filter(destination=EVENTS).update(next_attempt_at=NOW + timedelta(hours=1))
        assert resume(destinations=[EVENTS], now=NOW) == 1
        assert delivery().next_attempt_at == NOW


class TestConnecting:
    def test_with_a_key_klaviyo_does_not_know_stores_nothing(self, shop, vendor):
        with pytest.raises(integrations.KeyRefused):
            integrations.connect(program=shop.program, vendor="klaviyo", key="pk_short", now=NOW)
        with pytest.raises(InvalidField, match="private key starts with pk_"):
            integrations.connect(program=shop.program, vendor="klaviyo", key="Ab1234", now=NOW)
        assert Connection.objects.count() == 0

    def test_while_klaviyo_is_away_stores_nothing(self, shop, vendor):
        vendor.call("PATCH", "vendors/klaviyo/faults", {"drop_before": True})
        with pytest.raises(integrations.VendorUnreachable):
            integrations.connect(program=shop.program, vendor="klaviyo", key=KEY, now=NOW)
        assert Connection.objects.count() == 0

    def test_shows_the_key_only_by_its_ends_and_disconnecting_forgets_it(self, connected):
        assert Connection.objects.get().credential_hint == f"{KEY[:5]}…{KEY[-4:]}"
        integrations.disconnect(program=connected.program, vendor="klaviyo", now=NOW)
        gone = Connection.objects.get()
        assert (gone.credential, gone.credential_hint, gone.state) == (None, "", "disconnected")
