"""Telling a marketing platform of what happens in a shop, step by step and with the time in hand."""

import itertools
from datetime import timedelta

from django.utils import timezone

from loyalty.integrations.models import Connection
from loyalty.integrations.operations import connect
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from loyalty.outbox.ports import Retry, Unknown
from shopify_app.shops.operations import install
from tests.a_shop import NOW, AShop

MINUTE = timedelta(minutes=1)
_OCCASIONS = itertools.count()


def fresh(account, sandbox):
    """An account that has received nothing, before and after."""
    account.reset(sandbox)
    yield account
    account.reset(sandbox)


def connected_shop(sandbox, account):
    """An installed shop connected to the vendor, with a member; what happened so far is told."""
    domain = sandbox.new_store()
    made = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program)
    made.member(7001, email="ada@example.com")
    made.action(points=100)
    with made.scope():
        connect(program=made.program, vendor=account.vendor, key=account.key, now=NOW)
        Event.objects.update(fanned_out_at=NOW)
        yield made


def happen(shop, now=NOW, times=1):
    """Awards: an event and a changed state each."""
    for _ in range(times):
        shop.award(f"occasion {next(_OCCASIONS)}", now=now)
    relay.fan_out(now=now)


def tell(account, now=NOW, what="events"):
    claim = relay.claim(destination=f"{account.vendor}:{what}", now=now)
    assert claim is not None, "nothing is due"
    return relay.attempt(claim=claim, now=now)


def mirror(account, now=NOW):
    return tell(account, now + timedelta(seconds=5), "profiles")


def rows(account, what="events"):
    return Delivery.objects.filter(destination=f"{account.vendor}:{what}").order_by("pk")


def connection(account):
    return Connection.objects.get(vendor=account.vendor)


def repeats(account):
    """What becomes of an event that may have arrived."""
    return Retry if account.drops_copies else Unknown
