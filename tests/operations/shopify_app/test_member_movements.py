"""One movement of points: its page says why, down to rule, multipliers and lots, and lets staff decide or take it back."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.models import Award
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Entry
from loyalty.rewards.operations import begin, finish
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


@pytest.fixture
def ada(shop):
    return shop.member(7001, points=0)


def page(staff, ada, entry_id):
    return re.sub(r"\s+", " ", staff.get(f"/standalone/members/{ada.pk}/points/{entry_id}").content.decode())


def decide(staff, ada, entry_id, name):
    return staff.post(f"/standalone/members/{ada.pk}/points/{entry_id}/{name}")


def available(shop, ada):
    return shop.balances(ada, timezone.now()).available


class TestItsPage:
    def test_explains_an_award_down_to_what_it_paid_for(self, shop, staff, ada):
        shop.action(points=150)
        earned = Award.objects.get(public_id=shop.award("k1").public_id)
        bought, _ = begin(member=ada, reward_id=shop.reward(100, name="Tea").public_id, now=NOW, source="rest")
        finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)
        text = page(staff, ada, earned.entry_id)
        assert "Base 150" in text and earned.public_id in text
        lot = earned_lot(earned)
        assert (lot.points, lot.remaining) == (150, 50)
        assert "What they paid for" in text and "Redeemed" in text
        spent = Entry.objects.get(kind="redemption")
        assert f"/points/{spent.pk}" in text
        drawn = page(staff, ada, spent.pk)
        assert "Which points paid, the oldest first" in drawn and str(lot.pk) in drawn

    def test_of_another_member_or_of_nobody_is_not_there(self, shop, staff, ada):
        other = shop.member(7002, points=5)
        entry = Entry.objects.get(account__member=other)
        assert staff.get(f"/standalone/members/{ada.pk}/points/{entry.pk}").status_code == 404
        assert staff.get(f"/standalone/members/{ada.pk}/points/99999999").status_code == 404

    def test_is_where_each_line_of_the_history_leads(self, shop, staff, ada):
        shop.give(ada, 40)
        entry = Entry.objects.get()
        assert (
            f"/standalone/members/{ada.pk}/points/{entry.pk}"
            in staff.get(f"/standalone/members/{ada.pk}").content.decode()
        )


class TestDeciding:
    def test_a_pending_award_is_approved_once(self, shop, staff, ada):
        shop.action("slow", 30, approval_days=9)
        entry = Award.objects.get(public_id=shop.award("k", action="slow").public_id).entry_id
        assert available(shop, ada) == 0
        for _ in range(2):
            decide(staff, ada, entry, "approve")
        assert available(shop, ada) == 30 and Award.objects.get().status == "approved"

    def test_a_pending_award_is_rejected(self, shop, staff, ada):
        shop.action("slow", 30, approval_days=9)
        entry = Award.objects.get(public_id=shop.award("k", action="slow").public_id).entry_id
        decide(staff, ada, entry, "reject")
        assert Award.objects.get().status == "rejected"
        assert Entry.objects.get(kind="rejection").details["actor"] == "ada"

    def test_an_award_is_taken_back_once(self, shop, staff, ada):
        shop.action(points=100)
        entry = Award.objects.get(public_id=shop.award("k").public_id).entry_id
        for _ in range(2):
            decide(staff, ada, entry, "take-back")
        assert available(shop, ada) == 0 and Entry.objects.filter(kind="reversal").count() == 1

    def test_nothing_is_done_about_a_redemption(self, shop, staff, ada):
        shop.give(ada, 200)
        bought, _ = begin(member=ada, reward_id=shop.reward(100).public_id, now=NOW, source="rest")
        finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)
        spent, before = Entry.objects.get(kind="redemption"), Entry.objects.count()
        assert decide(staff, ada, spent.pk, "take-back").status_code == 404
        assert decide(staff, ada, spent.pk, "explode").status_code == 404
        assert Entry.objects.count() == before


class TestUndoingAnAdjustment:
    def adjusted(self, staff, ada, points, **more):
        posted = {"points": points, "note": "Sorry", "once": f"o{points}", **more}
        staff.post(f"/standalone/members/{ada.pk}/adjust", posted)
        return Entry.objects.filter(kind="adjustment").latest("pk")

    @pytest.mark.parametrize("points", [50, -30])
    def test_moves_it_back_and_no_more(self, shop, staff, ada, points):
        shop.give(ada, 100)
        entry = self.adjusted(staff, ada, points)
        assert available(shop, ada) == 100 + points
        for _ in range(2):
            decide(staff, ada, entry.pk, "undo")
        assert available(shop, ada) == 100
        assert Entry.objects.filter(kind="adjustment").count() == 2
        assert audit(program_id=shop.program.pk) == []
        assert 'commandFor="undo"' not in page(staff, ada, entry.pk)

    @pytest.mark.parametrize("switch", [{"update_lifetime": "on"}, {}])
    def test_puts_points_earned_in_all_back_where_they_were(self, shop, staff, ada, switch):
        shop.give(ada, 100)
        before = Account.objects.get(member=ada).lifetime
        entry = self.adjusted(staff, ada, 50, **switch)
        assert Account.objects.get(member=ada).lifetime == before + (50 if switch else 0)
        decide(staff, ada, entry.pk, "undo")
        assert Account.objects.get(member=ada).lifetime == before

    def test_takes_no_more_than_is_left(self, shop, staff, ada):
        entry = self.adjusted(staff, ada, 150)
        bought, _ = begin(member=ada, reward_id=shop.reward(100).public_id, now=timezone.now(), source="rest")
        finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=timezone.now())
        decide(staff, ada, entry.pk, "undo")
        assert available(shop, ada) == 0 and audit(program_id=shop.program.pk) == []


def earned_lot(award):
    return Entry.objects.get(pk=award.entry_id).lots.get()
