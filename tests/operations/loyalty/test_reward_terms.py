"""Each term of a reward decides about a purchase by itself: only that term differs, and something outside it differs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from loyalty.errors import IdempotencyKeyReused, InvalidField
from loyalty.rewards.errors import LimitReached, RewardNotFound, RewardTooExpensive, TierRequired
from loyalty.rewards.operations import Choice, RewardTerms, begin, change_reward, create_reward, fail
from loyalty.rewards.operations.buyable import period_begin
from tests.a_shop import NOW

PRODUCT, OTHER = "gid://shopify/Product/1", "gid://shopify/Product/2"
COLLECTION = "gid://shopify/Collection/3"
VARIANTS = ("gid://shopify/ProductVariant/11", "gid://shopify/ProductVariant/12")
FLEXIBLE = {
    "discount_amount": None, "redemption_type": "flexible", "amount_per_point": Decimal("0.01"), "max_points": 2000,
}  # fmt: skip


@pytest.fixture
def ada(shop):
    return shop.member(7001, points=5000)


def buy(member, reward, *, now=NOW, key=None, **choice):
    return begin(member=member, reward_id=reward.public_id, now=now, source="rest", key=key, choice=Choice(**choice))[0]


class TestAFlexibleReward:
    def test_gives_its_amount_for_each_point_the_buyer_says(self, shop, ada):
        reward = shop.reward(100, **FLEXIBLE)
        bought = buy(ada, reward, points=1234)
        assert (bought.points_spent, bought.terms["discount_amount"]) == (1234, "12.34")
        assert shop.balances(ada).held == 1234

    def test_costs_its_fewest_points_when_the_buyer_says_nothing(self, shop, ada):
        bought = buy(ada, shop.reward(100, **FLEXIBLE))
        assert (bought.points_spent, bought.terms["discount_amount"]) == (100, "1.00")

    @pytest.mark.parametrize("points", [99, 2001])
    def test_outside_its_bounds_is_refused(self, shop, ada, points):
        reward = shop.reward(100, **FLEXIBLE)
        with shop.nothing_changes(), pytest.raises(InvalidField, match="between 100 and 2000") as refusal:
            buy(ada, reward, points=points)
        assert refusal.value.field == "points"

    def test_takes_more_points_where_only_the_most_differs(self, shop, ada):
        reward = shop.reward(100, **{**FLEXIBLE, "max_points": 2001})
        assert buy(ada, reward, points=2001).points_spent == 2001

    def test_gives_more_where_only_the_rate_differs(self, shop, ada):
        reward = shop.reward(100, **{**FLEXIBLE, "amount_per_point": Decimal("0.025")})
        assert buy(ada, reward, points=1001).terms["discount_amount"] == "25.02"  # 25.025, rounded down once

    def test_in_yen_gives_whole_yen(self, shop, ada):
        shop.set(currency="JPY")
        reward = shop.reward(100, **{**FLEXIBLE, "amount_per_point": Decimal("0.9")})
        assert buy(ada, reward, points=101).terms["discount_amount"] == "90"

    def test_is_refused_when_the_points_said_are_not_there(self, shop):
        bea, reward = shop.member(7002, points=150), shop.reward(100, **FLEXIBLE)
        with shop.nothing_changes(), pytest.raises(RewardTooExpensive, match="150 points but this reward costs 151"):
            buy(bea, reward, points=151)

    def test_under_one_key_for_other_points_is_another_request(self, shop, ada):
        reward = shop.reward(100, **FLEXIBLE)
        first = buy(ada, reward, key="k", points=200)
        assert buy(ada, reward, key="k", points=200).pk == first.pk
        for points in (None, 201):
            with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
                buy(ada, reward, key="k", points=points)

    def test_a_fixed_one_takes_no_other_number_of_points(self, shop, ada):
        reward = shop.reward(100)
        with shop.nothing_changes(), pytest.raises(InvalidField):
            buy(ada, reward, points=200)
        assert buy(ada, reward, points=100).points_spent == 100


class TestAFreeProduct:
    TERMS = {"discount_type": "free_product", "discount_amount": None, "variant_gids": VARIANTS}

    def test_leaves_every_variant_to_choose_unless_the_buyer_has_chosen(self, shop, ada):
        reward = shop.reward(100, **self.TERMS)
        assert buy(ada, reward).terms["variant_gids"] == list(VARIANTS)
        assert buy(ada, reward, variant="12").terms["variant_gids"] == [VARIANTS[1]]
        assert buy(ada, reward, variant=VARIANTS[0]).terms["variant_gids"] == [VARIANTS[0]]

    def test_of_another_variant_is_refused(self, shop, ada):
        reward, cash = shop.reward(100, **self.TERMS), shop.reward(100)
        for wrong, variant in ((reward, "13"), (cash, "11")):
            with shop.nothing_changes(), pytest.raises(InvalidField) as refusal:
                buy(ada, wrong, variant=variant)
            assert refusal.value.field == "variant_id"


class TestATier:
    @pytest.fixture
    def ladder(self, shop):
        shop.tier("Member", 0)
        return shop.tier("Silver", 100), shop.tier("Gold", 1000)

    def test_and_above_opens_it_to_higher_members_only_then(self, shop, ladder):
        silver, gold = ladder
        shop.member(7001)
        shop.action(points=1000)
        shop.award()  # gold
        ada = shop.member(7001)
        exactly, above = shop.reward(10, tier=silver), shop.reward(10, tier=silver, tier_and_above=True)
        with shop.nothing_changes(), pytest.raises(TierRequired, match=r"on the Silver tier$"):
            buy(ada, exactly)
        assert buy(ada, above).state == "holding"
        assert buy(ada, shop.reward(10, tier=gold)).state == "holding"

    def test_and_above_stays_closed_below(self, shop, ladder):
        ada = shop.member(7001, points=50)
        reward = shop.reward(10, tier=ladder[0], tier_and_above=True)
        with shop.nothing_changes(), pytest.raises(TierRequired, match="Silver tier or above"):
            buy(ada, reward)


class TestDates:
    def test_open_a_reward_at_their_first_instant_and_close_it_at_their_end(self, shop, ada):
        later = NOW + timedelta(days=1)
        reward = shop.reward(10, starts_at=NOW, ends_at=later)
        for moment in (NOW - timedelta(microseconds=1), later):
            with shop.nothing_changes(), pytest.raises(RewardNotFound):
                buy(ada, reward, now=moment)
        for moment in (NOW, later - timedelta(microseconds=1)):
            assert buy(ada, reward, now=moment).state == "holding"


class TestALimit:
    def test_in_total_is_shared_by_all(self, shop, ada):
        bea, reward = shop.member(7002, points=50), shop.reward(10, total_limit=2)
        buy(ada, reward)
        second = buy(bea, reward)
        for who in (ada, bea):
            with shop.nothing_changes(), pytest.raises(LimitReached, match="2 times, which is its limit in total"):
                buy(who, reward)
        fail(redemption_id=second.pk, reason="down", now=NOW)
        assert buy(ada, reward).state == "holding"  # what failed frees its place

    @pytest.mark.parametrize(
        ("period", "last", "first"),
        [
            # the shop's midnight is 23:00 UTC in winter; a week begins on Monday
            ("day", datetime(2026, 3, 1, 22, 59, tzinfo=UTC), datetime(2026, 3, 1, 23, 0, tzinfo=UTC)),
            ("week", datetime(2026, 3, 1, 22, 59, tzinfo=UTC), datetime(2026, 3, 1, 23, 0, tzinfo=UTC)),
            ("month", datetime(2026, 3, 31, 21, 59, tzinfo=UTC), datetime(2026, 3, 31, 22, 0, tzinfo=UTC)),
            ("year", datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
        ],
    )
    def test_per_period_opens_again_with_the_shops_next_one(self, shop, ada, period, last, first):
        shop.set(time_zone="Europe/Berlin")
        bea = shop.member(7002, points=50)
        reward = shop.reward(10, period_limit=1, limit_period=period)
        buy(ada, reward, now=NOW)
        with shop.nothing_changes(), pytest.raises(LimitReached, match=f"once.* per customer and {period}"):
            buy(ada, reward, now=last)
        assert buy(bea, reward, now=last).state == "holding"  # it counts per customer
        assert buy(ada, reward, now=first).state == "holding"

    def test_counts_from_the_beginning_of_the_shops_week(self):
        from zoneinfo import ZoneInfo

        sunday = datetime(2026, 3, 29, 12, tzinfo=UTC)  # the night's hour is missing in Berlin
        begins = period_begin("week", now=sunday, zone=ZoneInfo("Europe/Berlin"))
        assert begins == datetime(2026, 3, 22, 23, tzinfo=UTC)


class TestTheTermsOfAPurchase:
    @pytest.mark.parametrize(
        ("changes", "kept"),
        [
            ({"discount_amount": Decimal(7)}, {"discount_amount": "7.000"}),
            ({"minimum_spend": Decimal(20)}, {"minimum_spend": "20.000"}),
            ({"applies_to": "products", "applies_to_gids": (PRODUCT,)},
             {"applies_to": "products", "applies_to_gids": [PRODUCT]}),
            ({"purchase_type": "both"}, {"purchase_type": "both"}),
            ({"combines_with_product": True}, {"combines_with": ["product"]}),
            ({"combines_with_order": True}, {"combines_with": ["order"]}),
            ({"combines_with_shipping": True}, {"combines_with": ["shipping"]}),
            ({"reactivates_on_refund": True}, {"reactivates_on_refund": True}),
        ],
    )  # fmt: skip
    def test_are_kept_although_the_reward_changes(self, shop, ada, changes, kept):
        plain, special = buy(ada, shop.reward(10)), shop.reward(10, **changes)
        bought = buy(ada, special)
        usual = RewardTerms(name="$5 off", discount_type="fixed_amount", points_cost=10, discount_amount=Decimal(5))
        change_reward(public_id=special.public_id, terms=usual, now=NOW)
        bought.refresh_from_db()
        names = {"reward_number", "reward_version"}
        differing = {name: value for name, value in bought.terms.items() if value != plain.terms[name]}
        assert {name: value for name, value in differing.items() if name not in names} == kept
        assert {name: buy(ada, special).terms[name] for name in kept} == {name: plain.terms[name] for name in kept}


class TestAnImpossibleTerm:
    FIXED = {"name": "x", "discount_type": "fixed_amount", "points_cost": 100, "discount_amount": Decimal(5)}
    PRODUCTS = {"applies_to": "products", "applies_to_gids": (PRODUCT,)}
    GIFT = {"discount_type": "free_product", "discount_amount": None, "variant_gids": VARIANTS}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"redemption_type": "odd"}, "redemption_type"),
            ({**FLEXIBLE, "discount_type": "percentage"}, "redemption_type"),
            ({**FLEXIBLE, "amount_per_point": None}, "amount_per_point"),
            ({**FLEXIBLE, "amount_per_point": Decimal(0)}, "amount_per_point"),
            ({**FLEXIBLE, "amount_per_point": Decimal("0.0000001")}, "amount_per_point"),
            ({**FLEXIBLE, "max_points": None}, "max_points"), ({**FLEXIBLE, "max_points": 99}, "max_points"),
            ({**FLEXIBLE, "amount_per_point": Decimal("0.00001")}, "points_cost"),
            ({**FLEXIBLE, "amount_per_point": Decimal(1000)}, "max_points"),
            ({"discount_type": "free_shipping", "maximum_shipping": Decimal(0)}, "maximum_shipping"),
            ({"discount_type": "free_shipping", "combines_with_shipping": True}, "combines_with_shipping"),
            ({"discount_type": "free_shipping", **PRODUCTS}, "applies_to"),
            ({"discount_type": "free_shipping", "countries": ("XX",)}, "countries"),
            ({"discount_type": "free_shipping", "countries": ("de",)}, "countries"),
            ({"discount_type": "free_shipping", "rest_of_world": True}, "rest_of_world"),
            ({"applies_to": "odd"}, "applies_to"), ({"purchase_type": "odd"}, "purchase_type"),
            ({"applies_to": "products"}, "applies_to_gids"), ({**PRODUCTS, "applies_to_gids": (COLLECTION,)}, "applies_to_gids"),
            ({**PRODUCTS, "applies_to_gids": (f"{PRODUCT}x",)}, "applies_to_gids"),
            ({**PRODUCTS, "applies_to_gids": tuple(f"{PRODUCT}{n}" for n in range(101))}, "applies_to_gids"),
            ({**GIFT, "variant_gids": ()}, "variant_gids"), ({**GIFT, "variant_gids": (PRODUCT,)}, "variant_gids"),
            ({**GIFT, "quantity": 1}, "quantity"), ({**GIFT, **PRODUCTS}, "quantity"),
            ({**GIFT, **PRODUCTS, "quantity": 0}, "quantity"),
            ({"total_limit": 0}, "total_limit"), ({"period_limit": 0, "limit_period": "day"}, "period_limit"),
            ({"period_limit": 1}, "limit_period"), ({"tier_and_above": True}, "tier_and_above"),
            ({"starts_at": NOW, "ends_at": NOW}, "ends_at"),
        ],
    )  # fmt: skip
    def test_is_refused_and_the_field_named(self, shop, changes, field):
        with shop.nothing_changes(), pytest.raises(InvalidField) as refusal:
            create_reward(program=shop.program, terms=RewardTerms(**{**self.FIXED, **changes}), now=NOW)
        assert refusal.value.field == field

    def test_that_belongs_to_another_kind_is_not_kept(self, shop):
        reward = shop.reward(10, maximum_shipping=Decimal(5), variant_gids=VARIANTS, quantity=2, max_points=50,
                             applies_to_gids=(PRODUCT,), limit_period="day", countries=("DE",), rest_of_world=True)  # fmt: skip
        assert (reward.countries, reward.rest_of_world) == ([], False)
        kept = (
            reward.maximum_shipping,
            reward.variant_gids,
            reward.quantity,
            reward.max_points,
            reward.applies_to_gids,
        )
        assert (*kept, reward.limit_period) == (None, [], None, None, [], "")
