"""News on its way: how fast the running workers fan events out and deliver them to a vendor, beside the bare calls.

The vendor is Klaviyo's stand-in, without its rate windows and with our own pace scaled away, so that the relay is measured
and not the limit. The bare calls send the same bodies from as many threads as a destination may have workers.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.utils import timezone
from django_scopes import scope

from loyalty.events import EventKind
from loyalty.integrations.exchange import Exchange
from loyalty.integrations.klaviyo.vendor import KLAVIYO
from loyalty.integrations.operations import choose, connect
from loyalty.integrations.vendor import Person, Told
from loyalty.members.models import Member
from loyalty.outbox.models import Delivery, Event
from loyalty.outbox.nudge import nudge_relay
from loyalty.outbox.tasks import LANES
from loyalty.programs.models import Program
from tests.bench.shop import FIRST_CUSTOMER, Shop
from tests.sandbox_client import Sandbox

EVENTS, DESTINATION, KEY = 2000, "klaviyo:events", "pk_00000000000000000000bench"
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Figures:
    """Events fanned out and deliveries made per second, and bare calls per second."""

    fanned_out: float
    delivered: float
    bare: float


def measure(shop: Shop, sandbox_url: str) -> Figures:
    """Tells one shop's events by the running workers, then makes the same calls by hand."""
    sandbox = Sandbox(sandbox_url)
    sandbox.call("DELETE", "vendors/klaviyo")
    sandbox.call("PATCH", "vendors/klaviyo/faults", {"unlimited": True})
    now, program = timezone.now(), Program.objects.get(pk=shop.program_id)
    with scope(program=program):
        connect(program=program, vendor="klaviyo", key=KEY, now=now)
        choose(vendor="klaviyo", events=["points_awarded"], sends_birthday=False, now=now)
        customers = range(FIRST_CUSTOMER, FIRST_CUSTOMER + EVENTS)
        members = Member.objects.filter(shopify_customer_id__in=customers)
        members.update(email="bench@example.com")
        Event.objects.bulk_create(
            Event(
                program=program, kind=EventKind.POINTS_EARNED, member_id=member, payload={"points": 1}, occurred_at=now
            )
            for member in members.values_list("pk", flat=True)
        )
        began = time.perf_counter()
        nudge_relay()
        _until(lambda: not Event.objects.filter(fanned_out_at=None).exists())
        fanned_out = EVENTS / (time.perf_counter() - began)
        delivered = _delivered_per_second()
        Delivery.objects.filter(state="pending").update(state="skipped")
    return Figures(fanned_out, delivered, _bare_per_second(sandbox))


def _delivered_per_second() -> float:
    """Counts from what was done when the count begins: the workers began while events were still being fanned out."""
    done = Delivery.objects.filter(destination=DESTINATION, state="done")
    before, began = done.count(), time.perf_counter()
    _until(lambda: not Delivery.objects.filter(destination=DESTINATION, state__in=["pending", "sending"]).exists())
    return (done.count() - before) / (time.perf_counter() - began)


def _bare_per_second(sandbox: Sandbox) -> float:
    sandbox.call("DELETE", "vendors/klaviyo")
    sandbox.call("PATCH", "vendors/klaviyo/faults", {"unlimited": True})
    began = time.perf_counter()
    threads = [threading.Thread(target=_call, args=(lane,)) for lane in range(LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return EVENTS / (time.perf_counter() - began)


def _call(lane: int) -> None:
    now = timezone.now()
    for number in range(EVENTS // LANES):
        person = Person("bench@example.com", None)
        told = Told(
            "Points Awarded", {"Points Awarded": 1}, person, {"Encore Points Balance": 1}, now, f"bare-{lane}-{number}"
        )
        KLAVIYO.client.tell(Exchange(KLAVIYO, key=KEY, whose=None, now=now), told)


def _until(is_so) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit("the relay did not come to its end")
        time.sleep(0.05)
