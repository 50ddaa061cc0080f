"""Writing every member's profile at a vendor: whole, once each, at its own pace, whatever happens on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.integrations import operations as integrations
from loyalty.integrations.models import Connection
from loyalty.integrations.syncing import progress, run_name, work_of
from loyalty.integrations.vendors import vendor_named
from loyalty.members.models import Member
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from loyalty.programs.scheduling import open_runs, run
from shopify_app.shops.operations import install
from tests.a_shop import NOW, AShop
from tests.vendor_accounts import ACCOUNTS

MEMBERS = 120


@pytest.fixture(autouse=True)
def _hurry(settings):
    settings.ENCORE_DELIVERY_PACE = 1000.0


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.vendor)
def account(request, sandbox):
    request.param.reset(sandbox)
    request.param.faults(sandbox, unlimited=True)
    yield request.param
    request.param.reset(sandbox)


@pytest.fixture
def shop(db, sandbox, account):
    """An installed shop with members of known balances, connected to the vendor."""
    domain = sandbox.new_store()
    made = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program)
    for number in range(MEMBERS):
        made.member(8000 + number, email=f"member{number}@example.com", points=number)
    with made.scope():
        integrations.connect(program=made.program, vendor=account.vendor, key=account.key, now=NOW)
        Event.objects.update(fanned_out_at=NOW)
        yield made


class Clock:
    """Time that goes on by itself, and at once to when a run may go on."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        self.now += timedelta(milliseconds=10)
        return self.now


def go_on(account, clock=None, budget=timedelta(hours=1)):
    """One task: works until the run is over or rests."""
    name = run_name(account.vendor)
    run(
        name=name, programs=open_runs(name=name), work=work_of(vendor_named(account.vendor)), clock=clock or Clock(),
        begins=False, budget=budget,
    )  # fmt: skip


def to_the_end(account, shop, most=60):
    """As the tasks do it: again and again, each time when the run may go on."""
    clock = Clock()
    for _ in range(most):
        go_on(account, clock)
        found = progress(vendor=account.vendor)
        if not found.is_running:
            return found
        clock.now += timedelta(minutes=3)
    pytest.fail(f"not at its end: {found}")


def begin(shop, account):
    integrations.synchronise(program=shop.program, vendor=account.vendor, now=NOW)


class TestAllProfiles:
    def test_are_written_once_each_with_the_balance_of_the_moment(self, shop, account, sandbox):
        begin(shop, account)
        found = to_the_end(account, shop)
        assert (found.written, found.queued, found.skipped, found.refused) == (MEMBERS, 0, 0, 0)
        assert (found.total, found.percent, found.error) == (MEMBERS, 100, "")
        assert sorted(account.balances(sandbox).values()) == list(range(MEMBERS))
        assert not Delivery.objects.filter(destination=f"{account.vendor}:events").exists()

    def test_take_few_calls_where_the_vendor_has_a_bulk_endpoint(self, shop, account, sandbox):
        before = len(account.calls(sandbox))
        begin(shop, account)
        to_the_end(account, shop)
        made = [call["endpoint"] for call in account.calls(sandbox)[before:]]
        assert made.count("profile-bulk-import-jobs") == (account.vendor == "klaviyo")
        assert made.count("batches") == (2 if account.vendor == "omnisend" else 0)
        if account.vendor == "postscript":
            assert made.count("subscribers") == 3, "fifty are found in one call"

    def test_leave_out_who_is_excluded_from_news_by_test_mode(self, shop, account, sandbox):
        listed = Member.objects.order_by("pk").first()
        shop.test_mode("restrict", listed)
        begin(shop, account)
        found = to_the_end(account, shop)
        assert (found.written, found.skipped) == (1, MEMBERS - 1)
        assert len(account.balances(sandbox)) == 1

    def test_of_members_without_an_address_are_left_out_where_people_are_found_by_it(self, shop, account):
        Member.objects.filter(shopify_customer_id__lt=8010).update(email=None)
        begin(shop, account)
        found = to_the_end(account, shop)
        nobody = 10 if vendor_named(account.vendor).needs_email else 0
        assert (found.written, found.skipped) == (MEMBERS - nobody, nobody)

    def test_are_done_again_for_whoever_something_happened_to_meanwhile(self, shop, account):
        begin(shop, account)
        go_on(account)
        destination, member = f"{account.vendor}:profiles", Member.objects.order_by("pk").first()
        Delivery.objects.create(
            program=shop.program, destination=destination, member_id=member.pk, state="done",
            next_attempt_at=NOW + timedelta(minutes=1), created_at=NOW + timedelta(minutes=1),
        )  # fmt: skip
        to_the_end(account, shop)
        waiting = Delivery.objects.filter(destination=destination, state="pending").values_list("member_id", flat=True)
        assert list(waiting) == [member.pk]


class TestAskingTwice:
    def test_is_one_run(self, shop, account):
        begin(shop, account)
        begin(shop, account)
        assert open_runs(name=run_name(account.vendor)) == [shop.program.pk]

    def test_without_a_connection_is_refused(self, shop, account):
        integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW)
        with pytest.raises(integrations.NotConnected):
            begin(shop, account)


class TestTrouble:
    def test_on_the_way_is_waited_out_and_nobody_is_lost_or_counted_twice(self, shop, account, sandbox):
        account.faults(sandbox, seed=7, fail_rate=0.2, fail_with=["server_error", "throttled", "drop_before"])
        begin(shop, account)
        found = to_the_end(account, shop, most=400)
        assert found.written == MEMBERS
        assert sorted(account.balances(sandbox).values()) == list(range(MEMBERS))

    def test_of_the_key_rests_until_there_is_a_new_one(self, shop, account, sandbox):
        account.faults(sandbox, revoked=[account.key])
        begin(shop, account)
        go_on(account)
        assert Connection.objects.get().state == "needs_reconnect"
        assert progress(vendor=account.vendor).is_running
        account.faults(sandbox, revoked=[])
        integrations.connect(program=shop.program, vendor=account.vendor, key=account.key, now=NOW)
        assert to_the_end(account, shop).written == MEMBERS

    def test_of_the_right_to_bulk_endpoints_tells_members_one_by_one(self, shop, account, sandbox):
        bulk = {"klaviyo": "profile-bulk-import-jobs", "omnisend": "batches"}.get(account.vendor)
        account.faults(sandbox, forbidden=True, only=bulk or "no such call")
        begin(shop, account)
        found = to_the_end(account, shop)
        assert Connection.objects.get().state == "active"
        assert (found.written, found.queued) == ((0, MEMBERS) if bulk else (MEMBERS, 0))
        if bulk:
            claim = relay.claim(destination=f"{account.vendor}:profiles", now=NOW + timedelta(days=1))
            relay.attempt(claim=claim, now=NOW + timedelta(days=1))
            assert len(account.balances(sandbox)) == 1

    def test_by_disconnecting_ends_it(self, shop, account):
        begin(shop, account)
        integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW)
        go_on(account)
        assert not progress(vendor=account.vendor).is_running


@pytest.mark.parametrize("account", [ACCOUNTS[0]], ids=str, indirect=True)
def test_klaviyo_is_shown_an_example_of_each_event_as_history_and_once(shop, account, sandbox):
    begin(shop, account)
    to_the_end(account, shop)
    begin(shop, account)
    to_the_end(account, shop)
    shown = account.received(sandbox)["events"]
    names = [event["metric"] for event in shown]
    assert len(names) == len(set(names)) == 10
    assert all(event["backfill"] for event in shown)
