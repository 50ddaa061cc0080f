"""On a member's page: a code is taken back, an unclear store credit is decided, a free reward is given again."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, fail, follow_up, issue, issue_free
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


class TestAFreeReward:
    def give(self, shop):
        member, reward = shop.member(CUSTOMER["id"]), shop.reward(100)
        return issue_free(
            member=member, reward_id=reward.public_id, occurrence="tier:5", source="tier", now=timezone.now()
        )[0]

    def test_is_shown_as_free_with_what_it_was_given_for_and_taken_back(self, shop, staff, sandbox):
        given = self.give(shop)
        assert "Being issued" in staff.get(address(given)).content.decode()
        follow_up(redemption_id=given.pk, now=timezone.now())
        page = staff.get(address(given)).content.decode()
        assert "given for reaching a tier" in page
        assert "<s-table-cell>Free</s-table-cell>" in page
        page = press(staff, given, "take-back")
        assert "The code is gone." in page
        assert "taken back" in page
        assert (balance(shop), sandbox.store(shop.program.shopify_domain)["discounts"]) == (1000, [])

    def test_that_could_not_be_given_says_why_and_is_given_again(self, shop, staff):
        given = self.give(shop)
        fail(redemption_id=given.pk, reason="Shopify refused the discount: no such product", now=timezone.now())
        page = staff.get(address(given)).content.decode()
        assert "no such product" in page
        assert 'accessibilityLabel="Give' not in page  # its first code may still exist
        with shop.nothing_changes():
            assert "Shopify has yet to confirm" in press(staff, given, "again")
        Redemption.objects.update(code_needs_removal=False)
        assert 'accessibilityLabel="Give again: $5 off"' in staff.get(address(given)).content.decode()
        assert "being given again" in press(staff, given, "again")
        assert Redemption.objects.get().state == "holding"
