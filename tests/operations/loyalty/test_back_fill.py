"""Every member's profile at every vendor: told once, whatever the vendor's way, and gone on with where it had to stop."""

import time
from collections import Counter

import pytest
from django.utils import timezone

from loyalty.integrations import operations as integrations
from loyalty.integrations.syncing import work_of
from loyalty.integrations.vendors import vendor_named
from shopify_app.shops.operations import install
from tests.a_shop import NOW, AShop
from tests.vendor_accounts import ACCOUNTS

MEMBERS = 3
SECONDS = 5


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.vendor)
def account(request, sandbox):
    request.param.reset(sandbox)
    yield request.param
    request.param.reset(sandbox)


@pytest.fixture
def shop(db, sandbox, account):
    """An installed shop connected to the vendor, with members."""
    domain = sandbox.new_store()
    made = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program)
    for number in range(MEMBERS):
        made.member(7001 + number, email=f"m{number}@example.com")
    with made.scope():
        integrations.connect(program=made.program, vendor=account.vendor, key=account.key, now=NOW)
        yield made


def steps(shop, account):
    """The steps of a back-fill, to its end; a step that rests is gone on with at once."""
    work, cursor = work_of(vendor_named(account.vendor)), ""
    while cursor is not None:
        step = work(shop.program, cursor, NOW)
        yield step
        cursor = step.cursor


def counted(made):
    return sum((Counter(step.counts) for step in made), Counter())


def test_everybody_is_written(shop, account, sandbox, settings):
    settings.ENCORE_DELIVERY_PACE = 1000.0
    counts = counted(steps(shop, account))
    assert (counts["total"], counts["written"], counts["queued"], counts["refused"]) == (MEMBERS, MEMBERS, 0, 0)
    assert list(account.balances(sandbox).values()) == [0] * MEMBERS
    assert not account.received(sandbox).get("forbidden")


def test_who_writes_one_by_one_stops_at_a_full_window_and_goes_on_behind_the_last(shop, account, sandbox, settings):
    if "back_fill" not in vendor_named(account.vendor).api.windows:
        return  # everybody goes in one call there
    settings.ENCORE_DELIVERY_PACE = 0.001  # one call a second
    made = []
    for step in steps(shop, account):
        made.append(step)
        rest = (step.rests_until - NOW).total_seconds() if step.rests_until else 0.0
        time.sleep(rest if rest < SECONDS else 0)  # windows go by the real clock; the end's patience is not waited for
    assert max(step.counts.get("written", 0) for step in made) == 1
    assert counted(made)["written"] == MEMBERS
    assert len(account.calls(sandbox, account.state_calls)) == MEMBERS, "nobody twice"
