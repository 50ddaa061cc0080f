"""Ten thousand events through the relay while the vendor fails a fifth of its calls: none is lost, none is doubled.

Several workers at once, each with its own connection; time is handed in and jumps to the next attempt. The pace is scaled
away (its real tables are unit-tested), and the stand-in's windows with it.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from loyalty.events import EventKind
from loyalty.integrations import operations as integrations
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from shopify_app.shops.operations import install
from tests.a_shop import NOW, AShop
from tests.vendor_accounts import ACCOUNTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
EVENTS, MEMBERS, WORKERS = 10_000, 20, 4
LOSSES = {"drop_before", "drop_after", "server_error"}
"""After these the vendor may have worked the call, for all we can know."""


@pytest.fixture(
    params=[each for each in ACCOUNTS if each.vendor in ("klaviyo", "omnisend")], ids=lambda each: each.vendor
)
def account(request, sandbox, settings):
    settings.ENCORE_DELIVERY_PACE = 100_000.0
    request.param.reset(sandbox)
    yield request.param
    request.param.reset(sandbox)


@pytest.fixture
def shop(account, sandbox):
    domain = sandbox.new_store()
    made = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program)
    members = [made.member(9000 + number, email=f"member{number}@example.com", points=10) for number in range(MEMBERS)]
    with made.scope():
        integrations.connect(program=made.program, vendor=account.vendor, key=account.key, now=NOW)
        integrations.choose(vendor=account.vendor, events=["points_awarded"], sends_birthday=False, now=NOW)
        Event.objects.update(fanned_out_at=NOW)
        Event.objects.bulk_create(
            Event(
                program=made.program, kind=EventKind.POINTS_EARNED, member_id=members[number % MEMBERS].pk,
                payload={"points": number + 1, "rule_name": "Order"}, occurred_at=NOW,
            )
            for number in range(EVENTS)
        )  # fmt: skip
        yield made


def deliver_all(destination):
    """Every worker claims and attempts what is due; then time goes on to the next attempt, until nothing waits."""
    now, most = NOW, 2000
    while most := most - 1:
        workers = [threading.Thread(target=_work, args=(destination, now)) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        waiting = Delivery.objects.filter(destination=destination, state="pending").order_by("next_attempt_at")
        first = waiting.values_list("next_attempt_at", flat=True).first()
        if first is None:
            return
        now = max(now, first) + timedelta(seconds=1)
    pytest.fail("it does not come to an end")


def _work(destination, now):
    try:
        while claim := relay.claim(destination=destination, now=now):
            relay.attempt(claim=claim, now=now)
    finally:
        connections.close_all()


def test_each_is_told_once_or_known_to_be_unclear(shop, account, sandbox):
    destination = f"{account.vendor}:events"
    while relay.fan_out(now=NOW):
        pass
    others = Delivery.objects.exclude(destination=destination)
    others.update(state="skipped")
    assert Delivery.objects.filter(destination=destination).count() == EVENTS
    account.faults(sandbox, unlimited=True, seed=11, fail_rate=0.2)
    deliver_all(destination)

    rows = Delivery.objects.filter(destination=destination)
    states = {state: rows.filter(state=state).count() for state in ("done", "unknown", "dead")}
    arrived = [event["properties"][account.points_awarded] for event in account.events(sandbox)]
    calls = account.calls(sandbox, "events")
    lost = [call for call in calls if call["outcome"] in LOSSES]
    assert len(calls) > EVENTS, "a fifth of the calls failed"
    assert sum(states.values()) == EVENTS
    assert len(arrived) == len(set(arrived)), "no event is there twice"
    if account.drops_copies:
        assert states == {"done": EVENTS, "unknown": 0, "dead": 0}
        assert len(arrived) == EVENTS
    else:
        assert states["unknown"] == len(lost)
        assert states["dead"] == 0
        dropped_after = sum(call["outcome"] == "drop_after" for call in lost)
        assert len(arrived) == states["done"] + dropped_after
