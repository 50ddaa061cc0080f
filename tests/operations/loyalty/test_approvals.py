"""Points that wait: outside the balance until their day, approved by the job, rejected or undone by staff."""

from datetime import timedelta

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import approve, approve_due, reject, set_excluded, undo
from loyalty.earning.tasks import approve_due as approval_job
from loyalty.errors import NotFound
from loyalty.ledger.errors import NotPending
from loyalty.ledger.models import Lot
from loyalty.rewards.errors import RewardTooExpensive
from loyalty.rewards.operations import begin
from tests.a_shop import NOW

DUE = NOW + timedelta(days=14)


@pytest.fixture
def ada(shop):
    shop.tier("Member", 0)
    shop.tier("Gold", 100, "2")
    return shop.member(7001)


@pytest.fixture
def waiting(shop, ada):
    shop.action(points=100, frequency="once", approval_days=14)
    return shop.award("k1")


class TestAPendingAward:
    def test_is_outside_the_balance_the_lifetime_and_the_tier(self, shop, ada, waiting):
        assert (waiting.status, waiting.due_at, waiting.given_at, waiting.balance) == ("pending", DUE, None, 0)
        stands = shop.balances(ada)
        assert (stands.available, stands.pending, stands.lifetime) == (0, 100, 0)
        assert ada.tier_membership.tier.name == "Member"
        assert shop.kinds() == ["points.pending"]

    def test_cannot_be_spent(self, shop, ada, waiting):
        reward = shop.reward(1)
        with shop.nothing_changes(), pytest.raises(RewardTooExpensive):
            begin(member=ada, reward_id=reward.public_id, now=NOW, source="rest")

    def test_cannot_expire(self, shop, ada, waiting):
        assert Lot.objects.get().expires_at is None

    def test_holds_the_once_per_customer_slot(self, shop, ada, waiting):
        with shop.nothing_changes(), pytest.raises(Exception, match="already been awarded"):
            shop.award("k2")

    def test_is_left_alone_before_its_day(self, shop, ada, waiting):
        with shop.nothing_changes():
            assert approve_due(now=DUE - timedelta(seconds=1)) == 0

    def test_becomes_spendable_on_its_day_once(self, shop, ada, waiting):
        assert approve_due(now=DUE) == 1
        stands = shop.balances(ada, DUE)
        assert (stands.available, stands.pending, stands.lifetime) == (100, 0, 100)
        ada.refresh_from_db()
        assert ada.tier_membership.tier.name == "Gold"
        assert shop.kinds() == ["points.pending", "points.earned", "tier.changed"]
        with shop.nothing_changes():
            assert approve_due(now=DUE) == 0

    def test_starts_its_expiry_clock_when_it_becomes_spendable(self, shop, ada, waiting):
        shop.set(points_expiry_enabled=True, points_expiry_days=30)
        approve_due(now=DUE)
        end = (DUE + timedelta(days=31)).replace(hour=0)
        assert (Lot.objects.get().expires_at, Award.objects.get().expires_at) == (end, end)

    def test_is_approved_by_the_job_in_every_shop(self, shop, ada):
        shop.action(points=100, approval_days=1)
        shop.award(now=NOW - timedelta(days=30))  # long due by any clock
        approval_job()
        assert Award.objects.get().status == "approved"

    def test_of_an_excluded_member_waits_until_they_are_back(self, shop, ada, waiting):
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        assert approve_due(now=DUE) == 0
        set_excluded(member_id=ada.pk, excluded=False, now=NOW)
        assert approve_due(now=DUE) == 1

    def test_replays_as_what_it_is_now(self, shop, ada, waiting):
        approve_due(now=DUE)
        again = shop.award("k1")
        assert (again.status, again.replayed, again.balance, again.balance_after) == ("approved", True, 100, 0)

    def test_can_be_approved_early_and_twice_is_once(self, shop, ada, waiting):
        approve(public_id=waiting.public_id, now=NOW)
        with shop.nothing_changes():
            approve(public_id=waiting.public_id, now=NOW)
        assert shop.balances(ada).available == 100


class TestARejection:
    def test_takes_the_points_back_and_frees_the_slot(self, shop, ada, waiting):
        reject(public_id=waiting.public_id, now=NOW, reason="No receipt")
        assert (shop.balances(ada).pending, Award.objects.get().status) == (0, "rejected")
        assert shop.kinds() == ["points.pending", "points.rejected"]
        assert shop.award("k2").status == "pending"

    def test_twice_is_once(self, shop, ada, waiting):
        reject(public_id=waiting.public_id, now=NOW)
        with shop.nothing_changes():
            reject(public_id=waiting.public_id, now=NOW)

    def test_keeps_the_key_a_replay_shows_the_rejected_award(self, shop, ada, waiting):
        reject(public_id=waiting.public_id, now=NOW)
        with shop.nothing_changes():
            again = shop.award("k1")
        assert (again.replayed, again.status) == (True, "rejected")

    def test_comes_too_late_once_the_points_are_spendable(self, shop, ada, waiting):
        approve_due(now=DUE)
        with shop.nothing_changes(), pytest.raises(NotPending):
            reject(public_id=waiting.public_id, now=DUE)

    def test_cannot_be_approved_afterwards(self, shop, ada, waiting):
        reject(public_id=waiting.public_id, now=NOW)
        with shop.nothing_changes(), pytest.raises(NotPending):
            approve(public_id=waiting.public_id, now=NOW)
        with shop.nothing_changes():
            assert approve_due(now=DUE) == 0

    def test_of_an_award_nobody_has_is_refused(self, shop):
        for call in (approve, reject, undo):
            with pytest.raises(NotFound):
                call(public_id="cer_nobodys", now=NOW)


class TestUndoing:
    def test_takes_the_whole_award_back_and_frees_the_slot(self, shop, ada):
        shop.action(points=100, frequency="once")
        done = shop.award("k1")
        undo(public_id=done.public_id, now=NOW)
        stands = shop.balances(ada)
        assert (stands.available, stands.lifetime) == (0, 0)
        ada.refresh_from_db()
        assert ada.tier_membership.tier.name == "Member"
        with shop.nothing_changes():
            undo(public_id=done.public_id, now=NOW)
        assert shop.award("k2").points == 100

    def test_writes_off_what_was_spent(self, shop, ada):
        shop.action(points=100)
        done = shop.award()
        begin(member=ada, reward_id=shop.reward(70).public_id, now=NOW, source="rest")
        undo(public_id=done.public_id, now=NOW)
        stands = shop.balances(ada)
        assert (stands.available, stands.held, stands.debt) == (0, 70, 0)

    def test_of_a_pending_award_rejects_it(self, shop, ada, waiting):
        undo(public_id=waiting.public_id, now=NOW)
        assert (shop.balances(ada).pending, Award.objects.get().status) == (0, "rejected")
