"""A test is taken back where Shopify has a part in it: its codes are gone before its points are back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django_scopes import scope

from loyalty.referrals.models import Referral
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, decide_credit, follow_order, follow_up, issue, issue_free
from shopify_app.dashboard.clean_up import clean_up_view
from tests.a_shop import AShop
from tests.conftest import CUSTOMER
from tests.operations.shopify_app.test_codes_followed import order
from tests.operations.shopify_app.test_referrals_page import referred

pytestmark = pytest.mark.django_db
CREDIT = {"discount_type": "store_credit", "name": "$5 store credit"}


@pytest.fixture
def shop(installed_shop, sandbox):
    """A test customer with 250 points of their own."""
    made = AShop(installed_shop.program)
    with scope(program=made.program):
        ada = made.member(CUSTOMER["id"], email=CUSTOMER["email"])
        made.give(ada, 250, now=timezone.now())
        made.test_mode("shadow", ada, now=timezone.now())
        yield made
        made.assert_sound()


def ada(shop):
    return shop.member(CUSTOMER["id"])


def buy(shop, **terms):
    now = timezone.now()
    made, _ = begin(member=ada(shop), reward_id=shop.reward(100, **terms).public_id, now=now, source="rest")
    issue(redemption_id=made.pk, now=now)
    return Redemption.objects.get(pk=made.pk)


def codes(sandbox, shop):
    return [each["code"] for each in sandbox.store(shop.program.shopify_domain)["discounts"]]


def stands(shop, now=None):
    balances = shop.balances(ada(shop), now or timezone.now())
    return balances.available, balances.held, balances.redeemed


class TestACode:
    def test_that_was_not_used_is_gone_and_its_points_are_back(self, shop, sandbox):
        bought = [buy(shop), buy(shop)]
        assert stands(shop) == (50, 0, 200)
        run = shop.clean_up(timezone.now())
        assert (codes(sandbox, shop), stands(shop)) == ([], (250, 0, 0))
        assert set(Redemption.objects.values_list("state", "is_refunded")) == {("expired", True)}
        counts = (run.counts["rewards"], run.counts["codes"], run.finished_at is None)
        assert (len(bought), counts) == (2, (2, 2, False))

    def test_stays_as_long_as_shopify_does_not_confirm_and_so_does_the_test(self, shop, sandbox):
        bought, now = buy(shop), timezone.now()
        sandbox.faults(shop.program.shopify_domain, down=True)
        run = shop.clean_up(now)
        assert (run.finished_at, stands(shop)) == (None, (150, 0, 100))
        assert [each.reason for each in clean_up_view(now).waiting] == [
            f"Shopify has yet to confirm that the code {bought.code} is gone"
        ]
        sandbox.faults(shop.program.shopify_domain, down=False)
        run = shop.clean_up(now + timedelta(seconds=6))
        assert (run.finished_at is None, codes(sandbox, shop), stands(shop)) == (False, [], (250, 0, 0))

    def test_that_the_sweep_removed_meanwhile_is_cleaned_up_as_well(self, shop, sandbox):
        bought, now = buy(shop), timezone.now()
        sandbox.faults(shop.program.shopify_domain, down=True)
        shop.clean_up(now)
        sandbox.faults(shop.program.shopify_domain, down=False)
        follow_up(redemption_id=bought.pk, now=now + timedelta(seconds=6))
        run = shop.clean_up(now + timedelta(seconds=7))
        assert (run.finished_at is None, stands(shop)) == (False, (250, 0, 0))

    def test_that_was_used_gives_its_points_back_and_is_told(self, shop):
        bought, now = buy(shop), timezone.now()
        follow_order(order=order(shop, name="#1042"), codes=[bought.code], now=now)
        shop.clean_up(timezone.now())
        assert stands(shop) == (250, 0, 0)
        view = clean_up_view(timezone.now())
        assert [each.what for each in view.lasting] == ["$5 off: used on order #1042"]
        assert "1 reward was taken back" in view.result

    def test_whose_order_comes_after_the_clean_up_gives_nothing_twice(self, shop):
        bought = buy(shop)
        shop.clean_up(timezone.now())
        follow_order(order=order(shop, name="#1042"), codes=[bought.code], now=timezone.now())
        shop.clean_up(timezone.now())
        bought.refresh_from_db()
        assert (bought.state, stands(shop)) == ("used", (250, 0, 0))

    def test_of_a_lot_of_rewards_goes_in_several_steps(self, shop, sandbox):
        shop.give(ada(shop), 1000, now=timezone.now())
        for _ in range(11):
            buy(shop)
        run = shop.clean_up(timezone.now())
        assert (run.counts["codes"], codes(sandbox, shop), stands(shop)) == (11, [], (250, 0, 0))


class TestStoreCredit:
    def test_stays_with_the_customer_its_points_are_back_and_the_merchant_is_told(self, shop, sandbox):
        buy(shop, **CREDIT)
        run = shop.clean_up(timezone.now())
        given = sandbox.store(shop.program.shopify_domain)["store_credit"]["accounts"]
        assert ([Decimal(each["balance"]) for each in given], stands(shop)) == ([5], (250, 0, 0))
        assert (run.counts["rewards"], run.counts["codes"]) == (1, 0)
        assert [each.what for each in clean_up_view(timezone.now()).lasting] == [
            "$5 store credit: 5 USD of store credit stay with the customer"
        ]

    def test_that_is_unclear_waits_for_staff(self, shop):
        now = timezone.now()
        made, _ = begin(member=ada(shop), reward_id=shop.reward(100, **CREDIT).public_id, now=now, source="rest")
        Redemption.objects.filter(pk=made.pk).update(credit_state="unclear")
        run = shop.clean_up(now)
        assert (run.finished_at, stands(shop)) == (None, (150, 100, 0))
        assert clean_up_view(now).waiting[0].reason == "Say on the member's page whether the store credit was given"
        decide_credit(redemption_id=made.pk, was_given=False, now=now)
        run = shop.clean_up(now)
        assert (run.finished_at is None, stands(shop)) == (False, (250, 0, 0))


class TestAFreeReward:
    def give(self, shop, occurrence="tier:5"):
        reward, now = shop.reward(100), timezone.now()
        return issue_free(
            member=ada(shop), reward_id=reward.public_id, occurrence=occurrence, source="tier", now=now
        )  # fmt: skip

    def test_of_a_test_is_gone_and_can_be_given_in_earnest(self, shop, sandbox):
        given, _ = self.give(shop)
        follow_up(redemption_id=given.pk, now=timezone.now())
        assert (given.is_test, len(codes(sandbox, shop))) == (True, 1)
        shop.test_mode("off", now=timezone.now())
        shop.clean_up(timezone.now())
        assert codes(sandbox, shop) == []
        again, replayed = self.give(shop)
        assert (again.pk == given.pk, replayed, again.is_test) == (False, False, False)

    def test_that_is_still_being_made_is_given_up(self, shop, sandbox):
        given, _ = self.give(shop)
        run = shop.clean_up(timezone.now())
        follow_up(redemption_id=given.pk, now=timezone.now())
        given.refresh_from_db()
        assert (given.state, run.finished_at is None, codes(sandbox, shop)) == ("failed", False, [])


class TestAReferral:
    def test_of_a_test_ends_and_its_unused_code_is_removed(self, shop):
        mine = referred(shop, 1, advocate=ada(shop), is_test=True, code="TEA-FRIEND", code_state="made")
        real = referred(shop, 2, advocate=ada(shop), code="TEA-OTHER", code_state="made")
        shop.clean_up(timezone.now())
        mine.refresh_from_db(), real.refresh_from_db()
        assert (mine.state, mine.ended_for, mine.code_state) == ("ended", "test", "unwanted")
        assert (real.state, real.code_state) == ("pending", "made")
        assert Referral.objects.count() == 2
