"""The admin's page "On-site display": each field alone changes what customers read in the shop, and the page says what it sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shopify_app.dashboard.operations import set_login
from shopify_app.display.models import Display
from shopify_app.shops.operations import uninstall
from tests.journeys.referring import ADVOCATE, ReferringShop
from tests.journeys.shopify_webhooks import deliver, work_off

pytestmark = pytest.mark.django_db
PAGE = "/standalone/on-site"
USUAL = {"shows_earning": "on", "shows_tiers": "on", "shows_history": "on", "welcome_en": "", "welcome_de": ""}


@pytest.fixture
def shop(referring: ReferringShop) -> ReferringShop:
    referring.set(languages=["en", "de"])
    referring.rule("follow_on_instagram", 50, name="Follow us")
    referring.tier("Bronze", 0)
    referring.reward(100, name="Tea for two")
    referring.action("visit", 25, name="Visited us")
    referring.member(ADVOCATE, now=timezone.now())
    referring.award(action="visit", now=timezone.now())
    set_login(program=referring.program, username="ada", password="ada")
    return referring


@pytest.fixture
def staff(shop) -> Client:
    client = Client()
    client.login(username="ada", password="ada")
    return client


def saved(staff, **change) -> None:
    sent = {name: value for name, value in {**USUAL, **change}.items() if value is not None}
    assert staff.post(PAGE, sent).status_code == 303


def read(shop, **how) -> str:
    return shop.visit("panel", customer=ADVOCATE, **how).content.decode()


class TestAFieldAlone:
    @pytest.mark.parametrize(
        ("field", "words"),
        [("shows_earning", "Follow us"), ("shows_tiers", 'id="encore-to-tiers"'), ("shows_history", "+25")],
    )
    def test_hides_a_part(self, shop, staff, field, words):
        saved(staff)
        assert words in read(shop)
        saved(staff, **{field: None})
        assert words not in read(shop)
        assert "Tea for two" in read(shop)

    @pytest.mark.parametrize(("field", "locale"), [("welcome_en", "en"), ("welcome_de", "de")])
    def test_welcomes_in_its_language(self, shop, staff, field, locale):
        saved(staff, **{field: "Nice to see you"})
        for each in ("en", "de"):
            assert ("Nice to see you" in read(shop, locale=each)) == (each == locale)

    def test_in_a_language_that_is_not_offered_keeps_what_was_said(self, shop, staff):
        saved(staff, welcome_de="Moin")
        shop.set(languages=["en"])
        assert "Welcome, in German" not in staff.get(PAGE).content.decode()
        saved(staff, welcome_de=None)
        assert Display.objects.get().welcome == {"de": "Moin"}

    def test_that_is_too_long_is_refused(self, shop, staff):
        answer = staff.post(PAGE, {**USUAL, "welcome_en": "x" * 161})
        assert answer.status_code == 422
        assert not Display.objects.exists()


class TestThePage:
    def test_says_whether_the_shop_shows_it(self, shop, staff):
        assert "Not seen yet" in staff.get(PAGE).content.decode()
        read(shop)
        assert "Customers see it" in staff.get(PAGE).content.decode()
        Display.objects.update(opened_last_at=timezone.now() - timedelta(days=20))
        assert "Is the launcher still on" in staff.get(PAGE).content.decode()

    def test_previews_the_shops_own_rules_and_rewards_for_a_member_and_a_visitor(self, shop, staff):
        member, visitor = (staff.get(f"{PAGE}{query}").context["preview"].html for query in ("", "?as=visitor"))
        for words in ("Follow us", "Tea for two", "Bronze"):
            assert words in member
            assert words in visitor
        assert ("Hello Ada" in member, "Create an account" in visitor) == (True, True)

    def test_previews_what_stands_in_the_form_and_keeps_nothing(self, shop, staff):
        sent = {**USUAL, "welcome_en": "Nice to see you", "shows_tiers": "", "as": "visitor"}
        drawn = staff.post(f"{PAGE}/preview", sent).context["preview"].html
        assert ("Nice to see you" in drawn, "Bronze" in drawn, "Create an account" in drawn) == (True, False, True)
        assert staff.post(f"{PAGE}/preview", {**sent, "welcome_en": "x" * 999}).status_code == 200
        assert not Display.objects.exists()

    def test_previews_in_the_customers_main_language(self, shop, staff):
        shop.set(languages=["de"])
        assert '<html lang="de">' in staff.get(PAGE).context["preview"].html

    def test_looking_at_it_is_no_opening_in_the_shop(self, shop, staff):
        staff.get(PAGE)
        assert not Display.objects.exists()


def test_a_shop_that_is_to_be_forgotten_leaves_no_words(shop, staff):
    saved(staff, welcome_en="Nice to see you")
    uninstall(domain=shop.domain, now=timezone.now())
    assert deliver(shop.domain, "shop/redact", {"shop_domain": shop.domain}).status_code == 200
    work_off()
    with shop.scope():
        assert not Display.objects.exists()
