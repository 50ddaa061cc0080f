"""Points that count towards a tier in a period: each award once, when it became spendable, less what was taken back."""

from datetime import timedelta

import pytest

from loyalty.earning.operations import adjust_points, approve
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Entry
from loyalty.ledger.qualifying import earned_by
from loyalty.members.models import Member
from tests.a_shop import NOW

pytestmark = pytest.mark.django_db


class TestPointsInAPeriod:
    def earned(self, shop, member, *, days=30, now=NOW):
        return earned_by(program_id=shop.program.pk, member_id=member.pk, since=now - timedelta(days=days), now=now)

    def test_count_when_they_became_spendable(self, shop):
        shop.action(points=100, approval_days=10)
        ada = shop.member(now=NOW - timedelta(days=35))
        waiting = shop.award(now=NOW - timedelta(days=35))
        assert self.earned(shop, ada) == 0
        approve(public_id=waiting.public_id, now=NOW - timedelta(days=25))
        assert self.earned(shop, ada) == 100

    def test_lose_what_was_taken_back_in_the_period_of_the_award(self, shop):
        ada = shop.member(now=NOW - timedelta(days=40))
        account = Account.objects.get(member=ada)
        for number, days in enumerate((40, 5)):
            ledger.accrue(
                program_id=shop.program.pk, account_id=account.pk, key=f"a{number}", points=100, source="t",
                now=NOW - timedelta(days=days),
            )  # fmt: skip
        old, new = Entry.objects.order_by("pk").values_list("pk", flat=True)
        ledger.reverse(entry_id=old, points=70, key="r1", now=NOW)
        assert self.earned(shop, ada) == 100
        ledger.reverse(entry_id=new, points=30, key="r2", now=NOW)
        assert self.earned(shop, ada) == 70

    def test_lose_what_a_reversal_wrote_off_without_an_entry(self, shop):
        ada = shop.member()
        account = Account.objects.get(member=ada)
        shop.give(ada, 100)
        entry = Entry.objects.get()
        held = ledger.hold(program_id=shop.program.pk, account_id=account.pk, key="h", points=100, now=NOW)
        ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key="c", source="t", now=NOW)
        ledger.reverse(entry_id=entry.pk, points=40, key="r", now=NOW)
        assert (self.earned(shop, ada), Account.objects.get(member=ada).lifetime) == (60, 60)

    def test_leave_out_adjustments_that_do_not_count(self, shop):
        ada = shop.member(points=50)
        adjust_points(member=ada, points=30, source="staff", now=NOW, update_lifetime=False)
        adjust_points(member=ada, points=-20, source="staff", now=NOW, update_lifetime=False)
        adjust_points(member=ada, points=7, source="staff", now=NOW)
        adjust_points(member=ada, points=-2, source="staff", now=NOW)
        assert (self.earned(shop, ada), Account.objects.get(member=ada).lifetime) == (55, 55)

    def test_follow_a_merge_pending_ones_too(self, shop):
        shop.action(points=100, approval_days=10)
        ada, bob, cid = shop.member(7001), shop.member(7002), shop.member(7003)
        waiting = shop.award(customer=7001)
        shop.give(ada, 11)
        accounts = [Account.objects.get(member=member).pk for member in (ada, bob, cid)]
        ledger.merge_accounts(from_account_id=accounts[0], into_account_id=accounts[1], key="m1", now=NOW)
        ledger.merge_accounts(from_account_id=accounts[1], into_account_id=accounts[2], key="m2", now=NOW)
        Member.objects.filter(pk__in=[ada.pk, bob.pk]).update(merged_into=cid)
        ledger.mature(entry_id=Entry.objects.get(key=f"award:{waiting.public_id}").pk, now=NOW)
        assert self.earned(shop, cid) == 111
