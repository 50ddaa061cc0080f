"""What each marketing platform's answers mean: patience, refusals, silence; the same promises of all of them."""

from datetime import timedelta

import pytest

from loyalty.integrations import operations as integrations
from loyalty.integrations.trouble import FAILURES
from loyalty.outbox import relay
from loyalty.outbox.models import Attempt
from loyalty.outbox.operations import send_again
from loyalty.outbox.ports import Dead, Done, Paused, Retry, Waits
from tests.a_shop import NOW
from tests.vendor_accounts import ACCOUNTS
from tests.vendor_telling import MINUTE, connected_shop, connection, fresh, happen, mirror, repeats, rows, tell


@pytest.fixture(autouse=True)
def _hurry(settings):
    """The pace is by the real clock, which these tests do not wait for; it has tests of its own."""
    settings.ENCORE_DELIVERY_PACE = 1000.0


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.vendor)
def account(request, sandbox):
    yield from fresh(request.param, sandbox)


@pytest.fixture
def shop(db, sandbox, account):
    yield from connected_shop(sandbox, account)


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

    @pytest.mark.parametrize("account", [each for each in ACCOUNTS if not each.drops_copies], ids=str, indirect=True)
    def test_what_is_unclear_is_sent_again_when_a_person_says_so(self, shop, account, sandbox):
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
        made, asked = len(account.calls(sandbox, account.event_calls)), len(account.calls(sandbox))
        for minute in range(1, 4):
            now = NOW + minute * MINUTE
            assert isinstance(tell(account, now), Waits)
            assert relay.claim(destination=f"{account.vendor}:events", now=now) is None, (
                "the probe puts off all the rest"
            )
            assert len(account.calls(sandbox)) == asked + minute
        assert len(account.calls(sandbox, account.event_calls)) == made, "the probe is a question, never an event"

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
