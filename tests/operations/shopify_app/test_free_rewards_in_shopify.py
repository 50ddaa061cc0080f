"""Rewards given for nothing, as Shopify gets to see them: tried until the code exists, or the merchant is told why not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django_scopes import scope

from loyalty.outbox.models import Event
from loyalty.rewards import queries
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import (
    decide_credit,
    expire_codes,
    follow_order,
    follow_up,
    give_again,
    issue_free,
    refund_redemption,
    remove_code,
    settle_credit,
)
from loyalty.rewards.operations.crediting import _terms, claim_credit, note_sending
from loyalty.rewards.operations.giving import MAX_ATTEMPTS
from loyalty.rewards.ports import store_credit
from tests.a_shop import AShop
from tests.conftest import CUSTOMER
from tests.operations.shopify_app.test_codes_followed import become, order

pytestmark = pytest.mark.django_db
CREDIT = {"discount_type": "store_credit", "name": "$5 store credit"}


@pytest.fixture
def shop(installed_shop):
    made = AShop(installed_shop.program)
    with scope(program=made.program):
        made.member(CUSTOMER["id"])
        yield made
        made.assert_sound()


def give(shop, reward=None, now=None, occurrence="tier:5"):
    reward = reward or shop.reward(100)
    member = shop.member(CUSTOMER["id"])
    return issue_free(
        member=member, reward_id=reward.public_id, occurrence=occurrence, source="tier", now=now or timezone.now()
    )[0]


def work(redemption, after=timedelta()):
    follow_up(redemption_id=redemption.pk, now=timezone.now() + after)
    redemption.refresh_from_db()
    return redemption


def codes(sandbox, shop):
    return {each["code"]: each for each in sandbox.store(shop.program.shopify_domain)["discounts"]}


def credits_given(sandbox, shop):
    return len(sandbox.store(shop.program.shopify_domain)["store_credit"]["transactions"])


class TestACode:
    def test_is_made_for_the_member_alone_and_told(self, shop, sandbox):
        given = work(give(shop))
        assert given.state == "active"
        assert codes(sandbox, shop)[given.code]["customer_gids"] == [f"gid://shopify/Customer/{CUSTOMER['id']}"]
        assert Event.objects.get(kind="reward.issued").payload["discount_code"] == given.code

    def test_is_tried_again_while_shopify_is_down_and_made_once(self, shop, sandbox):
        domain, given = shop.program.shopify_domain, give(shop)
        sandbox.faults(domain, down=True)
        work(given)
        assert (given.state, given.follow_up_attempts) == ("holding", 1)
        work(given, timedelta(seconds=2))  # not due yet
        assert given.follow_up_attempts == 1
        work(given, timedelta(seconds=6))
        assert (given.state, given.follow_up_attempts) == ("holding", 2)
        sandbox.faults(domain, down=False)
        for _ in range(2):
            work(given, timedelta(seconds=30))
        assert (given.state, len(codes(sandbox, shop)), shop.kinds()) == ("active", 1, ["reward.issued"])

    def test_whose_answer_was_lost_is_found_again(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, lose_answers=1, only="discountCodeBasicCreate")
        assert work(give(shop)).state == "active"
        assert len(codes(sandbox, shop)) == 1

    def test_that_shopify_refuses_is_told_to_the_merchant_and_given_once_the_reward_was_mended(self, shop, sandbox):
        gone = {"applies_to": "products", "applies_to_gids": ("gid://shopify/Product/404404",)}
        reward = shop.reward(100, **gone)
        refused = work(give(shop, reward))
        assert (refused.state, shop.kinds()) == ("failed", ["redemption.failed"])
        assert "refused" in refused.failure
        assert list(queries.free_in_trouble_of(member_id=refused.member_id)) == [refused]
        remove_code(redemption_id=refused.pk, now=timezone.now() + timedelta(minutes=3))
        type(reward).objects.filter(pk=reward.pk).update(applies_to="all", applies_to_gids=[])
        again = work(give_again(redemption_id=refused.pk, now=timezone.now()))
        assert (again.pk, again.state, list(codes(sandbox, shop))) == (refused.pk, "active", [again.code])

    def test_that_could_not_be_made_for_a_week_or_before_its_end_is_given_up(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, down=True)
        given, short = give(shop), give(shop, shop.reward(100, expiry_days=1), occurrence="short")
        Redemption.objects.filter(pk=given.pk).update(follow_up_attempts=MAX_ATTEMPTS)
        assert "for a week" in work(given).failure
        assert "days were over" in work(short, timedelta(days=2)).failure
        sandbox.faults(shop.program.shopify_domain, down=False)

    def test_for_somebody_forgotten_meanwhile_is_never_made(self, shop, sandbox):
        from loyalty.earning.operations import forget_customer

        given = give(shop)
        forget_customer(program=shop.program, shopify_customer_id=CUSTOMER["id"], now=timezone.now())
        assert (work(given).state, codes(sandbox, shop)) == ("failed", {})

    def test_follows_its_order_ends_with_its_days_and_returns_no_points(self, shop, sandbox):
        shop.set(codes_on_refund="return_points")
        used = work(give(shop))
        placed = order(shop)
        follow_order(order=placed, codes=[used.code], now=timezone.now())
        used.refresh_from_db()
        assert (used.state, used.order_number) == ("used", "#1001")
        follow_order(order=become(placed, refunded_minor=5000), codes=[used.code], now=timezone.now())
        used.refresh_from_db()
        assert (used.state, used.follow_up) == ("used", "")
        ended = work(give(shop, shop.reward(100, expiry_days=1), occurrence="ends"))
        expire_codes(now=timezone.now() + timedelta(days=2))
        ended.refresh_from_db()
        assert ended.state == "expired"

    def test_works_again_after_a_refund_where_the_reward_says_so(self, shop, sandbox):
        used = work(give(shop, shop.reward(100, reactivates_on_refund=True)))
        placed = order(shop)
        follow_order(order=placed, codes=[used.code], now=timezone.now())
        follow_order(order=become(placed, refunded_minor=5000), codes=[used.code], now=timezone.now())
        assert (work(used).state, used.code in codes(sandbox, shop)) == ("active", True)

    def test_is_taken_back_by_staff_without_moving_points(self, shop, sandbox):
        given = work(give(shop))
        with shop.nothing_changes():
            done = refund_redemption(redemption_id=given.pk, now=timezone.now(), actor="Bea")
        assert (done.state, done.is_refunded, codes(sandbox, shop)) == ("expired", True, {})


class TestAStoreCredit:
    def test_is_on_the_account_and_used_at_once(self, shop, sandbox):
        given = work(give(shop, shop.reward(100, **CREDIT)))
        assert (given.state, given.code, credits_given(sandbox, shop)) == ("used", None, 1)
        assert Event.objects.get(kind="reward.issued").payload["discount_type"] == "store_credit"

    def test_whose_answer_was_lost_is_looked_up_and_given_once(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, lose_answers=1, only="storeCreditAccountCredit")
        given = work(give(shop, shop.reward(100, **CREDIT)))
        for _ in range(2):
            work(given, timedelta(minutes=2))
        assert (given.state, credits_given(sandbox, shop)) == ("used", 1)

    def test_that_was_surely_not_given_is_tried_again(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, server_error=1, only="storeCreditAccountCredit")
        given = work(give(shop, shop.reward(100, **CREDIT)))
        assert (given.state, given.credit_state) == ("holding", "sent")
        work(given, timedelta(seconds=70))  # what may have been given is looked up only
        assert (given.credit_state, credits_given(sandbox, shop)) == ("sent", 0)
        later = timezone.now() + timedelta(minutes=3)
        assert queries.credits_to_settle(now=later) == [given.pk]
        settle_credit(redemption_id=given.pk, now=later)
        assert work(given, timedelta(minutes=4)).state == "used"
        assert credits_given(sandbox, shop) == 1

    def test_of_an_attempt_that_died_before_sending_is_begun_anew_and_the_dead_one_sends_nothing(self, shop, sandbox):
        given = give(shop, shop.reward(100, **CREDIT))
        early = timezone.now() + timedelta(seconds=30)
        Redemption.objects.filter(pk=given.pk).update(deadline_at=early)
        assert claim_credit(redemption_id=given.pk, now=timezone.now())  # and here the worker stood still
        work(given)
        assert (given.state, credits_given(sandbox, shop)) == ("used", 1)
        assert not note_sending(redemption_id=given.pk, known=[], deadline_at=early, now=timezone.now())

    def test_beside_another_that_fits_is_left_to_the_merchant_who_may_have_it_given_again(self, shop, sandbox):
        given, soon = give(shop, shop.reward(100, **CREDIT)), timezone.now() + timedelta(seconds=30)
        Redemption.objects.filter(pk=given.pk).update(deadline_at=soon)
        given.refresh_from_db()
        claim_credit(redemption_id=given.pk, now=timezone.now())
        note_sending(redemption_id=given.pk, known=[], deadline_at=soon, now=timezone.now())
        for _ in range(2):  # by hands of the merchant
            store_credit().give(_terms(given, soon))
        settle_credit(redemption_id=given.pk, now=soon)
        assert list(queries.unclear_credits_of(member_id=given.member_id)) == [given]
        assert list(queries.free_in_trouble_of(member_id=given.member_id)) == []
        decide_credit(redemption_id=given.pk, was_given=False, now=timezone.now())
        assert list(queries.free_in_trouble_of(member_id=given.member_id)) == [given]
        again = work(give_again(redemption_id=given.pk, now=timezone.now()))
        assert (again.state, credits_given(sandbox, shop)) == ("used", 3)

    def test_beyond_what_shopify_takes_is_told_to_the_merchant(self, shop, sandbox):
        given = work(give(shop, shop.reward(100, **CREDIT, discount_amount=Decimal(20_000))))
        assert (given.state, shop.kinds()) == ("failed", ["redemption.failed"])
        assert "limit" in given.failure
