"""What a redemption spent comes back: into its own lots, with their age and their end, and once."""

from datetime import timedelta

import pytest

from loyalty.errors import NotFound
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import HoldEnded
from loyalty.ledger.models import Account, Entry, Lot
from tests.a_shop import NOW

LATER = NOW + timedelta(days=2)


@pytest.fixture
def ada(shop):
    return shop.member(7001)


@pytest.fixture
def account(ada):
    return Account.objects.get(member=ada)


def spend(shop, account, points, key="h"):
    held = ledger.hold(program_id=shop.program.pk, account_id=account.pk, key=key, points=points, now=NOW)
    ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key=f"c{key}", source="reward", now=NOW)
    return held.hold_id


def lots(account):
    return list(Lot.objects.filter(account=account).order_by("earned_at", "pk").values_list("remaining", "expires_at"))


class TestGivingBack:
    def test_fills_the_very_lots_that_were_drawn_and_lets_them_end_when_they_would_have(self, shop, ada, account):
        shop.give(ada, 100, expires_at=LATER)
        shop.give(ada, 50)
        hold_id = spend(shop, account, 120)
        posting = ledger.give_back(
            hold_id=hold_id, account_id=account.pk, key="r", now=NOW + timedelta(days=1), event={}
        )
        assert (posting.points, posting.available, posting.redeemed, posting.lifetime) == (120, 150, 0, 150)
        assert lots(account) == [(100, LATER), (50, None)]
        assert shop.kinds()[-1] == "points.returned"
        ledger.expire_due(now=LATER)
        assert shop.balances(ada, LATER).available == 50

    def test_again_under_its_key_returns_the_first_result_and_under_another_is_refused(self, shop, ada, account):
        shop.give(ada, 100)
        hold_id = spend(shop, account, 100)
        first = ledger.give_back(hold_id=hold_id, account_id=account.pk, key="r", now=NOW)
        with shop.nothing_changes():
            again = ledger.give_back(hold_id=hold_id, account_id=account.pk, key="r", now=LATER)
            with pytest.raises(HoldEnded, match="already returned"):
                ledger.give_back(hold_id=hold_id, account_id=account.pk, key="other", now=NOW)
        assert (again.entry_id, again.points, again.replayed) == (first.entry_id, 100, True)

    def test_of_points_whose_end_has_passed_says_so_and_makes_nothing_spendable(self, shop, ada, account):
        shop.give(ada, 100, expires_at=LATER)
        shop.give(ada, 30)
        hold_id = spend(shop, account, 110)
        posting = ledger.give_back(hold_id=hold_id, account_id=account.pk, key="r", now=LATER, event={})
        assert (posting.points, posting.available) == (110, 30)
        kinds = list(Entry.objects.filter(account=account).order_by("sequence").values_list("kind", "points"))
        assert kinds[-2:] == [("return", 110), ("expiry", -100)]
        assert sorted(shop.kinds()[-2:]) == [
            "points.expired",
            "points.returned",
        ]  # of one moment: no order of their own

    def test_to_a_member_who_was_inactive_since_can_be_spent_and_begins_their_days_anew(self, shop, ada, account):
        shop.set(points_expiry_enabled=True, points_expiry_days=90, expiry_model="inactivity")
        shop.give(ada, 100)
        hold_id = spend(shop, account, 60)
        late = NOW + timedelta(days=100)
        posting = ledger.give_back(hold_id=hold_id, account_id=account.pk, key="r", now=late, event={})
        assert (posting.points, posting.available) == (60, 60)  # the 40 that were left had ended
        assert shop.balances(ada, late + timedelta(days=90)).available == 60
        ends = (late + timedelta(days=91)).replace(hour=0)
        assert Account.objects.get(member=ada).inactive_at == ends
        ledger.expire_due(now=ends)
        assert shop.balances(ada, ends).available == 0
        assert list(Entry.objects.filter(kind="expiry").order_by("pk").values_list("points", flat=True)) == [-40, -60]

    def test_to_a_member_who_is_still_active_keeps_all_their_points_longer(self, shop, ada, account):
        shop.set(points_expiry_enabled=True, points_expiry_days=90, expiry_model="inactivity")
        shop.give(ada, 100)
        hold_id = spend(shop, account, 60)
        ledger.give_back(hold_id=hold_id, account_id=account.pk, key="r", now=NOW + timedelta(days=50))
        assert shop.balances(ada, NOW + timedelta(days=140)).available == 100

    def test_pays_a_debt_first(self, shop, ada, account):
        shop.give(ada, 100)
        earned = Entry.objects.get(account=account)
        hold_id = spend(shop, account, 100)
        ledger.reverse(entry_id=earned.pk, points=60, key="v", now=NOW, shortfall=ledger.Shortfall.DEBT)
        posting = ledger.give_back(hold_id=hold_id, account_id=account.pk, key="r", now=NOW)
        assert (posting.available, posting.debt) == (40, 0)

    def test_after_a_merge_reaches_the_survivor_with_the_same_age_and_end(self, shop, ada, account):
        shop.give(ada, 100, expires_at=LATER)
        hold_id = spend(shop, account, 70)
        survivor = Account.objects.get(member=shop.member(7002, points=5))
        ledger.merge_accounts(from_account_id=account.pk, into_account_id=survivor.pk, key="m", now=NOW)
        posting = ledger.give_back(hold_id=hold_id, account_id=survivor.pk, key="r", now=NOW)
        assert (posting.points, posting.available, posting.redeemed) == (70, 105, 0)
        assert sorted(lots(survivor), key=str) == sorted([(5, None), (30, LATER), (70, LATER)], key=str)

    def test_of_a_hold_that_is_open_released_or_nobodys_is_refused(self, shop, ada, account):
        shop.give(ada, 100)
        opened = ledger.hold(program_id=shop.program.pk, account_id=account.pk, key="h", points=10, now=NOW).hold_id
        with shop.nothing_changes(), pytest.raises(HoldEnded):
            ledger.give_back(hold_id=opened, account_id=account.pk, key="r", now=NOW)
        ledger.release(program_id=shop.program.pk, hold_id=opened, now=NOW)
        for hold_id, refusal in ((opened, HoldEnded), (0, NotFound)):
            with shop.nothing_changes(), pytest.raises(refusal):
                ledger.give_back(hold_id=hold_id, account_id=account.pk, key="r", now=NOW)
