"""The loyalty panel in a shop: what a visitor, a customer who is no member and a member read in it, and what they may do."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.operations import Activity, award, set_excluded
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.rewards.errors import LimitReached
from loyalty.rewards.operations import begin
from loyalty.tiers.operations import requalify
from shopify_app.auth.app_proxy import signature_of
from shopify_app.display.models import Display
from shopify_app.display.operations import Shown, change_display
from tests.journeys.referring import ADVOCATE, FRIEND, ReferringShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(referring: ReferringShop) -> ReferringShop:
    return referring


def read(shop, **how) -> str:
    answer = shop.visit("panel", **how)
    assert answer.status_code == 200
    return answer.content.decode()


class TestAVisitor:
    def test_reads_what_the_programme_offers_in_the_merchants_order(self, shop):
        shop.rule("place_order", 3, options={"minimum_amount": 20})
        shop.rule("follow_on_instagram", 50, name="Follow us")
        shop.rule("follow_on_x", 50, name="Hidden", is_hidden_on_storefront=True)
        shop.rule("like_on_facebook", 50, name="Off", is_active=False)
        shop.reward(1200, name="Tea for two", minimum_spend=Decimal(20), expiry_days=30)
        shop.reward(0, name="Only given")
        shop.tier("Bronze", 0), shop.tier("Gold", 1000, "1.5")
        page = read(shop)
        for words in (
            "3 points per USD", "On orders of 20 USD or more", "Tea for two", "1,200 points",
            "On orders of 20 USD or more, valid for 30 days", "From the start", "From 1,000 points · 1.5× points",
            "/account/register?return_to=/", "/account/login?return_to=/",
        ):  # fmt: skip
            assert words in page, words
        assert page.index("3 points per USD") < page.index("Follow us")
        for words in ("Hidden", "Off<", "Only given", "Redeem"):
            assert words not in page, words

    def test_is_answered_a_piece_of_html_that_nobody_keeps(self, shop):
        answer = shop.visit("panel")
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/html; charset=utf-8", "no-store")
        assert "<html" not in answer.content.decode()

    def test_reads_the_themes_language_where_it_is_the_programmes(self, shop):
        shop.set(languages=["en", "de"])
        Display.objects.create(program=shop.program, welcome={"de": "Moin"}, updated_at=timezone.now())
        assert "Moin" in read(shop, locale="de-CH")
        assert "Moin" not in read(shop, locale="fr")

    def test_reads_nothing_of_what_the_merchant_hides(self, shop):
        shop.rule("follow_on_instagram", 50, name="Follow us")
        shop.tier("Bronze", 0)
        change_display(program=shop.program, shown=Shown(shows_earning=False, shows_tiers=False), now=timezone.now())
        page = read(shop)
        assert "Follow us" not in page
        assert "Bronze" not in page

    def test_who_types_in_tags_is_shown_them_as_text(self, shop):
        shop.reward(100, name="<b>5</b> off")
        assert "&lt;b&gt;5&lt;/b&gt; off" in read(shop)


class TestTheGate:
    @pytest.mark.parametrize("path", ["panel", "panel/rewards/x", "panel/codes/x", "panel/join", "panel/birthday"])
    def test_is_closed_to_a_forged_signature(self, shop, path):
        pairs = [
            ("shop", shop.domain), ("path_prefix", "/apps/loyalty"), ("timestamp", str(int(time.time()))),
            ("logged_in_customer_id", str(ADVOCATE)),
        ]  # fmt: skip
        forged = [*pairs, ("signature", signature_of(pairs, "not the secret"))]
        method = Client().post if path in ("panel/join", "panel/birthday") else Client().get
        with shop.nothing_changes():
            assert method(f"/proxy/{path}?{urlencode(forged)}").status_code == 401
        assert not Display.objects.exists()

    def test_takes_no_parameter_that_it_does_not_know(self, shop):
        assert shop.visit("panel", customer_id="7001").status_code == 401


class TestAMember:
    @pytest.fixture
    def ada(self, shop) -> Member:
        shop.tier("Bronze", 0), shop.tier("Gold", 1000)
        return shop.member(ADVOCATE, points=400, email="ada@example.com", now=timezone.now())

    def test_reads_balance_tier_rewards_in_reach_and_what_happened(self, shop, ada):
        shop.rule("follow_on_instagram", 50, name="Follow us", approval_days=9, customer_facing_label="Follow us there")
        shop.action("visit", 25)
        shop.award(action="visit", now=timezone.now())
        requalify(member_id=ada.pk, now=timezone.now())
        shop.reward(300, name="Cheap"), shop.reward(1000, name="Dear")
        page = read(shop, customer=ADVOCATE)
        for words in (
            "Hello Ada",
            "425 points",
            "575 points to go",
            "575 points to Gold",
            "Follow us there",
            "+25",
            "+400",
        ):
            assert words in page, words
        assert page.count(">Redeem<") == 1

    def test_reads_what_waits_and_what_earns_no_more(self, shop, ada):
        rule = shop.rule("follow_on_instagram", 50, name="Follow us", approval_days=9)
        about = CustomerReference(shopify_customer_id=ADVOCATE)
        activity = Activity(
            rule=RuleReference(public_id=rule.public_id), customer=about, source="rest", occurred_at=timezone.now()
        )
        award(activity=activity, program_id=shop.program.pk, now=timezone.now())
        page = read(shop, customer=ADVOCATE)
        assert "50 points on the way" in page
        assert "yours to spend from" in page
        assert "Done" in page

    def test_reads_their_own_language(self, shop, ada):
        shop.set(languages=["en", "de"])
        Member.objects.update(locale="de-AT")
        Display.objects.create(program=shop.program, welcome={"de": "Moin"}, updated_at=timezone.now())
        assert "Moin" in read(shop, customer=ADVOCATE)
        assert "Hello Ada" in read(shop, customer=ADVOCATE, locale="en")

    def test_has_a_link_for_friends_while_referrals_are_on(self, shop, ada):
        link = f"referral_code={ada.referral_code}"
        shop.rule("follow_on_instagram", 50)
        assert link not in read(shop, customer=ADVOCATE)
        shop.referral_rule()
        assert link in read(shop, customer=ADVOCATE)

    @pytest.mark.parametrize(
        ("why", "words"),
        [
            ("paused", "The programme is paused"), ("excluded", "You do not take part"),
            ("restricted", "The programme opens soon"), ("owing", "still to be paid back"),
        ],
    )  # fmt: skip
    def test_who_cannot_redeem_reads_why_and_keeps_the_balance_in_view(self, shop, ada, why, words):
        shop.reward(100)
        if why == "paused":
            shop.set(is_enabled=False)
        if why == "excluded":
            set_excluded(member_id=ada.pk, excluded=True, now=timezone.now())
        if why == "restricted":
            shop.test_mode("restrict", shop.member(FRIEND), now=timezone.now())
        if why == "owing":
            shop.set(refund_policy=Program.RefundPolicy.BLOCK)
            ada.account.refresh_from_db()
            type(ada.account)._base_manager.filter(member=ada).update(debt=5, available=0)
        page = read(shop, customer=ADVOCATE)
        if why == "owing":
            type(ada.account)._base_manager.filter(member=ada).update(debt=0, available=400)
        assert words in page
        assert ">Redeem<" not in page
        assert ("0 points" if why == "owing" else "400 points") in page

    def test_who_is_in_shadow_test_mode_redeems_as_ever(self, shop, ada):
        shop.reward(100)
        shop.test_mode("shadow", ada, now=timezone.now())
        assert ">Redeem<" in read(shop, customer=ADVOCATE)

    @pytest.mark.parametrize(
        "limit", [{"max_redemptions": 1}, {"total_limit": 1}, {"period_limit": 1, "limit_period": "week"}], ids=str
    )
    def test_is_offered_nothing_that_a_purchase_would_refuse(self, shop, ada, limit):
        reward = shop.reward(100, **limit)
        assert ">Redeem<" in read(shop, customer=ADVOCATE)
        begin(member=ada, reward_id=reward.public_id, now=timezone.now(), source="test")
        page = read(shop, customer=ADVOCATE)
        assert "as often as it can be had" in page
        assert ">Redeem<" not in page
        with pytest.raises(LimitReached):
            begin(member=ada, reward_id=reward.public_id, now=timezone.now(), source="test")

    def test_reads_whose_a_reward_is_that_is_not_theirs(self, shop, ada):
        gold = shop.tier("Platinum", 9000)
        shop.reward(100, tier=gold, tier_and_above=True)
        page = read(shop, customer=ADVOCATE)
        assert "For Platinum members and above" in page
        assert ">Redeem<" not in page

    def test_who_was_merged_reads_as_the_survivor(self, shop, ada):
        gone = shop.member(FRIEND)
        Member.objects.filter(pk=gone.pk).update(merged_into=ada)
        assert "400 points" in read(shop, customer=FRIEND)


class TestJoining:
    def test_makes_a_customer_a_member_once(self, shop):
        shop.customer(FRIEND, email="bo@example.com", first_name="Bo")
        assert "Join now" in read(shop, customer=FRIEND)
        for _ in range(2):
            page = shop.visit("panel/join", {}, customer=FRIEND)
            assert (page.status_code, "Hello Bo" in page.content.decode()) == (200, True)
        assert [member.email for member in Member.objects.all()] == ["bo@example.com"]

    def test_is_for_nobody_who_is_logged_out_or_unknown_and_not_while_the_programme_is_paused(self, shop):
        with shop.nothing_changes():
            assert shop.visit("panel/join", {"customer": str(FRIEND)}).status_code == 200
            assert shop.visit("panel/join", {}, customer=FRIEND).status_code == 404
            shop.customer(FRIEND, email="bo@example.com")
            shop.set(is_enabled=False)
            assert "paused" in shop.visit("panel/join", {}, customer=FRIEND).content.decode()


class TestABirthday:
    @pytest.fixture
    def ada(self, shop) -> Member:
        shop.rule("birthday", 200, name="Birthday")
        return shop.member(ADVOCATE, now=timezone.now())

    def said(self, shop, day, customer=ADVOCATE):
        return shop.visit("panel/birthday", {"date_of_birth": day}, customer=customer)

    def test_is_entered_once(self, shop, ada):
        assert "When is your birthday?" in read(shop, customer=ADVOCATE)
        assert "Your birthday: 3 May" in self.said(shop, "1990-05-03").content.decode()
        self.said(shop, "1990-06-04")
        ada.refresh_from_db()
        assert ada.date_of_birth == date(1990, 5, 3)

    def test_that_is_none_is_refused(self, shop, ada):
        for day in ("", "1850-01-01", "soon", (timezone.now() + timedelta(days=3)).date().isoformat()):
            assert self.said(shop, day).status_code == 422
        self.said(shop, "1990-05-03", customer=None)
        ada.refresh_from_db()
        assert ada.date_of_birth is None


class TestWhetherTheShopShowsIt:
    def test_is_known_by_an_opening_and_written_down_once_an_hour(self, shop):
        assert shop.visit("panel/rewards/nobodys").status_code == 403
        assert not Display.objects.exists()
        read(shop)
        first = Display.objects.get()
        read(shop)
        assert Display.objects.get().opened_last_at == first.opened_last_at == first.opened_first_at
        early = first.opened_first_at - timedelta(hours=2)
        Display.objects.update(opened_first_at=early, opened_last_at=early)
        read(shop)
        later = Display.objects.get()
        assert later.opened_first_at == early
        assert later.opened_last_at > first.opened_last_at - timedelta(minutes=1)
