"""A customer buys a reward: the code is in Shopify, or the points are back and no code works."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from loyalty.earning.operations import set_excluded
from loyalty.ledger.models import Lot
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, issue, remove_code, settle_credit
from loyalty.rewards.ports import DiscountTerms
from loyalty.rewards.tasks import sweep_redemptions
from shopify_app.discounts.issuer import ShopifyDiscountIssuer
from tests.a_shop import NOW

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    live.give(live.member(7001), 1000, now=timezone.now())
    with live.scope():
        yield live


def buy(shop, reward, who="7001", key=None):
    return shop.rest("POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": who}, key=key)


def told(answer):
    return answer.json()["data"]["attributes"]


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def stands(shop):
    now = shop.balances(shop.member(7001), timezone.now())
    return now.available, now.held, now.redeemed


def settle(shop):
    """What the sweep does when no request of ours can be on its way any more."""
    later = timezone.now() + timedelta(seconds=90)
    return [
        remove_code(redemption_id=each.pk, now=later) for each in Redemption.objects.filter(code_needs_removal=True)
    ]


class TestAPurchase:
    def test_puts_the_code_into_shopify_for_this_customer_once_on_these_terms(self, shop):
        reward = shop.reward(300, minimum_spend=Decimal(20), expiry_days=30, name="$5 off your next order")
        answer = buy(shop, reward)
        assert answer.status_code == 201
        bought = told(answer)
        assert (bought["status"], bought["points_spent"], bought["reward_discount_type"], bought["redeemed_at"]) == (
            "active", 300, "fixed_amount", None,
        )  # fmt: skip
        made = shop.codes()[bought["discount_code"]]
        assert (made["status"], made["customer_gids"]) == ("ACTIVE", ["gid://shopify/Customer/7001"])
        assert made["title"] == "$5 off your next order"
        assert f"encore-{answer.json()['data']['id']}" in made["tags"]
        assert stands(shop) == (700, 0, 300)
        assert bought["expires_at"].endswith("T00:00:00.000Z")
        shown = shop.rest("GET", "customers/7001/reward-history").json()["data"]
        assert [line["attributes"] for line in shown] == [bought]

    @pytest.mark.parametrize(
        ("kind", "amount"), [("percentage", Decimal(10)), ("free_shipping", None), ("fixed_amount", Decimal("2.5"))]
    )
    def test_makes_every_kind_of_code(self, shop, kind, amount):
        answer = buy(shop, shop.reward(100, discount_type=kind, discount_amount=amount))
        assert shop.codes()[told(answer)["discount_code"]]["status"] == "ACTIVE"

    def test_spends_the_oldest_points_first(self, shop):
        ada = shop.member(7001)
        shop.give(ada, 50, now=NOW - timedelta(days=9))
        buy(shop, shop.reward(80))
        left = list(Lot.objects.order_by("earned_at").values_list("remaining", flat=True))
        assert left == [0, 970]

    def test_repeated_under_its_key_is_the_same_code_although_everything_has_changed(self, shop):
        reward = shop.reward(1000)
        first = buy(shop, reward, key="k")
        set_excluded(member_id=shop.member(7001).pk, excluded=True, now=NOW)
        shop.set(is_enabled=False)
        with shop.nothing_changes():
            again = buy(shop, reward, key="k")
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
        assert again.json() == first.json()
        assert len(shop.codes()) == 1

    def test_stops_at_the_limit_per_customer(self, shop):
        reward = shop.reward(10, max_redemptions=1)
        assert buy(shop, reward).status_code == 201
        with shop.nothing_changes():
            assert code(buy(shop, reward)) == (422, "limit_reached")
        assert len(shop.codes()) == 1


class TestAFlexibleReward:
    TERMS = {
        "discount_amount": None,
        "redemption_type": "flexible",
        "amount_per_point": Decimal("0.01"),
        "max_points": 500,
    }

    def buy(self, shop, reward, **body):
        return shop.rest("POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001", **body})

    def test_is_worth_what_the_buyer_says(self, shop):
        reward = shop.reward(100, **self.TERMS)
        answer = self.buy(shop, reward, points=450)
        assert (answer.status_code, told(answer)["points_spent"]) == (201, 450)
        assert shop.codes()[told(answer)["discount_code"]]["amount"] == "4.5"
        assert told(self.buy(shop, reward))["points_spent"] == 100
        assert stands(shop) == (450, 0, 550)

    def test_shows_its_bounds_and_refuses_what_lies_outside(self, shop):
        reward = shop.reward(100, **self.TERMS)
        shown = shop.rest("GET", f"rewards/{reward.public_id}").json()["data"]["attributes"]
        assert (shown["redemption_type"], shown["amount_per_point"], shown["discount_amount"]) == (
            "flexible",
            0.01,
            None,
        )
        assert (shown["points_cost"], shown["min_points"], shown["max_points"]) == (100, 100, 500)
        with shop.nothing_changes():
            for points in (99, 501, 0, "100", 1.5):
                assert code(self.buy(shop, reward, points=points)) == (400, "invalid_field")
            assert code(self.buy(shop, reward, variant_id="1")) == (400, "invalid_field")
        assert shop.codes() == {}


class TestStoreCredit:
    def credit(self, shop):
        return shop.reward(300, discount_type="store_credit", name="$5 store credit")

    def on_account(self, shop):
        return [each["balance"] for each in shop.sandbox.store(shop.domain)["store_credit"]["accounts"]]

    def test_is_used_at_once_has_no_code_and_is_on_the_account(self, shop):
        answer = buy(shop, self.credit(shop))
        bought = told(answer)
        assert (answer.status_code, bought["status"], bought["discount_code"]) == (201, "used", None)
        assert bought["redeemed_at"] is not None
        assert (self.on_account(shop), stands(shop)) == (["5"], (700, 0, 300))

    def test_whose_answer_is_lost_is_given_once(self, shop):
        shop.sandbox.faults(shop.domain, lose_answers=1, only="storeCreditAccountCredit")
        answer = buy(shop, self.credit(shop), key="k")
        assert (answer.status_code, self.on_account(shop), stands(shop)) == (201, ["5"], (700, 0, 300))
        assert buy(shop, self.credit(shop)).status_code == 201
        assert self.on_account(shop) == ["10"]

    def test_of_which_nobody_knows_yet_is_503_with_the_points_held_until_it_is_known(self, shop):
        reward = self.credit(shop)
        shop.sandbox.faults(shop.domain, server_error=1, only="storeCreditAccountCredit")
        assert code(buy(shop, reward, key="k")) == (503, "shopify_unavailable")
        assert (self.on_account(shop), stands(shop)) == ([], (700, 300, 0))
        settle_credit(redemption_id=Redemption.objects.get().pk, now=timezone.now() + timedelta(seconds=90))
        assert stands(shop) == (1000, 0, 0)
        assert buy(shop, reward, key="k").status_code == 201
        assert (self.on_account(shop), stands(shop)) == (["5"], (700, 0, 300))


class TestACodeAtTheCheckout:
    def order(self, shop, reward):
        bought = told(buy(shop, reward))["discount_code"]
        placed = {"customer_id": 7001, "total": "50.00", "discount_codes": [bought], "paid": True}
        return shop.sandbox.call("POST", f"stores/{shop.domain}/orders", placed)["id"]

    def shown(self, shop):
        (line,) = shop.rest("GET", "customers/7001/reward-history").json()["data"]
        return line["attributes"]

    def test_is_used_once_its_order_is_paid(self, shop):
        self.order(shop, shop.reward(300))
        shop.eventually(lambda: self.shown(shop)["status"] == "used")
        assert self.shown(shop)["discount_code_redeemed_at"] is not None
        assert stands(shop) == (700, 0, 300)

    def test_returns_its_points_when_the_order_is_refunded_in_full_and_the_programme_says_so(self, shop):
        shop.set(codes_on_refund="return_points")
        number = self.order(shop, shop.reward(300))
        shop.eventually(lambda: self.shown(shop)["status"] == "used")
        shop.sandbox.call("POST", f"stores/{shop.domain}/orders/{number}/refund", {})
        shop.eventually(lambda: self.shown(shop)["is_refunded"], 30)
        assert (stands(shop), shop.codes()) == ((1000, 0, 0), {})


class TestARefusal:
    def test_leaves_points_and_shopify_as_they_were(self, shop):
        gold = shop.tier("Gold", 10_000)
        dear, theirs, off = shop.reward(1001), shop.reward(10, tier=gold), shop.reward(10, is_active=False)
        with shop.nothing_changes():
            answer = buy(shop, dear)
            assert answer.json()["errors"][0] == {
                "status": "422", "title": "Insufficient Points", "code": "insufficient_points",
                "detail": "Customer has 1000 points but this reward costs 1001",
            }  # fmt: skip
            assert code(buy(shop, theirs)) == (403, "tier_required")
            assert code(buy(shop, off)) == (404, "not_found")
            assert code(buy(shop, dear, "7999")) == (404, "not_found")
            assert code(shop.rest("POST", f"rewards/{dear.public_id}/purchase", {})) == (400, "invalid_field")
        set_excluded(member_id=shop.member(7001).pk, excluded=True, now=NOW)
        with shop.nothing_changes():
            assert code(buy(shop, dear)) == (403, "customer_excluded")
        assert shop.codes() == {}


class TestWithoutAWorker:
    def test_is_503_the_points_are_back_and_no_code_ever_works(self, shop):
        reward = shop.reward(300)
        shop.stack.stop_workers()
        try:
            answer = buy(shop, reward, key="k")
            assert code(answer) == (503, "shopify_unavailable")
            assert stands(shop) == (1000, 0, 0)
            assert shop.codes() == {}
        finally:
            shop.stack.start_workers()
        retried = buy(shop, reward, key="k")  # the key is free again; this message comes after the old one
        assert retried.status_code == 201
        assert set(shop.codes()) == {told(retried)["discount_code"]}
        assert stands(shop) == (700, 0, 300)
        assert settle(shop) == [True]


class TestShopifyInTrouble:
    def test_losing_the_answer_has_the_code_found_not_made_twice(self, shop):
        shop.sandbox.faults(shop.domain, lose_answers=1)
        answer = buy(shop, shop.reward(300))
        assert answer.status_code == 201
        assert set(shop.codes()) == {told(answer)["discount_code"]}
        assert stands(shop) == (700, 0, 300)

    @pytest.mark.parametrize("fault", [{"throttled": 1}, {"server_error": 1}])
    def test_for_a_moment_is_waited_out(self, shop, fault):
        shop.sandbox.faults(shop.domain, **fault, only="discountCodeBasicCreate")
        answer = buy(shop, shop.reward(300))
        assert answer.status_code == 201
        assert set(shop.codes()) == {told(answer)["discount_code"]}

    @pytest.mark.parametrize("fault", [{"down": True}, {"revoked": True}], ids=str)
    def test_for_longer_is_503_and_the_points_are_back(self, shop, fault):
        shop.sandbox.faults(shop.domain, **fault)
        assert code(buy(shop, shop.reward(300))) == (503, "shopify_unavailable")
        assert stands(shop) == (1000, 0, 0)
        shop.sandbox.faults(shop.domain, **dict.fromkeys(fault, False))
        assert shop.codes() == {}

    def test_answering_after_the_deadline_is_503_and_the_late_code_is_deleted(self, shop):
        shop.sandbox.faults(shop.domain, slow_ms=7000)
        answer = buy(shop, shop.reward(300))
        assert code(answer) == (503, "shopify_unavailable")
        assert stands(shop) == (1000, 0, 0)
        shop.sandbox.faults(shop.domain, slow_ms=0)
        shop.eventually(lambda: not shop.codes() and Redemption.objects.get().removal_attempts, 30)
        assert stands(shop) == (1000, 0, 0)
        assert settle(shop) == [True]
        assert shop.codes() == {}


class TestACodeThatIsTaken:
    def terms(self, shop, bought):
        return DiscountTerms(
            shopify_domain=shop.domain, reference="somebody-elses", code=bought.code, title="Summer", amount=Decimal(1),
            discount_type="fixed_amount", minimum_spend=None, shopify_customer_id=7001, starts_at=timezone.now(), ends_at=None,
            deadline_at=timezone.now() + timedelta(seconds=6),
        )  # fmt: skip

    def test_by_a_merchants_discount_is_left_alone_and_another_is_made(self, shop):
        now = timezone.now()
        ada = shop.member(7001)
        bought, _ = begin(member=ada, reward_id=shop.reward(300).public_id, now=now, source="rest")
        theirs = ShopifyDiscountIssuer().create(self.terms(shop, bought))
        assert issue(redemption_id=bought.pk, now=now)  # to be tried again, under another code
        assert not issue(redemption_id=bought.pk, now=now)
        done = Redemption.objects.get()
        assert (done.state, done.code != bought.code) == ("active", True)
        assert {each["gid"] for each in shop.codes().values()} == {theirs, done.discount_gid}

    def test_is_not_deleted_when_the_purchase_fails(self, shop):
        now = timezone.now()
        bought, _ = begin(member=shop.member(7001), reward_id=shop.reward(300).public_id, now=now, source="rest")
        ShopifyDiscountIssuer().create(self.terms(shop, bought))
        Redemption.objects.update(deadline_at=now - timedelta(minutes=5))
        sweep_redemptions()  # gives it up; the next looks for its code
        shop.eventually(lambda: not Redemption.objects.get().code_needs_removal)
        assert set(shop.codes()) == {bought.code}
        assert stands(shop) == (1000, 0, 0)
