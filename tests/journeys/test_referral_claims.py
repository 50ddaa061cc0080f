"""A friend accepts an invitation: once, for new customers, and never one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.earning.models import EarningRule
from loyalty.earning.operations import set_excluded, switch_rule
from loyalty.members.models import Member
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import work_on_code
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
        made = shop.claimed(ada)
        assert shop.codes()[made.code]["customer_ids"] == [str(FRIEND)]

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
