"""On a member's page: an unused code is taken back, and an unclear store credit is decided."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, issue
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(installed_shop):
    made = AShop(installed_shop.program)
    set_login(program=made.program, username="ada", password="ada")
    with scope(program=made.program):
        made.member(CUSTOMER["id"], points=1000, now=timezone.now())
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def buy(shop, **terms):
    now, member = timezone.now(), shop.member(CUSTOMER["id"])
    made, _ = begin(member=member, reward_id=shop.reward(100, **terms).public_id, now=now, source="rest")
    if not terms:
        issue(redemption_id=made.pk, now=now)
    return Redemption.objects.get(pk=made.pk)


def address(redemption, what=""):
    return f"/standalone/members/{redemption.member_id}" + (f"/rewards/{redemption.public_id}/{what}" if what else "")


def press(staff, redemption, what, **given):
    """Presses a button and returns the page that follows."""
    assert staff.post(address(redemption, what), given).status_code == 303
    return staff.get(address(redemption)).content.decode()


def balance(shop):
    return shop.balances(shop.member(CUSTOMER["id"]), timezone.now()).available


class TestTakingBack:
    def test_removes_the_code_returns_the_points_and_says_so(self, shop, staff, sandbox):
        bought = buy(shop)
        assert "Take back" in staff.get(address(bought)).content.decode()
        page = press(staff, bought, "take-back")
        assert "The code is gone and 100 points are back." in page
        assert "points returned" in page
        assert 'accessibilityLabel="Take back' not in page
        assert (balance(shop), sandbox.store(shop.program.shopify_domain)["discounts"]) == (1000, [])

    def test_of_a_used_one_is_refused_in_a_sentence(self, shop, staff):
        bought = buy(shop)
        Redemption.objects.update(state="used")
        with shop.nothing_changes():
            page = press(staff, bought, "take-back")
        assert "The points can&#x27;t be returned: the reward is used." in page

    def test_of_another_members_or_nobodys_is_not_found(self, shop, staff):
        bought, bea = buy(shop), shop.member(7002)
        with shop.nothing_changes():
            for path in (f"/standalone/members/{bea.pk}/rewards/{bought.public_id}", f"{address(bought)}/rewards/cr_x"):
                assert staff.post(f"{path}/take-back").status_code == 404
                assert staff.post(f"{path}/decide", {"was_given": "no"}).status_code == 404


class TestAnUnclearStoreCredit:
    @pytest.mark.parametrize(("said", "state", "left"), [("yes", "used", 900), ("no", "failed", 1000)])
    def test_is_shown_and_decided(self, shop, staff, said, state, left):
        bought = buy(shop, discount_type="store_credit")
        Redemption.objects.update(credit_state="unclear")
        assert "Look there, then say" in staff.get(address(bought)).content.decode()
        press(staff, bought, "decide", was_given=said)
        assert (Redemption.objects.get().state, balance(shop)) == (state, left)
        with shop.nothing_changes():
            page = press(staff, bought, "decide", was_given="no")
        assert "does not wait for a decision" in page
