"""Disconnecting and removing what was written: every profile is cleared, then the key goes; nobody is kept against their will."""

from datetime import timedelta

import pytest

from loyalty.integrations import leaving
from loyalty.integrations import operations as integrations
from loyalty.integrations.models import Connection
from loyalty.integrations.vendors import vendor_named
from loyalty.outbox.models import Delivery
from loyalty.programs.models import ScheduledRun
from loyalty.programs.scheduling import open_runs, run
from tests.a_shop import NOW
from tests.vendor_accounts import ACCOUNTS
from tests.vendor_telling import connected_shop, connection, fresh, happen, mirror, rows

MEMBERS = 70


@pytest.fixture(autouse=True)
def _hurry(settings):
    settings.ENCORE_DELIVERY_PACE = 1000.0


@pytest.fixture(params=ACCOUNTS, ids=str)
def account(request, sandbox):
    for each in fresh(request.param, sandbox):
        each.faults(sandbox, unlimited=True)
        yield each


@pytest.fixture
def shop(db, sandbox, account):
    yield from connected_shop(sandbox, account)


def leave(shop, account):
    integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW, removes_data=True)


def work(account, after=timedelta(0), tasks=1):
    """Tasks, one after the other, each some time after the one before."""
    name, clock = leaving.run_name(account.vendor), NOW
    for _ in range(tasks):
        clock += after + timedelta(minutes=2)
        run(
            name=name, programs=open_runs(name=name), work=leaving.work_of(vendor_named(account.vendor)),
            clock=lambda at=clock: at, begins=False,
        )  # fmt: skip


class TestRemovingWhatWasWritten:
    def test_clears_every_profile_and_then_forgets_the_key(self, shop, account, sandbox):
        happen(shop)
        mirror(account)
        assert any(account.balances(sandbox).values())
        leave(shop, account)
        assert (connection(account).state, connection(account).credential) == ("leaving", account.key)
        work(account)
        said = [each["properties"] for each in account.received(sandbox)[account.people].values()]
        assert {value for each in said for value in each.values()} <= {"", 0, None}
        assert (connection(account).state, connection(account).credential) == ("disconnected", None)

    def test_reaches_everybody(self, shop, account):
        for number in range(MEMBERS):
            shop.member(9000 + number, email=f"member{number}@example.com")
        leave(shop, account)
        work(account)
        counts = ScheduledRun.objects.get(name=leaving.run_name(account.vendor)).counts
        assert (counts["total"], counts["written"], counts["refused"]) == (MEMBERS + 1, MEMBERS + 1, 0)

    def test_tells_nothing_any_more_from_the_first_moment(self, shop, account):
        happen(shop)
        leave(shop, account)
        happen(shop)
        assert set(Delivery.objects.filter(destination__startswith=account.vendor).values_list("state", flat=True)) == {
            "skipped"
        }

    def test_ends_a_back_fill_under_way(self, shop, account, sandbox):
        integrations.synchronise(program=shop.program, vendor=account.vendor, now=NOW)
        leave(shop, account)
        work(account)
        assert not rows(account, "profiles").filter(state="pending").exists()

    def test_goes_on_after_trouble(self, shop, account, sandbox):
        happen(shop)
        mirror(account)
        leave(shop, account)
        account.faults(sandbox, server_error=True)
        work(account)
        assert connection(account).state == "leaving"
        account.faults(sandbox, server_error=0)
        work(account, tasks=8)
        assert connection(account).state == "disconnected"
        assert not any(account.balances(sandbox).values())

    def test_ends_without_it_when_the_key_is_refused(self, shop, account, sandbox):
        leave(shop, account)
        account.faults(sandbox, revoked=[account.key])
        work(account)
        assert (connection(account).state, connection(account).credential) == ("disconnected", None)

    def test_ends_without_it_after_a_day(self, shop, account, sandbox):
        leave(shop, account)
        account.faults(sandbox, drop_before=True)
        work(account, after=timedelta(hours=13), tasks=3)
        assert connection(account).state == "disconnected"

    def test_is_given_up_by_whoever_connects_again(self, shop, account, sandbox):
        happen(shop)
        mirror(account)
        leave(shop, account)
        integrations.connect(program=shop.program, vendor=account.vendor, key=account.key, now=NOW)
        work(account)
        assert connection(account).state == "active"
        assert any(account.balances(sandbox).values())

    def test_is_not_begun_with_a_key_that_is_refused(self, shop, account):
        Connection.objects.update(state="needs_reconnect")
        leave(shop, account)
        assert (connection(account).state, connection(account).credential) == ("disconnected", None)
