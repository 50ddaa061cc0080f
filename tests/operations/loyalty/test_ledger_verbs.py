"""The ledger's verbs: key before checks, oldest lot first, dead on the instant of expiry."""

from datetime import timedelta

import pytest

from loyalty.errors import IdempotencyKeyReused, NotFound
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import AccountBusy, HoldEnded, InsufficientPoints
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.ledger.tasks import expire_due as expiry_job
from tests.a_shop import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def ada(shop):
    return shop.member(7001)


@pytest.fixture
def account(ada):
    return Account.objects.get(member=ada)


def hold(shop, account, points, key="h1", now=NOW):
    return ledger.hold(program_id=shop.program.pk, account_id=account.pk, key=key, points=points, now=now)


def capture(shop, held, key="c1"):
    return ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key=key, source="reward", now=NOW, event={})


def accrue(shop, account, points, key, **more):
    return ledger.accrue(
        program_id=shop.program.pk, account_id=account.pk, key=key, points=points, source="test", now=NOW, **more
    )


class TestTheKeyComesBeforeTheChecks:
    def test_a_retried_hold_that_emptied_the_account_returns_its_first_result(self, shop, ada, account):
        shop.give(ada, 100)
        first = hold(shop, account, 100)
        with shop.nothing_changes():
            again = hold(shop, account, 100)
        assert (again.hold_id, again.replayed) == (first.hold_id, True)
        capture(shop, first)
        with shop.nothing_changes():
            assert hold(shop, account, 100).hold_id == first.hold_id

    def test_a_retried_capture_returns_the_first_entry(self, shop, ada, account):
        shop.give(ada, 100)
        held = hold(shop, account, 60)
        entry, _ = capture(shop, held)
        with shop.nothing_changes():
            assert capture(shop, held)[0] == entry

    def test_a_retried_release_changes_nothing(self, shop, ada, account):
        shop.give(ada, 100)
        held = hold(shop, account, 60)
        assert ledger.release(program_id=shop.program.pk, hold_id=held.hold_id, now=NOW) == 100
        with shop.nothing_changes():
            assert ledger.release(program_id=shop.program.pk, hold_id=held.hold_id, now=NOW) == 100

    def test_a_retried_deduction_that_emptied_the_account_returns_its_first_result(self, shop, ada, account):
        shop.give(ada, 50)
        arguments = {"program_id": shop.program.pk, "account_id": account.pk, "points": -80, "source": "manual"}
        first = ledger.adjust(**arguments, key="a1", now=NOW)
        assert (first.points, first.shortfall) == (-50, 30)
        with shop.nothing_changes():
            again = ledger.adjust(**arguments, key="a1", now=NOW)
        assert (again.entry_id, again.replayed) == (first.entry_id, True)


class TestARefusal:
    def test_of_a_hold_beyond_the_balance_changes_nothing(self, shop, ada, account):
        shop.give(ada, 100)
        with shop.nothing_changes(), pytest.raises(InsufficientPoints) as refusal:
            hold(shop, account, 101)
        assert refusal.value.facts == {"available": 100, "asked": 101}

    def test_of_a_hold_under_another_holds_key(self, shop, ada, account):
        shop.give(ada, 100)
        hold(shop, account, 10)
        with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
            hold(shop, account, 11)

    def test_of_an_accrual_under_another_entrys_key(self, shop, account):
        accrue(shop, account, 10, "k1")
        other = Account.objects.get(member=shop.member(7002))
        for who, points in ((account, 11), (other, 10)):
            with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
                accrue(shop, who, points, "k1")

    def test_of_a_second_end_of_a_hold(self, shop, ada, account):
        shop.give(ada, 100)
        captured, released = hold(shop, account, 10, "h1"), hold(shop, account, 20, "h2")
        capture(shop, captured)
        ledger.release(program_id=shop.program.pk, hold_id=released.hold_id, now=NOW)
        with shop.nothing_changes(), pytest.raises(HoldEnded):
            ledger.release(program_id=shop.program.pk, hold_id=captured.hold_id, now=NOW)
        with shop.nothing_changes(), pytest.raises(HoldEnded):
            capture(shop, released, "c2")

    def test_of_an_entry_nobody_has(self, shop):
        with pytest.raises(NotFound):
            ledger.mature(entry_id=999_999, now=NOW)
        with pytest.raises(NotFound):
            ledger.reverse(entry_id=999_999, points=5, key="r", now=NOW)

    def test_of_a_merge_while_a_redemption_is_in_flight(self, shop, ada, account):
        other = Account.objects.get(member=shop.member(7002))
        shop.give(ada, 100)
        hold(shop, account, 10)
        with shop.nothing_changes(), pytest.raises(AccountBusy):
            ledger.merge_accounts(from_account_id=account.pk, into_account_id=other.pk, key="m", now=NOW)


class TestSpending:
    def test_takes_the_oldest_lots_first(self, shop, ada, account):
        for day in (3, 1, 2):  # not in the order they were written
            accrue(shop, account, 100, f"k{day}", earned_at=NOW - timedelta(days=day))
        hold(shop, account, 150)
        left = {lot.earned_at: lot.remaining for lot in Lot.objects.all()}
        assert [left[NOW - timedelta(days=day)] for day in (3, 2, 1)] == [0, 50, 100]

    def test_does_not_touch_pending_points(self, shop, account):
        accrue(shop, account, 100, "k", due_at=LATER)
        with shop.nothing_changes(), pytest.raises(InsufficientPoints):
            hold(shop, account, 1)

    def test_leaves_the_lifetime_and_counts_as_redeemed_only_when_captured(self, shop, ada, account):
        shop.give(ada, 100)
        held = hold(shop, account, 60)
        assert shop.balances(ada).redeemed == 0
        capture(shop, held)
        stands = shop.balances(ada)
        assert (stands.available, stands.held, stands.redeemed, stands.lifetime) == (40, 0, 60, 100)


class TestExpiry:
    def test_makes_points_unspendable_at_their_instant_although_no_job_ran(self, shop, ada, account):
        shop.give(ada, 100, expires_at=LATER)
        assert shop.balances(ada, LATER - timedelta(microseconds=1)).available == 100
        assert shop.balances(ada, LATER).available == 0
        with pytest.raises(InsufficientPoints):
            hold(shop, account, 1, now=LATER)

    def test_allows_them_until_then(self, shop, ada, account):
        shop.give(ada, 100, expires_at=LATER)
        assert hold(shop, account, 100, now=LATER - timedelta(microseconds=1)).held == 100

    def test_is_an_entry_that_lowers_neither_lifetime_nor_tier(self, shop, ada):
        shop.tier("Member", 0)
        shop.tier("Gold", 100)
        bea = shop.member(7002)
        shop.action(points=100)
        shop.set(points_expiry_enabled=True, points_expiry_days=1)
        shop.award(customer=7002)
        end = NOW + timedelta(days=3)
        assert ledger.expire_due(now=end) == 1
        stands = shop.balances(bea, end)
        assert (stands.available, stands.lifetime) == (0, 100)
        assert Entry.objects.get(kind="expiry").points == -100
        bea.refresh_from_db()
        assert bea.tier_membership.tier.name == "Gold"
        with shop.nothing_changes():
            assert ledger.expire_due(now=end) == 0

    def test_does_not_reach_held_points_but_those_that_come_back_late(self, shop, ada, account):
        shop.give(ada, 100, expires_at=LATER)
        held = hold(shop, account, 60)
        after = LATER + timedelta(hours=1)
        ledger.expire_due(now=after)
        assert (shop.balances(ada, after).available, shop.balances(ada, after).held) == (0, 60)
        ledger.release(program_id=shop.program.pk, hold_id=held.hold_id, now=after)
        assert shop.balances(ada, after).available == 0
        ledger.expire_due(now=after)
        assert sum(Entry.objects.filter(kind="expiry").values_list("points", flat=True)) == -100

    def test_runs_as_a_job_in_every_shop(self, shop, ada):
        shop.give(ada, 100, now=NOW - timedelta(days=60), expires_at=NOW - timedelta(days=30))
        expiry_job()
        assert Entry.objects.filter(kind="expiry").count() == 1


class TestTakingBack:
    def test_takes_the_awards_own_lot_first_then_the_oldest(self, shop, ada, account):
        for number in (1, 2, 3):
            accrue(shop, account, 100, f"k{number}", earned_at=NOW + timedelta(seconds=number))
        newest = Entry.objects.get(key="k3")
        hold(shop, account, 150)
        ledger.reverse(entry_id=newest.pk, points=100, key="r1", now=NOW)
        assert list(Lot.objects.order_by("earned_at").values_list("remaining", flat=True)) == [0, 50, 0]

    def test_never_takes_more_than_was_granted(self, shop, ada, account):
        shop.give(ada, 500)
        entry = Entry.objects.get(pk=accrue(shop, account, 100, "k1").entry_id)
        assert ledger.reverse(entry_id=entry.pk, points=70, key="r1", now=NOW).points == -70
        assert ledger.reverse(entry_id=entry.pk, points=70, key="r2", now=NOW).points == -30
        with shop.nothing_changes():
            assert ledger.reverse(entry_id=entry.pk, points=70, key="r3", now=NOW).points == 0

    def test_of_spent_points_as_a_debt_is_repaid_by_the_next_award(self, shop, ada, account):
        posted = accrue(shop, account, 100, "k1")
        capture(shop, hold(shop, account, 100))
        ledger.reverse(entry_id=posted.entry_id, points=100, key="r1", now=NOW, shortfall=ledger.Shortfall.DEBT)
        assert shop.balances(ada).debt == 100
        shop.give(ada, 130)
        assert (shop.balances(ada).debt, shop.balances(ada).available) == (0, 30)

    def test_of_spent_points_without_a_debt_is_written_off(self, shop, ada, account):
        posted = accrue(shop, account, 100, "k1")
        capture(shop, hold(shop, account, 80))
        done = ledger.reverse(entry_id=posted.entry_id, points=100, key="r1", now=NOW)
        assert (done.points, done.shortfall, done.available, done.debt) == (-20, 80, 0, 0)


class TestForgivingADebt:
    def test_writes_it_off_once(self, shop, ada, account):
        posted = accrue(shop, account, 100, "k1")
        capture(shop, hold(shop, account, 100))
        ledger.reverse(entry_id=posted.entry_id, points=100, key="r1", now=NOW, shortfall=ledger.Shortfall.DEBT)
        assert ledger.forgive_debt(account_id=account.pk, key="f1", now=NOW).points == 100
        with shop.nothing_changes():
            ledger.forgive_debt(account_id=account.pk, key="f1", now=NOW)
            ledger.forgive_debt(account_id=account.pk, key="f2", now=NOW)
        assert shop.balances(ada).debt == 0
