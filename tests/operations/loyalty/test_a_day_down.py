"""A vendor is down for a day: nothing is lost, it is left in peace meanwhile, and its return drowns neither it nor us."""

import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from loyalty.integrations import operations as integrations
from loyalty.integrations.models import Connection
from loyalty.integrations.trouble import FAILURES
from loyalty.outbox import relay
from loyalty.outbox.filters import Wanted, wanted_deliveries
from loyalty.outbox.models import Delivery, Event
from loyalty.outbox.queries import lines
from loyalty.outbox.replaying import replay
from shopify_app.shops.operations import install
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OFTEN, SELDOM = timedelta(seconds=10), timedelta(minutes=10)
"""How often is swept in the first hour, and in the others: the real one sweeps every other second."""
KEYS = {
    "klaviyo": "pk_00000000000000000000000000aday",
    "omnisend": "65a1b2c3d4e5f60718293a4b-aDayDownAndNothingIsLost0000000",
}
ID = {"klaviyo": "unique_id", "omnisend": "eventID"}


class House:
    """A shop with one vendor, and a relay and workers that run by a clock of the test's own."""

    def __init__(self, vendor, sandbox):
        self.vendor, self.sandbox = vendor, sandbox
        self.now = timezone.now() - DAY
        self.claims = self.sweeps = 0
        self.minutes = set()
        domain = sandbox.new_store()
        self.shop = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=self.now).program)
        self.shop.member(7001, now=self.now)
        self.shop.action(now=self.now)
        with self.shop.scope():
            integrations.connect(program=self.shop.program, vendor=vendor, key=KEYS[vendor], now=self.now)
            Event.objects.update(fanned_out_at=self.now)  # the enrolment is not what this is about

    @property
    def queue(self):
        return f"{self.vendor}:events"

    def faults(self, **switches):
        self.sandbox.call("PATCH", f"vendors/{self.vendor}/faults", switches)

    def calls(self):
        """Every call the vendor has had, under whatever key."""
        return self.sandbox.call("GET", f"vendors/{self.vendor}")["requests"]

    def told(self):
        """The ids of the events that count at the vendor, as often as they do."""
        kept = self.sandbox.call("GET", f"vendors/{self.vendor}?key={KEYS[self.vendor]}")["events"]
        return Counter(each[ID[self.vendor]] for each in kept)

    def forget_windows(self):
        """Time passes: the vendor's windows are counted by the clock of Redis, which does not follow the test's."""
        client = redis.Redis.from_url(settings.REDIS_URL)
        for key in client.scan_iter("encore:rate:*"):
            client.delete(key)

    def sweep(self):
        """What the relay and its workers do at one moment: all that is due, and it may not be due again at once."""
        self.sweeps += 1
        self.minutes.add(self.now.replace(second=0, microsecond=0))
        while relay.fan_out(now=self.now):
            pass
        for destination in relay.due_destinations(now=self.now):
            if destination.startswith(self.vendor):
                while (claim := relay.claim(destination=destination, now=self.now)) is not None:
                    self.claims += 1
                    relay.attempt(claim=claim, now=self.now)

    def a_day(self, events):
        """Events come all through the day, while what is due is worked off again and again."""
        begins = self.now
        for number in range(events):
            self.shop.award(now=self.now)
            until = begins + DAY * (number + 1) / events
            while self.now < until:
                self.forget_windows()
                self.sweep()
                self.now += OFTEN if self.now < begins + HOUR else min(SELDOM, DAY / events)

    def work_off(self, seconds):
        """The clock runs with the real one, as the vendor's windows do, until nothing waits."""
        began, since = time.monotonic(), self.now
        while self.waiting().exists():
            assert time.monotonic() - began < seconds, lines(now=self.now)
            self.now = since + timedelta(seconds=time.monotonic() - began)
            self.sweep()
            time.sleep(0.02)

    def waiting(self):
        return Delivery.objects.filter(destination=self.queue, state="pending")

    def states(self):
        return Counter(Delivery.objects.filter(destination=self.queue).values_list("state", flat=True))


@pytest.fixture
def house(request, sandbox):
    """A shop with the vendor the test names, which has no faults and no memory."""
    vendor = request.param
    sandbox.call("DELETE", f"vendors/{vendor}")
    made = House(vendor, sandbox)
    made.forget_windows()
    with made.shop.scope():
        yield made
        made.shop.assert_sound()
    sandbox.call("DELETE", f"vendors/{vendor}")


def per_second(calls):
    """How many calls began in the busiest second."""
    moments = sorted(datetime.fromisoformat(call["at"]) for call in calls)
    second = timedelta(seconds=1)
    return max(sum(at <= each < at + second for each in moments) for at in moments)


@pytest.mark.parametrize("house", ["klaviyo"], indirect=True)
class TestAVendorThatDropsCopies:
    def test_gets_every_event_once_is_left_in_peace_and_not_flooded(self, house, settings):
        house.faults(drop_before=True)
        house.a_day(events=300)
        while_down = house.calls()
        assert house.states() == {"pending": 300}
        assert max(Delivery.objects.values_list("attempts", flat=True)) <= FAILURES
        assert len(while_down) <= len(house.minutes) + 2 * FAILURES  # one a minute at most, however often is swept
        assert house.claims <= 5 * house.sweeps  # and what waits is not turned over again and again

        settings.ENCORE_DELIVERY_PACE = 0.3
        house.faults(drop_before=False)
        house.forget_windows()
        house.claims = house.sweeps = 0
        house.work_off(seconds=60)
        assert house.states() == {"done": 300}
        assert len(house.told()) == 300
        assert set(house.told().values()) == {1}
        back = [call for call in house.calls() if call["endpoint"] == "events" and call["status"] == 202]
        assert per_second(back) <= 52
        assert house.claims <= 300 + 3 * house.sweeps  # each is claimed to be sent, and a few to learn that it is full

    def test_that_stays_away_for_a_week_has_lost_nothing_either(self, house):
        house.faults(drop_before=True)
        house.a_day(events=4)
        house.now += 6 * DAY
        house.sweep()
        house.faults(drop_before=False)
        house.now += DAY
        house.sweep()
        house.now += DAY
        house.sweep()
        assert house.states() == {"done": 4}
        assert len(house.told()) == 4


@pytest.mark.parametrize("house", ["omnisend"], indirect=True)
class TestAVendorThatKeepsCopies:
    def test_gets_every_event_once_and_what_nobody_knows_of_is_left_to_a_person(self, house):
        house.faults(drop_before=True)
        house.a_day(events=60)
        unclear = house.states()["unknown"]
        assert unclear <= FAILURES  # those sent before anybody knew; a probe is a question, never an event
        assert house.states() == Counter(pending=60 - unclear, unknown=unclear)
        assert len(house.calls()) <= len(house.minutes) + 2 * FAILURES

        house.faults(drop_before=False)
        house.forget_windows()
        house.work_off(seconds=30)
        assert house.states() == Counter(done=60 - unclear, unknown=unclear)
        rows = wanted_deliveries(Wanted(to="omnisend", state="unknown"))
        assert replay(rows=rows, program_id=house.shop.program.pk, now=house.now).queued == unclear
        house.work_off(seconds=30)
        assert house.states() == {"done": 60}
        assert (len(house.told()), set(house.told().values())) == (60, {1})
        assert Connection.objects.get().failures_in_row == 0
