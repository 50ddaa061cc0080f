"""What becomes of a code when the order that used it is paid, refunded or cancelled, and when staff takes it back."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from loyalty.ledger.models import Entry, Lot
from loyalty.orders.models import Order
from loyalty.rewards.errors import NotReturnable
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, expire_codes, follow_order, follow_up, issue, refund_redemption
from loyalty.rewards.tasks import expire_codes as expiry_job
from tests.a_shop import AShop
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db
_numbers = itertools.count(9001)


@pytest.fixture
def shop(installed_shop):
    made = AShop(installed_shop.program)
    with scope(program=made.program):
        made.member(CUSTOMER["id"])
        made.give(made.member(CUSTOMER["id"]), 250, now=timezone.now(), expires_at=timezone.now() + timedelta(days=90))
        yield made
        made.assert_sound()


@pytest.fixture
def bought(shop):
    return buy(shop, shop.reward(100))


def buy(shop, reward):
    now = timezone.now()
    made, _ = begin(member=shop.member(CUSTOMER["id"]), reward_id=reward.public_id, now=now, source="rest")
    issue(redemption_id=made.pk, now=now)
    return now_of(made)


def now_of(redemption):
    return Redemption.objects.get(pk=redemption.pk)


def order(shop, **facts):
    """An order as it was recorded last; `total_minor` 5000, paid unless it says otherwise."""
    now = timezone.now()
    usual = {
        "shopify_order_id": next(_numbers), "name": "#1001", "currency": "USD", "total_minor": 5000, "placed_at": now,
        "paid_at": now, "shopify_updated_at": now, "created_at": now, "updated_at": now,
    }  # fmt: skip
    return Order.objects.create(program=shop.program, **{**usual, **facts})


def become(placed, **facts):
    Order.objects.filter(pk=placed.pk).update(**facts)
    placed.refresh_from_db()
    return placed


def follow(placed, *redemptions):
    follow_order(order=placed, codes=[each.code for each in redemptions], now=timezone.now())


def work(redemption, after=timedelta()):
    follow_up(redemption_id=redemption.pk, now=timezone.now() + after)
    return now_of(redemption)


def checkout(sandbox, shop, code):
    body = {"customer_id": CUSTOMER["id"], "total": "50.00", "discount_codes": [code], "paid": True}
    return sandbox.call("POST", f"stores/{shop.program.shopify_domain}/orders", body)


def codes(sandbox, shop):
    return {each["code"]: each for each in sandbox.store(shop.program.shopify_domain)["discounts"]}


def points(shop):
    stands = shop.balances(shop.member(CUSTOMER["id"]), timezone.now())
    return stands.available, stands.redeemed


class TestAPaidOrder:
    def test_marks_the_code_as_used_with_the_orders_number_and_time(self, shop, bought):
        placed = order(shop)
        follow(placed, bought)
        done = now_of(bought)
        assert (done.state, done.order_id, done.order_number) == ("used", placed.shopify_order_id, "#1001")
        assert (done.ordered_at, done.used_at is not None, done.follow_up) == (placed.placed_at, True, "")
        assert points(shop) == (150, 100)

    def test_that_is_not_paid_yet_leaves_it_active(self, shop, bought):
        placed = order(shop, paid_at=None)
        follow(placed, bought)
        assert now_of(bought).state == "active"
        follow(become(placed, paid_at=timezone.now()), bought)
        assert now_of(bought).state == "used"

    def test_told_again_or_of_a_second_order_changes_nothing(self, shop, bought):
        placed = order(shop)
        follow(placed, bought)
        before = Redemption.objects.values().get()
        follow(placed, bought)
        follow(order(shop), bought)
        assert Redemption.objects.values().get() == before

    def test_finds_the_code_however_the_customer_wrote_it_and_ignores_others(self, shop, bought):
        follow_order(order=order(shop), codes=[f" {bought.code.lower()} ", "SUMMER", ""], now=timezone.now())
        assert now_of(bought).state == "used"

    def test_in_part_refunded_never_touches_it(self, shop, sandbox, bought):
        shop.set(codes_on_refund="return_points")
        placed = order(shop)
        follow(placed, bought)
        follow(become(placed, refunded_minor=4999), bought)
        assert (now_of(bought).state, now_of(bought).follow_up, points(shop)) == ("used", "", (150, 100))
        assert bought.code in codes(sandbox, shop)


UNDONE = {"refunded": {"refunded_minor": 5000}, "cancelled": {"cancelled_at": timezone.now()}}


@pytest.mark.parametrize("how", UNDONE)
class TestAnUndoneOrder:
    def undo(self, shop, bought, how, *, seen_paid=True):
        placed = order(shop)
        if seen_paid:
            follow(placed, bought)
        follow(become(placed, **UNDONE[how]), bought)
        return placed

    @pytest.mark.parametrize("seen_paid", [True, False])
    def test_by_default_keeps_the_code_used(self, shop, sandbox, bought, how, seen_paid):
        checkout(sandbox, shop, bought.code)
        self.undo(shop, bought, how, seen_paid=seen_paid)
        done = work(bought)
        assert (done.state, done.order_number, done.follow_up) == ("used", "#1001", "")
        assert points(shop) == (150, 100)

    @pytest.mark.parametrize("seen_paid", [True, False])
    def test_makes_it_work_again_where_the_programme_says_so(self, shop, sandbox, bought, how, seen_paid):
        shop.set(codes_on_refund="reactivate")
        checkout(sandbox, shop, bought.code)
        placed = self.undo(shop, bought, how, seen_paid=seen_paid)
        done = work(bought)
        assert (done.state, done.order_id, done.used_at, done.code) == ("active", None, None, bought.code)
        assert codes(sandbox, shop)[bought.code]["usage_count"] == 0
        checkout(sandbox, shop, bought.code)  # it works
        follow(placed, bought)  # the old order is told of again
        assert (now_of(bought).state, now_of(bought).follow_up) == ("active", "")
        second = order(shop, name="#1002")
        follow(second, bought)
        assert (now_of(bought).state, now_of(bought).order_number) == ("used", "#1002")

    def test_makes_it_work_again_where_only_the_reward_says_so(self, shop, sandbox, how):
        bought = buy(shop, shop.reward(100, reactivates_on_refund=True))
        checkout(sandbox, shop, bought.code)
        self.undo(shop, bought, how)
        assert work(bought).state == "active"
        assert codes(sandbox, shop)[bought.code]["usage_count"] == 0

    @pytest.mark.parametrize("seen_paid", [True, False])
    def test_returns_the_points_once_into_their_lot_after_the_code_is_gone(self, shop, sandbox, bought, how, seen_paid):
        shop.set(codes_on_refund="return_points")
        ends = Lot.objects.get().expires_at
        sandbox.faults(shop.program.shopify_domain, down=True)
        placed = self.undo(shop, bought, how, seen_paid=seen_paid)
        assert (work(bought).is_refunded, points(shop)) == (False, (150, 100))  # the code may still be there
        sandbox.faults(shop.program.shopify_domain, down=False)
        done = work(bought, timedelta(seconds=10))
        assert (done.state, done.is_refunded, points(shop)) == ("used", True, (250, 0))
        assert list(Lot.objects.values_list("remaining", "expires_at")) == [(250, ends)]
        assert bought.code not in codes(sandbox, shop)
        assert shop.kinds()[-1] == "points.returned"
        with shop.nothing_changes():
            follow(placed, bought)
            work(bought, timedelta(days=1))
        assert Entry.objects.filter(kind="return").count() == 1

    def test_lets_the_member_buy_a_limited_reward_again_only_when_the_points_came_back(self, shop, how):
        shop.set(codes_on_refund="return_points")
        reward = shop.reward(100, max_redemptions=1)
        bought = buy(shop, reward)
        self.undo(shop, bought, how)
        work(bought)
        assert buy(shop, reward).state == "active"


class TestACancelledOrder:
    def test_leaves_a_kept_code_active_when_shopify_gave_its_use_back(self, shop, bought):
        placed = order(shop)
        follow(placed, bought)
        follow(become(placed, cancelled_at=timezone.now()), bought)  # nobody used it at Shopify: one use is left
        assert (work(bought).state, now_of(bought).order_id) == ("active", None)

    def test_that_was_never_paid_leaves_a_kept_code_alone(self, shop, bought):
        follow(order(shop, paid_at=None, cancelled_at=timezone.now()), bought)
        assert (now_of(bought).state, now_of(bought).follow_up) == ("active", "")

    def test_after_the_codes_end_makes_nothing_work_again(self, shop, sandbox):
        shop.set(codes_on_refund="reactivate")
        bought = buy(shop, shop.reward(100, expiry_days=1))
        placed = order(shop)
        follow(placed, bought)
        follow(become(placed, cancelled_at=timezone.now()), bought)
        done = work(bought, timedelta(days=3))
        assert (done.state, done.follow_up) == ("used", "")


class TestARefundByStaff:
    def test_removes_the_code_first_and_then_returns_the_points(self, shop, sandbox, bought):
        done = refund_redemption(redemption_id=bought.pk, now=timezone.now(), actor="Mo")
        assert (done.state, done.is_refunded, points(shop)) == ("expired", True, (250, 0))
        assert codes(sandbox, shop) == {}
        assert Entry.objects.get(kind="return").details["actor"] == "Mo"
        with shop.nothing_changes():
            refund_redemption(redemption_id=bought.pk, now=timezone.now())

    def test_waits_for_shopify_and_returns_nothing_before(self, shop, sandbox, bought):
        sandbox.faults(shop.program.shopify_domain, down=True)
        done = refund_redemption(redemption_id=bought.pk, now=timezone.now())
        assert (done.state, done.is_refunded, done.follow_up, points(shop)) == ("active", False, "refund", (150, 100))
        sandbox.faults(shop.program.shopify_domain, down=False)
        assert work(bought, timedelta(seconds=10)).is_refunded

    def test_whose_answer_is_lost_still_returns_the_points_once(self, shop, sandbox, bought):
        sandbox.faults(shop.program.shopify_domain, lose_answers=1)
        assert not refund_redemption(redemption_id=bought.pk, now=timezone.now()).is_refunded
        assert (work(bought, timedelta(seconds=10)).is_refunded, points(shop)) == (True, (250, 0))

    def test_of_a_code_that_shopify_has_seen_used_returns_nothing(self, shop, sandbox, bought):
        checkout(sandbox, shop, bought.code)
        with shop.nothing_changes():
            done = refund_redemption(redemption_id=bought.pk, now=timezone.now())
        assert (done.is_refunded, done.follow_up, bought.code in codes(sandbox, shop)) == (False, "", True)

    def test_of_a_used_code_is_refused(self, shop, sandbox, bought):
        follow(order(shop), bought)
        with shop.nothing_changes(), pytest.raises(NotReturnable, match="used"):
            refund_redemption(redemption_id=bought.pk, now=timezone.now())
        assert bought.code in codes(sandbox, shop)


class TestTheEndOfACode:
    def test_is_marked_by_the_schedule_and_the_points_stay_spent(self, shop):
        lasting, ending = buy(shop, shop.reward(100)), buy(shop, shop.reward(100, expiry_days=1))
        assert expire_codes(now=timezone.now()) == 0
        with shop.nothing_changes():
            assert expire_codes(now=ending.expires_at) == 1
        assert (now_of(lasting).state, now_of(ending).state) == ("active", "expired")

    def test_is_worked_for_every_shop_by_the_job(self, shop):
        ending = buy(shop, shop.reward(100, expiry_days=1))
        Redemption.objects.filter(pk=ending.pk).update(expires_at=timezone.now())
        expiry_job()
        assert now_of(ending).state == "expired"

    def test_does_not_hide_a_use_that_is_told_of_late(self, shop):
        ending = buy(shop, shop.reward(100, expiry_days=1))
        expire_codes(now=ending.expires_at)
        follow(order(shop), ending)
        assert now_of(ending).state == "used"
