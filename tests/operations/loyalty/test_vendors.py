"""What each marketing platform is told, and what each of its answers means: the same promises of all of them."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.integrations import operations as integrations
from loyalty.integrations.models import Connection
from loyalty.integrations.trouble import FAILURES
from loyalty.integrations.vendors import VENDORS
from loyalty.outbox import relay
from loyalty.outbox.models import Attempt, Delivery, Event
from loyalty.outbox.operations import send_again
from loyalty.outbox.ports import Dead, Done, Paused, Retry, Skipped, Unknown, Waits
from shopify_app.shops.operations import install
from tests.a_shop import NOW, AShop
from tests.vendor_accounts import ACCOUNTS

MINUTE = timedelta(minutes=1)
_OCCASIONS = itertools.count()


def test_every_vendor_of_the_table_is_asked_here():
    assert [account.vendor for account in ACCOUNTS] == [vendor.slug for vendor in VENDORS]


@pytest.fixture(autouse=True)
def _hurry(settings):
    """The pace is by the real clock, which these tests do not wait for; it has tests of its own."""
    settings.ENCORE_DELIVERY_PACE = 1000.0


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.vendor)
def account(request, sandbox):
    request.param.reset(sandbox)
    yield request.param
    request.param.reset(sandbox)


@pytest.fixture
def shop(db, sandbox, account):
    """An installed shop connected to the vendor, with a member; what happened so far is told."""
    domain = sandbox.new_store()
    made = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program)
    made.member(7001, email="ada@example.com")
    made.action(points=100)
    with made.scope():
        integrations.connect(program=made.program, vendor=account.vendor, key=account.key, now=NOW)
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


class TestWhatArrives:
    def test_is_the_event_under_the_vendors_spelling_once(self, shop, account, sandbox):
        happen(shop)
        assert isinstance(tell(account), Done)
        (event,) = account.events(sandbox)
        assert event["properties"][account.points_awarded] == 100
        assert rows(account).get().state == "done"
        assert account.key not in str(list(rows(account).values()))

    def test_shows_the_new_balance_with_the_event_or_before_it(self, shop, account, sandbox):
        happen(shop)
        tell(account)
        assert list(account.balances(sandbox).values()) == [100]

    def test_is_the_state_as_it_is_when_it_is_sent(self, shop, account, sandbox):
        happen(shop)
        happen(shop)
        assert rows(account, "profiles").count() == 1
        assert isinstance(mirror(account), Done)
        assert list(account.balances(sandbox).values()) == [200]
        assert not account.events(sandbox)

    def test_never_subscribes_anybody(self, shop, account, sandbox):
        happen(shop)
        tell(account)
        mirror(account)
        received = account.received(sandbox)
        assert not received.get("forbidden")
        assert {each.get("status") for each in received.get("contacts", {}).values()} <= {"nonSubscribed"}

    def test_is_only_what_the_merchant_has_chosen(self, shop, account):
        integrations.choose(vendor=account.vendor, events=["points_expired"], sends_birthday=False, now=NOW)
        happen(shop)
        assert not rows(account).exists()
        assert rows(account, "profiles").exists()


class TestAfter429:
    def test_it_waits_and_uses_no_attempt_up(self, shop, account, sandbox):
        happen(shop)
        account.faults(sandbox, throttled=1, retry_after=30, only=account.event_calls)
        assert isinstance(tell(account), Waits)
        row = rows(account).get()
        assert (row.state, row.attempts) == ("pending", 0)
        waited = (row.next_attempt_at - NOW).total_seconds()
        low, high = (30, 30) if account.says_patience else account.patience
        assert low <= waited <= high
        assert Attempt.objects.get(delivery=row).status == 429
        assert isinstance(tell(account, row.next_attempt_at), Done)
        assert len(account.events(sandbox)) == 1

    def test_without_a_word_of_how_long_it_waits_as_the_facts_say(self, shop, account, sandbox):
        happen(shop)
        mute = {"without_retry_after": True} if account.says_patience else {}
        account.faults(sandbox, throttled=1, only=account.event_calls, **mute)
        tell(account)
        waited = (rows(account).get().next_attempt_at - NOW).total_seconds()
        assert account.patience[0] <= waited <= account.patience[1]

    def test_the_others_line_up_behind(self, shop, account, sandbox):
        happen(shop, times=3)
        account.faults(sandbox, throttled=1, retry_after=30, only=account.event_calls)
        tell(account)
        first = min(row.next_attempt_at for row in rows(account))
        assert first > NOW
        assert relay.claim(destination=f"{account.vendor}:events", now=first - timedelta(milliseconds=1)) is None


class TestARefusedKey:
    @pytest.mark.parametrize("switch", ["unauthorized", "forbidden"])
    def test_pauses_the_connection_and_loses_nothing(self, shop, account, sandbox, switch):
        happen(shop, times=2)
        account.faults(sandbox, **{switch: True})
        assert isinstance(tell(account), Paused)
        assert connection(account).state == "needs_reconnect"
        made = len(account.calls(sandbox))
        assert isinstance(tell(account), Paused)
        assert len(account.calls(sandbox)) == made, "nobody asks with a key that is known to be refused"
        account.faults(sandbox, **{switch: 0})
        integrations.connect(program=shop.program, vendor=account.vendor, key=account.key, now=NOW)
        assert [type(tell(account)) for _ in range(2)] == [Done, Done]

    def test_when_connecting_stores_nothing(self, shop, account, sandbox):
        integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW)
        account.faults(sandbox, revoked=[account.key])
        with pytest.raises(integrations.KeyRefused):
            integrations.connect(program=shop.program, vendor=account.vendor, key=account.key, now=NOW)
        assert (connection(account).state, connection(account).credential) == ("disconnected", None)


class TestARefusal:
    def test_of_one_event_ends_it_with_the_vendors_sentence(self, shop, account, sandbox):
        happen(shop)
        account.faults(sandbox, refused=1, only=account.event_calls)
        outcome = tell(account)
        assert isinstance(outcome, Dead)
        row = rows(account).get()
        assert (row.state, row.last_status) == ("dead", 400)
        assert "refused" in row.last_error
        assert row.last_response
        assert connection(account).failures_in_row == 0

    def test_of_the_whole_version_pauses_and_asks_for_no_new_key(self, shop, account, sandbox):
        happen(shop)
        account.faults(sandbox, retired=True)
        assert isinstance(tell(account), Paused)
        assert (connection(account).state, rows(account).get().state) == ("active", "pending")
        assert "retired" in connection(account).last_error


class TestTrouble:
    @pytest.mark.parametrize("switch", ["server_error", "drop_before", "drop_after"])
    def test_an_event_that_may_have_arrived_is_repeated_only_where_a_copy_counts_once(
        self, shop, account, sandbox, switch
    ):
        happen(shop)
        account.faults(sandbox, **{switch: 1, "only": account.event_calls})
        assert isinstance(tell(account), repeats(account))
        row = rows(account).get()
        if account.drops_copies:
            assert row.state == "pending"
            assert isinstance(tell(account, row.next_attempt_at), Done)
            assert len(account.events(sandbox)) == 1
        else:
            assert (row.state, row.finished_at) == ("unknown", NOW)
            assert len(account.events(sandbox)) == (1 if switch == "drop_after" else 0)

    def test_a_slow_answer_is_as_good_as_none(self, shop, account, sandbox, settings):
        settings.ENCORE_VENDOR_READ_SECONDS = 0.3
        happen(shop)
        account.faults(sandbox, slow_ms=900, only=account.event_calls)
        assert isinstance(tell(account), repeats(account))

    @pytest.mark.parametrize("switch", ["server_error", "drop_before", "drop_after"])
    def test_a_state_is_always_repeated(self, shop, account, sandbox, switch):
        happen(shop)
        account.faults(sandbox, **{switch: 1, "only": account.state_calls})
        assert isinstance(mirror(account), Retry)
        row = rows(account, "profiles").get()
        assert isinstance(tell(account, row.next_attempt_at, "profiles"), Done)
        assert list(account.balances(sandbox).values()) == [100]

    def test_what_never_left_is_repeated(self, shop, account, sandbox, settings):
        settings.ENCORE_VENDORS_URL = "http://127.0.0.1:9/vendors"
        happen(shop)
        assert isinstance(tell(account), Retry)
        assert not account.calls(sandbox, account.event_calls)

    def test_a_body_cut_after_success_is_success(self, shop, account, sandbox):
        happen(shop)
        account.faults(sandbox, cut_body=1, only=account.event_calls)
        assert isinstance(tell(account), Done)
        assert len(account.events(sandbox)) == 1

    def test_a_worker_that_died_leaves_the_same_doubt(self, shop, account):
        happen(shop)
        relay.claim(destination=f"{account.vendor}:events", now=NOW)
        relay.recover_leases(now=NOW + relay.LEASE + timedelta(seconds=1))
        assert rows(account).get().state == ("pending" if account.drops_copies else "unknown")

    def test_what_is_unclear_is_sent_again_when_a_person_says_so(self, shop, account, sandbox):
        if account.drops_copies:
            return  # nothing is ever unclear there
        happen(shop)
        account.faults(sandbox, drop_after=1, only=account.event_calls)
        tell(account)
        send_again(delivery_id=rows(account).get().pk, now=NOW)
        assert isinstance(tell(account), Done)
        assert len(account.events(sandbox)) == 2, "the vendor drops no copies, which the page says before"


class TestTheCircuit:
    @pytest.fixture(autouse=True)
    def _tired(self, shop, account, sandbox):
        """As many failures in a row as it takes."""
        happen(shop, times=FAILURES + 4)
        account.faults(sandbox, server_error=True)
        for _ in range(FAILURES):
            tell(account)

    def test_opens_and_puts_the_rest_off_without_a_call(self, account, sandbox):
        made = len(account.calls(sandbox))
        assert isinstance(tell(account), Waits)
        assert len(account.calls(sandbox)) == made
        assert relay.claim(destination=f"{account.vendor}:events", now=NOW) is None, "one claim put off all the rest"
        assert rows(account).filter(state="dead").count() == 0

    def test_lets_one_probe_through_each_minute(self, account, sandbox):
        tell(account)
        made = len(account.calls(sandbox, account.event_calls))
        for minute in range(1, 4):
            now = NOW + minute * MINUTE
            tell(account, now)
            assert isinstance(tell(account, now), Waits)
            assert len(account.calls(sandbox, account.event_calls)) <= made + minute

    def test_closes_with_the_first_success(self, account, sandbox):
        tell(account)
        account.faults(sandbox, server_error=0)
        assert isinstance(tell(account, NOW + MINUTE), Done)
        assert isinstance(tell(account, NOW + MINUTE), Done)
        assert (connection(account).failures_in_row, connection(account).waits_until) == (0, None)


class TestThePace:
    def test_stays_under_the_limit_whatever_the_number_of_workers(self, shop, account, settings):
        settings.ENCORE_DELIVERY_PACE = 0.001  # one call in each window
        happen(shop, times=4)
        outcomes = [type(tell(account)) for _ in range(2)]
        assert outcomes.count(Done) <= 1
        assert Waits in outcomes
        spread = sorted(row.next_attempt_at for row in rows(account) if row.state == "pending")
        assert spread[0] > NOW
        assert len(set(spread)) == len(spread), "what waits is laid out one after the other"
        assert not rows(account).exclude(state__in=["pending", "done"]).exists()


class TestDisconnecting:
    def test_forgets_the_key_and_sends_nothing_more(self, shop, account, sandbox):
        happen(shop)
        integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW)
        assert connection(account).credential is None
        assert {row.state for row in rows(account)} == {"skipped"}
        happen(shop)
        assert not rows(account).filter(state="pending").exists()
        assert not account.events(sandbox)


class TestATestEvent:
    def test_arrives_marked_and_leaves_no_trace(self, shop, account, sandbox):
        if account.vendor == "postscript":
            people = [{"shopify_customer_id": "1", "email": "me@example.com"}]
            sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        outcome = integrations.send_test(
            program=shop.program, vendor=account.vendor, event="points_awarded", email="me@example.com", now=NOW
        )
        assert isinstance(outcome, Done)
        (event,) = account.events(sandbox)
        assert event["properties"].get("Encore Test") or event["properties"].get("Encore_Test")
        assert not rows(account).exists()

    def test_says_what_the_vendor_said(self, shop, account, sandbox):
        account.faults(sandbox, refused=1, only="subscribers" if account.vendor == "postscript" else "events")
        outcome = integrations.send_test(
            program=shop.program, vendor=account.vendor, event="points_awarded", email="me@example.com", now=NOW
        )
        assert isinstance(outcome, Dead)
        assert outcome.response

    def test_to_a_vendor_that_is_not_connected_is_refused(self, shop, account):
        integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW)
        with pytest.raises(integrations.NotConnected):
            integrations.send_test(
                program=shop.program, vendor=account.vendor, event="points_awarded", email="a@b.c", now=NOW
            )


class TestPostscriptsPeople:
    @pytest.fixture(params=[account for account in ACCOUNTS if account.vendor == "postscript"], ids=["postscript"])
    def account(self, request, sandbox):
        request.param.reset(sandbox)
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": request.param.key, "everyone": False})
        yield request.param
        request.param.reset(sandbox)

    def test_who_is_no_subscriber_is_left_alone_and_asked_for_once_a_day(self, shop, account, sandbox):
        happen(shop)
        assert isinstance(tell(account), Skipped)
        happen(shop, NOW + timedelta(hours=23))
        assert isinstance(tell(account, NOW + timedelta(hours=23)), Skipped)
        assert len(account.calls(sandbox, "subscribers")) == 2, "by the customer's id, then by the address; once"
        people = [{"shopify_customer_id": "7001"}]
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        later = NOW + timedelta(hours=25)
        happen(shop, later)
        assert isinstance(tell(account, later), Done)

    def test_a_subscriber_is_looked_up_once(self, shop, account, sandbox):
        people = [{"shopify_customer_id": "7001"}]
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        happen(shop, times=2)
        assert [type(tell(account)) for _ in range(2)] == [Done, Done]
        assert len(account.calls(sandbox, "subscribers")) == 1

    def test_who_left_is_skipped_from_then_on(self, shop, account, sandbox):
        people = [{"shopify_customer_id": "7001"}]
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        happen(shop, times=2)
        tell(account)
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "gone": ["7001"]})
        assert isinstance(tell(account), Skipped)
        assert rows(account).filter(state="skipped").get().last_error == "Not a subscriber"
