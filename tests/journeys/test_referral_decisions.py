"""Referrals that wait for a decision, friends who join, and members who merge or are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations import enrol, switch_rule
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.referrals.adapter import NewMembers
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import claim, decide, forget_friend, judge
from loyalty.referrals.operations.tracing import see_member
from tests.journeys.referring import ADVOCATE, FRIEND, ReferringShop, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(referring: ReferringShop) -> ReferringShop:
    return referring


@pytest.fixture
def ada(shop) -> Member:
    shop.referral_rule()
    return shop.advocate()


def said(page) -> str:
    return page.content.decode()


class TestWhatIsSuspicious:
    def held(self):
        return Referral.objects.get().held_for

    def test_the_advocates_device(self, shop, ada):
        see_member(member=ada, device="tablet-1", address=None, now=timezone.now())
        assert shop.claims(ada, device="tablet-1").status_code == 200  # never blocked
        assert self.held() == ["same_device"]

    def test_the_advocates_network(self, shop, ada):
        shop.visit(customer=ADVOCATE, address="8.8.8.8")
        shop.claims(ada, address="8.8.8.8, 10.0.0.1")
        assert self.held() == ["same_network"]

    def test_many_friends_within_an_hour(self, shop, ada):
        for number in range(6):
            shop.claims(ada, f"friend{number}@example.com")
        held = list(Referral.objects.order_by("pk").values_list("held_for", flat=True))
        assert held == [[]] * 5 + [["many_at_once"]]

    def test_the_same_postal_address(self, shop, ada):
        home = {"address1": "12 Öak St.", "zip": "10 115", "country_code": "DE"}
        shop.customer(ADVOCATE, email="ada@example.com", address=home)
        shop.claimed(ada)
        shop.customer(email="bo@example.com", address={**home, "address1": "12 oak st"})
        shop.orders()
        assert (states(), self.held(), shop.points(ada)) == ([("friend_converted", "")], ["same_address"], 0)

    def test_the_code_used_by_somebody_else(self, shop, ada):
        made = shop.claimed(ada)
        shop.customer(7050, email="coupon@example.com")
        shop.orders(customer=7050, email="coupon@example.com", discount_codes=[{"code": made.code}])
        assert self.held() == ["other_buyer"]

    @pytest.mark.parametrize(
        ("option", "reason"), [("cap_per_day", "over_day_cap"), ("cap_per_month", "over_month_cap")]
    )
    def test_more_than_the_shop_allows(self, shop, option, reason):
        shop.referral_rule(options={option: 1})
        ada = shop.advocate()
        for number in range(2):
            shop.claimed(ada, f"friend{number}@example.com")
            shop.orders(number=5_500_000_000_010 + number, customer=7060 + number, email=f"friend{number}@example.com")
        held = list(Referral.objects.order_by("pk").values_list("state", "held_for"))
        assert held == [("completed", []), ("friend_converted", [reason])]
        assert shop.points(ada) == 500


class TestADecision:
    @pytest.fixture
    def waiting(self, shop, ada) -> Referral:
        see_member(member=ada, device="tablet-1", address=None, now=timezone.now())
        return shop.claimed(ada, device="tablet-1")

    def test_is_waited_for_however_long_it_takes(self, shop, ada, waiting):
        shop.orders()
        shop.work(shop.later(60))
        assert (states(), shop.points(ada)) == ([("friend_converted", "")], 0)

    def test_to_approve_gives_the_reward(self, shop, ada, waiting):
        shop.orders()
        for _ in range(2):
            decide(public_id=waiting.public_id, approving=True, actor="ada", now=shop.later(1))
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)

    def test_to_approve_before_the_order_lets_it_go_on(self, shop, ada, waiting):
        decide(public_id=waiting.public_id, approving=True, actor="ada", now=timezone.now())
        shop.orders()
        assert states() == [("completed", "")]

    def test_to_decline_gives_nothing_and_removes_the_code(self, shop, ada, waiting):
        assert waiting.code in shop.codes()
        decide(public_id=waiting.public_id, approving=False, actor="ada", now=timezone.now())
        shop.work()
        shop.orders()
        assert (states(), shop.points(ada)) == ([("ended", "declined")], 0)
        assert waiting.code not in shop.codes()

    def test_is_asked_for_when_the_rule_can_not_give_the_reward(self, shop, ada):
        shop.claimed(ada)
        rule = EarningRule.objects.get(action="referral")
        switch_rule(public_id=rule.public_id, on=False, now=timezone.now())
        shop.orders()
        found = Referral.objects.get()
        assert (found.held_for, found.note) == (["not_given"], "The referral rule is switched off")
        switch_rule(public_id=rule.public_id, on=True, now=timezone.now())
        decide(public_id=found.public_id, approving=True, actor="ada", now=shop.later(1))
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)


def joins(shop, customer_id=FRIEND, email="bo@example.com") -> Member:
    """Somebody makes an account, and the relay tells of it."""
    now = timezone.now() + timedelta(minutes=2)
    customer = Customer(customer_id, email, "Bo", None, now)
    member, _ = enrol(program=shop.program, customer=customer, now=now, source="account")
    telling = type("Telling", (), {"member_id": member.pk, "now": now})()
    NewMembers().deliver(telling)
    return member


class TestAFriendWhoJoins:
    def test_has_the_points_that_were_promised_once(self, shop):
        shop.referral_rule(options={"friend_gets": "points", "friend_points": 250})
        ada = shop.advocate()
        page = said(shop.claims(ada))
        assert "250 points are yours" in page
        friend = joins(shop)
        joins(shop)
        assert (shop.points(friend), shop.points(ada)) == (250, 0)
        assert Referral.objects.get().friend == friend

    def test_waits_for_them_where_staff_has_to_decide(self, shop):
        shop.referral_rule(options={"friend_gets": "points", "friend_points": 250})
        ada = shop.advocate()
        see_member(member=ada, device="tablet-1", address=None, now=timezone.now())
        shop.claims(ada, device="tablet-1")
        friend = joins(shop)
        assert shop.points(friend) == 0
        decide(public_id=Referral.objects.get().public_id, approving=True, actor="x", now=shop.later(1))
        assert shop.points(friend) == 250

    def test_makes_an_order_count_that_needed_the_account(self, shop):
        shop.referral_rule(options={"needs_account": True})
        ada = shop.advocate()
        shop.claimed(ada)
        shop.orders()
        assert states() == [("pending", "")]
        joins(shop)
        shop.work(shop.later(1))
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)


class TestWhoMerges:
    def test_keeps_the_friends_they_brought(self, shop, ada):
        shop.claimed(ada)
        kept = shop.member(7009, email="ada2@example.com", now=timezone.now())
        shop.told(
            "customers/merge",
            {
                "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7009",
                "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{ADVOCATE}",
                "status": "completed",
            },
        )
        shop.orders()
        assert (states(), shop.points(kept)) == ([("completed", "")], 500)


class TestWhoIsForgotten:
    def test_leaves_the_figures_and_no_address(self, shop, ada):
        shop.claimed(ada, address="8.8.8.8")
        forget_friend(member_ids=[], email="BO@example.com")
        found = Referral.objects.get()
        assert (found.friend_email, found.network_digest, found.friend_customer_id) == (None, "", None)
        assert found.state == "pending"


class TestTwoAtOnce:
    def test_judging_twice_rewards_once(self, shop, ada):
        shop.claimed(ada)
        shop.orders()
        referral = Referral.objects.get()
        judge(referral_id=referral.pk, now=shop.later(1))
        assert Award.objects.count() == 1

    def test_a_claim_that_comes_between_finds_the_first(self, shop, ada):
        made = shop.claimed(ada)
        again, replayed = claim(
            program=shop.program, referral_code=ada.referral_code.lower(), email="bo@example.com", now=timezone.now()
        )
        assert (again.pk, replayed) == (made.pk, True)
