"""Redeeming in a shop's loyalty panel: asked first, done once whatever is sent again, and only by who is logged in."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from loyalty.earning.operations import set_excluded
from loyalty.members.models import Member
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import fail, issue
from tests.a_shop import AShop
from tests.journeys.referring import ADVOCATE, FRIEND, ReferringShop

pytestmark = pytest.mark.django_db(transaction=True)
NOBODYS_KEY = "0" * 32


@pytest.fixture
def shop(referring: ReferringShop) -> ReferringShop:
    referring.customer(ADVOCATE, email="ada@example.com")
    return referring


@pytest.fixture
def ada(shop) -> Member:
    return shop.member(ADVOCATE, points=1000, email="ada@example.com", now=timezone.now())


def ask(shop, reward, customer=ADVOCATE) -> str:
    """Opens the question; returns the key that was drawn with it."""
    page = shop.visit(f"panel/rewards/{reward.public_id}", customer=customer)
    assert page.status_code == 200, page.content
    (once,) = re.findall(r'name="once" value="([0-9a-f]{32}:[\w-]{43})"', page.content.decode())
    return once


def redeem(shop, reward, once, customer=ADVOCATE, **more):
    return shop.visit(f"panel/rewards/{reward.public_id}", {"once": once, **more}, customer=customer)


def worked() -> Redemption:
    """The worker makes the newest code."""
    found = Redemption.objects.latest("pk")
    issue(redemption_id=found.pk, now=timezone.now())
    found.refresh_from_db()
    return found


def code_of(shop, redemption, customer=ADVOCATE, **query):
    return shop.visit(f"panel/codes/{redemption.public_id}", customer=customer, **query)


def stands(shop, member):
    balances = shop.balances(member, timezone.now())
    return balances.available, balances.held, balances.redeemed


class TestRedeeming:
    def test_asks_first_and_then_shows_the_code_that_works(self, shop, ada):
        reward = shop.reward(300, name="Tea for two")
        with shop.nothing_changes():
            once = ask(shop, reward)
        page = redeem(shop, reward, once)
        assert page.status_code == 200
        assert 'data-encore-again="700"' in page.content.decode()
        assert stands(shop, ada) == (700, 300, 0)
        made = worked()
        shown = code_of(shop, made).content.decode()
        assert made.code in shown
        assert f"/discount/{made.code}?redirect=/" in shown
        assert "data-encore-again" not in shown
        assert shop.codes()[made.code]["customer_gids"] == [f"gid://shopify/Customer/{ADVOCATE}"]
        assert stands(shop, ada) == (700, 0, 300)
        assert made.code in shop.visit("panel", customer=ADVOCATE).content.decode()

    def test_sent_again_under_its_key_is_the_same_redemption_although_everything_has_changed(self, shop, ada):
        reward = shop.reward(1000)
        once = ask(shop, reward)
        redeem(shop, reward, once)
        assert redeem(shop, reward, once).status_code == 200
        made = worked()
        set_excluded(member_id=ada.pk, excluded=True, now=timezone.now())
        shop.set(is_enabled=False)
        with shop.nothing_changes():
            assert made.code in redeem(shop, reward, once).content.decode()
        assert Redemption.objects.count() == 1
        assert list(shop.codes()) == [made.code]

    def test_another_question_is_another_redemption(self, shop, ada):
        reward = shop.reward(300)
        for _ in range(2):
            redeem(shop, reward, ask(shop, reward))
        assert Redemption.objects.count() == 2

    def test_of_another_reward_under_the_same_key_is_refused(self, shop, ada):
        reward, other = shop.reward(300), shop.reward(200)
        once = ask(shop, reward)
        redeem(shop, reward, once)
        with shop.nothing_changes():
            assert redeem(shop, other, once).status_code == 409

    def test_takes_as_many_points_as_the_customer_says(self, shop, ada):
        terms = {"redemption_type": "flexible", "amount_per_point": Decimal("0.01"), "max_points": 500}
        reward = shop.reward(100, discount_amount=None, **terms)
        with shop.nothing_changes():
            for points in ("99", "501"):
                answer = redeem(shop, reward, ask(shop, reward), points=points)
                assert answer.status_code == 409
                assert "within the limits" in answer.content.decode()
        redeem(shop, reward, ask(shop, reward), points="450")
        assert Redemption.objects.latest("pk").points_spent == 450
        assert "It is yours: 4.50 USD off" in code_of(shop, worked()).content.decode()

    def test_of_store_credit_shows_no_code(self, shop, ada):
        redeem(shop, reward := shop.reward(300, discount_type="store_credit"), ask(shop, reward))
        shown = code_of(shop, worked()).content.decode()
        assert "It is yours: 5 USD of store credit" in shown
        assert "Apply to the cart" not in shown


class TestWaiting:
    def test_becomes_calmer_and_ends(self, shop, ada):
        redeem(shop, reward := shop.reward(300), ask(shop, reward))
        made = Redemption.objects.get()
        pauses = [
            int(found[1]) if (found := re.search(r'data-encore-again="(\d+)"', told)) else None
            for told in (code_of(shop, made, tries=str(tries)).content.decode() for tries in range(9))
        ]
        assert pauses == [700, 1000, 1500, 2000, 3000, 4000, 6000, 8000, None]
        assert "Look again" in code_of(shop, made, tries="8").content.decode()

    def test_ends_with_the_points_back_where_no_code_could_be_made(self, shop, ada):
        redeem(shop, reward := shop.reward(300), ask(shop, reward))
        made = Redemption.objects.get()
        fail(redemption_id=made.pk, reason="Shopify gave no code in time", now=timezone.now())
        assert "Your points are back" in code_of(shop, made).content.decode()
        assert stands(shop, ada) == (1000, 0, 0)


class TestNothingIsSpent:
    def test_without_enough_points(self, shop, ada):
        reward = shop.reward(1200)
        assert (
            "200 points are missing"
            in shop.visit(f"panel/rewards/{reward.public_id}", customer=ADVOCATE).content.decode()
        )
        once = ask(shop, shop.reward(10))
        with shop.nothing_changes():
            answer = redeem(shop, reward, once)
        assert (answer.status_code, "not have enough points" in answer.content.decode()) == (409, True)

    @pytest.mark.parametrize("once", ["", "1", NOBODYS_KEY, f"{NOBODYS_KEY}:{'x' * 43}"])
    def test_without_the_key_of_a_question(self, shop, ada, once):
        reward = shop.reward(300)
        with shop.nothing_changes():
            assert redeem(shop, reward, once).status_code == 422

    @pytest.mark.parametrize("why", ["excluded", "paused", "restricted", "limit", "tier"])
    def test_by_who_may_not(self, shop, ada, why):
        gold = shop.tier("Gold", 100_000)
        reward = shop.reward(300, max_redemptions=1, **({"tier": gold} if why == "tier" else {}))
        if why == "limit":
            redeem(shop, reward, ask(shop, reward))
            worked()
        once = ask(shop, reward)
        if why == "excluded":
            set_excluded(member_id=ada.pk, excluded=True, now=timezone.now())
        if why == "paused":
            shop.set(is_enabled=False)
        if why == "restricted":
            shop.test_mode("restrict", shop.member(FRIEND), now=timezone.now())
        with shop.nothing_changes():
            assert redeem(shop, reward, once).status_code == 409

    def test_by_a_visitor_or_for_whom_a_form_names(self, shop, ada):
        reward = shop.reward(300)
        once = ask(shop, reward)
        shop.customer(FRIEND, email="bo@example.com")
        shop.member(FRIEND, email="bo@example.com", now=timezone.now())
        named = {"customer_id": str(ADVOCATE), "logged_in_customer_id": str(ADVOCATE), "member": str(ada.pk)}
        with shop.nothing_changes():
            assert redeem(shop, reward, once, customer=None, **named).status_code == 403
            assert redeem(shop, reward, once, customer=FRIEND, **named).status_code == 422

    def test_on_what_is_not_to_be_had_here(self, shop, ada):
        other = AShop.new()
        theirs, off = other.reward(10), shop.reward(10, is_active=False)
        given = shop.reward(0)
        once = ask(shop, shop.reward(10))
        with shop.nothing_changes():
            for reward in (theirs, off, given):
                assert shop.visit(f"panel/rewards/{reward.public_id}", customer=ADVOCATE).status_code == 404
            for reward in (theirs, off):
                assert redeem(shop, reward, once).status_code == 404
            assert redeem(shop, given, once).status_code == 409
        with other.scope():
            assert not Redemption.objects.exists()


def test_a_code_is_its_owners_alone(shop, ada):
    redeem(shop, reward := shop.reward(300), ask(shop, reward))
    made = worked()
    shop.member(FRIEND, email="bo@example.com", now=timezone.now())
    for customer in (FRIEND, None):
        answer = code_of(shop, made, customer=customer)
        assert answer.status_code == 404
        assert made.code not in answer.content.decode()
