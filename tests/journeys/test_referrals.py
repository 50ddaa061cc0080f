"""A member brings a friend: the invitation, the friend's first order, and what both get; once, and not for oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations import enrol, set_excluded, switch_rule
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox.models import Event
from loyalty.referrals.adapter import NewMembers
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import claim, decide, expire_some, forget_friend, judge, work_on_code
from loyalty.referrals.operations.tracing import see_member
from tests.journeys.referring import ADVOCATE, FRIEND, ReferringShop, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(installed_shop, sandbox):
    made = ReferringShop(installed_shop.program)
    made.sandbox = sandbox
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def ada(shop) -> Member:
    shop.referral_rule()
    return shop.advocate()


def said(page) -> str:
    return page.content.decode()


class TestTheInvitation:
    def test_says_what_the_friend_gets(self, shop, ada):
        page = shop.visit(referral_code=ada.referral_code)
        assert (page.status_code, page["Content-Type"]) == (200, "application/liquid; charset=utf-8")
        assert "Ada invites you" in said(page)
        assert "10% off your first order" in said(page)

    def test_of_nobody_is_not_known(self, shop, ada):
        assert shop.visit(referral_code="NOBODY").status_code == 404

    @pytest.mark.parametrize("why", ["rule", "program", "excluded", "restricted"])
    def test_is_not_taken_while_it_could_not_be_kept(self, shop, ada, why):
        if why == "rule":
            rule = EarningRule.objects.get(action="referral")
            switch_rule(public_id=rule.public_id, on=False, now=timezone.now())
        if why == "program":
            shop.set(is_enabled=False)
        if why == "excluded":
            set_excluded(member_id=ada.pk, excluded=True, now=timezone.now())
        if why == "restricted":
            shop.set(test_mode="restrict", test_mode_emails=["somebody@example.com"])
        assert shop.visit(referral_code=ada.referral_code).status_code == 404
        with shop.nothing_changes():
            assert shop.claims(ada).status_code == 409
        assert states() == []

    def test_never_carries_out_what_somebody_calls_themselves(self, shop, ada):
        Member.objects.filter(pk=ada.pk).update(first_name="{{ shop.name }}{% include 'x' %}")
        page = said(shop.visit(referral_code=ada.referral_code))
        assert "{{" not in page
        assert "{%" not in page

    def test_is_shown_to_nobody_whom_shopify_did_not_forward(self, shop, ada, client):
        assert client.get(f"/proxy/referral?referral_code={ada.referral_code}&shop={shop.domain}").status_code == 401


class TestTheOwnLink:
    def test_is_shown_to_the_member_who_is_logged_in_with_the_friends_it_brought(self, shop, ada):
        shop.claimed(ada)
        page = said(shop.visit(customer=ADVOCATE))
        assert f"?referral_code={ada.referral_code}" in page
        assert "b…@example.com" in page
        assert "bo@example.com" not in page

    def test_asks_a_visitor_to_log_in(self, shop, ada):
        assert "Log in" in said(shop.visit())


class TestAccepting:
    def test_makes_a_code_that_works_once_for_a_friend_the_shop_does_not_know(self, shop, ada):
        made = shop.claimed(ada)
        code = shop.codes()[made.code]
        assert (code["percentage"], code["usage_limit"], code["customer_ids"]) == (0.1, 1, [])
        assert made.code in said(shop.visit(f"referral/{made.public_id}"))
        assert states() == [("pending", "")]

    def test_makes_a_code_for_the_friend_alone_where_the_shop_knows_them(self, shop, ada):
        shop.customer(email="bo@example.com")
        assert shop.codes()[shop.claimed(ada).code]["customer_ids"] == [str(FRIEND)]

    def test_again_shows_the_same_code_and_makes_no_other(self, shop, ada):
        made = shop.claimed(ada)
        for email in ("bo@example.com", " BO+shop@example.com "):
            assert made.code in said(shop.claims(ada, email))
        assert Referral.objects.count() == 1
        assert len(shop.codes()) == 1

    def test_of_two_invitations_the_first_counts(self, shop, ada):
        shop.claimed(ada)
        eve = shop.member(7009, email="eve@example.com", now=timezone.now())
        assert shop.claims(eve).status_code == 409
        assert Referral.objects.get().advocate == ada

    @pytest.mark.parametrize("email", ["ada@example.com", "Ada+friend@Example.com"])
    def test_ones_own_invitation_is_refused(self, shop, ada, email):
        with shop.nothing_changes():
            assert shop.claims(ada, email).status_code == 409
        assert states() == []

    def test_with_the_dots_of_the_same_mailbox_is_ones_own(self, shop, ada):
        Member.objects.filter(pk=ada.pk).update(email="ada.l@gmail.com")
        assert shop.claims(ada, "a.dal@googlemail.com").status_code == 409

    def test_with_the_advocates_telephone_number_is_refused(self, shop, ada):
        shop.customer(ADVOCATE, email="ada@example.com", phone="+15551234567")
        shop.customer(email="bo@example.com", phone="+15551234567")  # a household's landline
        assert shop.claims(ada).status_code == 409
        assert states() == []

    def test_is_for_new_customers(self, shop, ada, sandbox):
        shop.customer(email="bo@example.com")
        sandbox.call("POST", f"stores/{shop.domain}/orders", {"customer_id": FRIEND, "total": "20.00", "paid": True})
        page = shop.claims(ada)
        assert (page.status_code, states()) == (409, [])
        assert "new customers" in said(page)

    def test_without_an_address_says_so_and_keeps_what_was_typed(self, shop, ada):
        page = shop.claims(ada, "bo at example")
        assert page.status_code == 422
        assert "Enter a valid e-mail address" in said(page)
        assert 'value="bo at example"' in said(page)

    def test_while_the_shop_does_not_answer_changes_nothing_and_says_try_again(self, shop, ada, sandbox):
        sandbox.faults(shop.domain, down=True)
        page = shop.claims(ada)
        assert (page.status_code, states()) == (422, [])
        assert "try again" in said(page)

    def test_the_code_comes_once_shopify_is_back(self, shop, ada, sandbox):
        shop.claims(ada)
        made = Referral.objects.get()
        sandbox.faults(shop.domain, down=True)
        now = timezone.now()
        work_on_code(referral_id=made.pk, now=now)
        assert "One moment" in said(shop.visit(f"referral/{made.public_id}"))
        sandbox.faults(shop.domain, down=False)
        work_on_code(referral_id=made.pk, now=now + timedelta(seconds=60))
        assert made.code in shop.codes()

    def test_an_answer_that_was_lost_makes_no_second_code(self, shop, ada, sandbox):
        shop.claims(ada)
        sandbox.faults(shop.domain, lose_answers=1)
        made = Referral.objects.get()
        for wait in (0, 60, 120):
            work_on_code(referral_id=made.pk, now=timezone.now() + timedelta(seconds=wait))
        assert list(shop.codes()) == [made.code]

    def test_by_too_many_from_one_place_is_refused(self, shop, ada):
        for number in range(10):
            eve = shop.member(7100 + number, email=f"eve{number}@example.com", now=timezone.now())
            assert shop.claims(eve, f"friend{number}@example.com", address="198.51.100.7").status_code == 200
        assert shop.claims(ada, address="198.51.100.7").status_code == 200  # documentation addresses are nobody's
        for number in range(10):
            eve = shop.member(7200 + number, email=f"eve2{number}@example.com", now=timezone.now())
            assert shop.claims(eve, f"other{number}@example.com", address="8.8.4.4").status_code == 200
        assert shop.claims(ada, "late@example.com", address="8.8.4.4").status_code == 409


class TestTheFirstOrder:
    def test_with_the_code_rewards_the_advocate_once_it_can_not_be_returned(self, shop, ada):
        EarningRule.objects.update(approval_days=14)
        made = shop.claimed(ada)
        shop.orders(discount_codes=[{"code": made.code, "amount": "10.00", "type": "percentage"}])
        assert (states(), shop.points(ada)) == ([("friend_converted", "")], 0)
        shop.work(shop.later(13))
        assert shop.points(ada) == 0
        shop.work(shop.later(15))
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)
        award = Award.objects.get(source="referral")
        assert (award.status, award.member, award.action) == ("approved", ada, "referral")

    def test_under_the_same_address_counts_without_the_code(self, shop, ada):
        shop.claimed(ada)
        shop.orders(customer=None)
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)

    def test_told_again_however_often_rewards_once(self, shop, ada):
        made = shop.claimed(ada)
        for _ in range(3):
            shop.orders(discount_codes=[{"code": made.code}])
            shop.work()
        assert (shop.points(ada), Award.objects.count()) == (500, 1)
        kinds = list(Event.objects.filter(kind__startswith="referral.").values_list("kind", flat=True))
        assert sorted(kinds) == ["referral.claimed", "referral.completed", "referral.converted"]

    def test_a_second_order_brings_nothing_more(self, shop, ada):
        shop.claimed(ada)
        shop.orders()
        shop.orders(number=5_500_000_000_002)
        assert shop.points(ada) == 500

    def test_that_is_not_paid_does_not_count_yet(self, shop, ada):
        shop.claimed(ada)
        shop.orders(financial_status="pending")
        assert states() == [("pending", "")]
        shop.orders(updated_at=(timezone.now() + timedelta(minutes=5)).isoformat())
        assert states() == [("completed", "")]

    def test_placed_before_the_invitation_was_accepted_is_not_of_it(self, shop, ada):
        shop.claimed(ada)
        early = (timezone.now() - timedelta(days=1)).isoformat()
        shop.orders(processed_at=early)
        assert states() == [("pending", "")]

    def test_of_somebody_who_had_ordered_before_ends_it(self, shop, ada):
        made = shop.claimed(ada)
        early = (timezone.now() - timedelta(days=1)).isoformat()
        shop.orders(number=5_500_000_000_002, processed_at=early, customer=7050, email="old@example.com")
        shop.orders(customer=7050, email="old@example.com", discount_codes=[{"code": made.code}])
        assert (states(), shop.points(ada)) == ([("ended", "not_new")], 0)

    def test_of_the_advocate_ends_it(self, shop, ada):
        made = shop.claimed(ada)
        shop.orders(customer=ADVOCATE, email="ada@example.com", discount_codes=[{"code": made.code}])
        assert (states(), shop.points(ada)) == ([("ended", "same_person")], 0)

    def test_is_judged_once_shopify_is_back(self, shop, ada, sandbox):
        shop.claimed(ada)
        sandbox.faults(shop.domain, down=True)
        shop.orders()
        assert states() == [("pending", "")]
        sandbox.faults(shop.domain, down=False)
        shop.work(timezone.now() + timedelta(minutes=2))
        assert states() == [("completed", "")]

    def test_cancelled_before_the_reward_ends_it_for_good(self, shop, ada):
        EarningRule.objects.update(approval_days=14)
        shop.claimed(ada)
        shop.orders()
        gone = (timezone.now() + timedelta(minutes=9)).isoformat()
        shop.orders(cancelled_at=gone, updated_at=gone)
        shop.work(shop.later(30))
        assert (states(), shop.points(ada)) == ([("ended", "order_undone")], 0)

    def test_given_back_in_part_after_the_reward_takes_that_part_of_it(self, shop, ada):
        shop.claimed(ada)
        shop.orders()
        shop.refunded("33.33")
        assert (states(), shop.points(ada)) == ([("completed", "")], 500 - 166)  # floor(33.33 ÷ 100 × 500)
        shop.refunded("66.67")
        assert (states(), shop.points(ada)) == ([("ended", "order_undone")], 0)

    def test_given_back_in_part_before_the_reward_makes_it_smaller(self, shop, ada):
        EarningRule.objects.update(approval_days=14)
        shop.claimed(ada)
        shop.orders()
        shop.refunded("20.00")
        shop.work(shop.later(15))
        assert (states(), shop.points(ada)) == ([("completed", "")], 400)

    def test_after_the_time_ran_out_does_not_count(self, shop, ada):
        made = shop.claimed(ada)
        assert expire_some(now=made.expires_at - timedelta(seconds=1)) == 0
        assert expire_some(now=made.expires_at) == 1
        late = (made.expires_at + timedelta(minutes=1)).isoformat()
        shop.orders(processed_at=late, updated_at=late, discount_codes=[{"code": made.code}])
        assert states() == [("expired", "")]
        assert shop.claims(ada).status_code == 200  # and may be accepted again
        assert states() == [("expired", ""), ("pending", "")]

    def test_that_was_in_time_counts_though_word_of_it_came_late(self, shop, ada):
        made = shop.claimed(ada)
        expire_some(now=made.expires_at)
        shop.orders(discount_codes=[{"code": made.code}])
        assert states() == [("completed", "")]


class TestAnAdvocateWhoTakesNoPart:
    def test_has_the_reward_once_they_do_again(self, shop, ada):
        shop.claimed(ada)
        set_excluded(member_id=ada.pk, excluded=True, now=timezone.now())
        shop.orders()
        assert states() == [("friend_converted", "")]
        set_excluded(member_id=ada.pk, excluded=False, now=timezone.now())
        shop.work(shop.later(1))
        assert (states(), shop.points(ada)) == ([("completed", "")], 500)


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

    @pytest.mark.parametrize(("option", "reason"), [("cap_per_day", "over_day_cap"), ("cap_per_month", "over_month_cap")])
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
            decide(public_id=waiting.public_id, approving=True, actor="ada", now=timezone.now() + timedelta(minutes=9))
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
