"""A back-test says what awarding the very same orders gives, looks at no other orders, and writes nothing."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty.backtesting.cases import Unjudged
from loyalty.backtesting.queries import of_campaign, of_rule
from loyalty.backtesting.schemes import terms_of
from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.errors import RuleNotFound
from loyalty.earning.operations import RuleTerms, set_excluded, switch_rule
from loyalty.errors import InvalidField
from loyalty.orders.facts import LineFacts
from loyalty.orders.models import Order
from loyalty.tiers.operations import assign
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.backtests import DAY, LATER, campaign_test, purchase_rule, rule_test, shop_rule
from tests.operations.loyalty.orders import ORDER, heard, order, refund, told
from tests.operations.loyalty.test_order_rule_fields import FACTS, FIELDS, LINES, PRODUCTS, USUAL
from tests.operations.loyalty.test_worked_examples import LONG_AGO

pytestmark = pytest.mark.django_db


def queries() -> CaptureQueriesContext:
    """What is sent to the database inside."""
    return CaptureQueriesContext(connection)


class TestADraftRule:
    """Each field, on the order and by the figures of test_order_rule_fields, which reads them off a balance."""

    @pytest.fixture
    def asked(self, shop):
        shop.member()
        heard(shop, order(ORDER, 100, at=LONG_AGO + DAY))
        told(shop, ORDER + 1, PRODUCTS)
        heard(shop, order(ORDER + 1, 9070, lines=LINES, facts=FACTS))
        return lambda **terms: rule_test(shop, **terms).played.draft.points

    def test_gives_what_awarding_gives(self, asked):
        assert asked() == USUAL

    @pytest.mark.parametrize("field", sorted(FIELDS))
    def test_each_field_changes_the_answer_as_it_changes_the_balance(self, asked, field):
        value, expected = FIELDS[field]
        assert asked(options={field: value}) == expected != USUAL

    def test_points_change_it(self, asked):
        assert asked(points=7) == 350

    def test_that_is_off_gives_nothing(self, asked):
        assert asked(is_active=False) == 0

    def test_approval_time_does_not_change_what_it_costs(self, asked):
        assert asked(approval_days=14) == USUAL

    def test_first_orders_are_those_of_all_time_and_not_of_the_period(self, shop):
        shop.member(7001), shop.member(7002)
        heard(shop, order(ORDER, 1000, at=LONG_AGO + DAY))
        heard(shop, order(ORDER + 1, 1000), order(ORDER + 2, 1000, customer=7002))
        found = rule_test(shop, options={"first_order_only": True}).played
        assert (found.draft.orders, found.draft.points, found.changed) == (1, 50, 1)


class TestAgainstAwards:
    """Many orders through the product, then the same through a back-test of the same rules."""

    def happened(self, shop: AShop) -> int:
        """Orders of all sorts, awarded one after the other as their shop tells of them; returns what the members have."""
        drawn = random.Random(7)  # made-up orders, the same each time
        shop.tier("Bronze", 0), (gold := shop.tier("Gold", 10**9, "1.5"))
        members = [shop.member(7001 + number, now=LONG_AGO) for number in range(5)]
        for member in members[:2]:
            assign(member_id=member.pk, tier=gold, lock=True, now=LONG_AGO)
        purchase = purchase_rule(shop, 3, options={"includes_tax": True, "minimum_amount": 5})
        fixed = purchase_rule(shop, 40, options={"per": "fixed", "first_order_only": True, "when": "fulfilled"})
        terms = CampaignTerms(
            name="Double", starts_at=NOW - 60 * DAY, ends_at=NOW - 20 * DAY, budget_points=1500, product_ids=(11,),
            modifiers={purchase.pk: Modifier(Decimal("2.5")), fixed.pk: Modifier(extra_points=7)},
        )  # fmt: skip
        create_campaign(program=shop.program, terms=terms, now=LONG_AGO)
        for number in range(60):
            at = NOW - timedelta(days=80 - number, minutes=number)
            cents = [drawn.randint(100, 5000) for _ in range(3)]
            lines = tuple(
                LineFacts(place, 11 * (1 + place % 2), 1, 1, amount, tax_minor=amount // 7)
                for place, amount in enumerate(cents)
            )
            fulfilled = {"fulfilled_at": at} if drawn.random() < 0.7 else {}
            customer = drawn.choice([7001, 7002, 7003, 7004, 7005, 9999])
            heard(shop, order(ORDER + number, sum(cents), at=at, customer=customer, lines=lines, **fulfilled), now=at)
            if drawn.random() < 0.3:
                heard(shop, refund(f"a{number}", drawn.randint(1, sum(cents) // 2), ORDER + number, at=at), now=at)
                heard(shop, refund(f"b{number}", drawn.randint(1, sum(cents) // 2), ORDER + number, at=at), now=at)
        heard(shop, order(ORDER + 70, 5000, is_test=True), order(ORDER + 71, 5000, at=NOW - DAY))
        heard(shop, order(ORDER + 71, 5000, at=NOW - DAY, shopify_updated_at=NOW, cancelled_at=NOW))
        shop.assert_sound()
        return sum(shop.balances(member, NOW).available for member in members)

    def test_todays_side_is_what_they_gave(self, shop):
        had = self.happened(shop)
        rule = shop_rule(shop)
        with shop.nothing_changes():
            found = rule_test(shop, public_id=rule.public_id, is_active=False).played
        assert had > 2000
        assert Campaign.objects.get().spent_points > 1000  # most of its budget was drawn
        assert found.today.points == had
        assert 0 < found.draft.points < had
        assert (found.unjudged, sum(month.today for month in found.months)) == ({}, had)

    def test_a_stored_rule_as_its_form_has_it_changes_nothing(self, shop):
        had = self.happened(shop)
        rule = shop_rule(shop)
        found = rule_test(shop, rule.points, public_id=rule.public_id, options=rule.options).played
        assert (found.today, found.changed) == (found.draft, 0)
        assert found.draft.points == had

    def test_a_stored_campaign_as_its_form_has_it_changes_nothing(self, shop):
        had = self.happened(shop)
        campaign = Campaign.objects.get()
        found = of_campaign(
            program=shop.program, terms=terms_of(campaign), public_id=campaign.public_id, days=90, now=LATER
        ).played
        assert (found.today, found.changed) == (found.draft, 0)
        assert found.draft.points == had


class TestWhatIsLookedAt:
    def test_cancelled_test_unpaid_and_given_back_orders_are_not(self, shop):
        shop.member()
        heard(shop, order(ORDER, is_test=True), order(ORDER + 1, cancelled_at=NOW), order(ORDER + 2, paid_at=None))
        heard(shop, order(ORDER + 3), refund("r1", 10000, ORDER + 3), order(ORDER + 4, 1000))
        found = rule_test(shop)
        assert (found.played.orders, found.played.draft.points) == (1, 50)
        assert (found.stock.orders, found.stock.in_period) == (5, 1)

    def test_orders_of_another_shop_are_never(self, shop):
        other = AShop.new()
        with other.scope():
            other.member(), purchase_rule(other, 100)
            heard(other, order(ORDER + 1))
        shop.member()
        heard(shop, order(ORDER, 1000))
        found = rule_test(shop)
        assert (found.stock.orders, found.played.orders, found.played.today.points) == (1, 1, 0)
        assert found.played.draft.points == 50

    def test_the_period_is_half_open_and_as_long_as_asked(self, shop):
        shop.member()
        for number, at in enumerate((LATER - 90 * DAY, LATER - 91 * DAY, LATER, LATER - 300 * DAY)):
            heard(shop, order(ORDER + number, 1000, at=at), now=LATER)
        assert rule_test(shop, days=90).played.orders == 1
        assert rule_test(shop, days=365).played.orders == 3
        assert rule_test(shop).stock.since == LATER - 300 * DAY

    def test_more_than_the_limit_are_cut_to_the_newest(self, shop):
        shop.member()
        for number in range(5):
            heard(shop, order(ORDER + number, 1000 * (number + 1), at=NOW - number * DAY))
        terms = RuleTerms(name="Order", points=1, frequency="unlimited")
        found = of_rule(program=shop.program, terms=terms, public_id=None, days=90, now=LATER, limit=2)
        assert (found.stock.in_period, found.played.orders, found.played.draft.points) == (5, 2, 30)

    def test_orders_of_guests_and_excluded_members_earn_nothing(self, shop):
        excluded = shop.member(7002)
        set_excluded(member_id=excluded.pk, excluded=True, now=NOW)
        heard(shop, order(ORDER), order(ORDER + 1, customer=None), order(ORDER + 2, customer=7002))
        assert (found := rule_test(shop).played).strangers == 3
        assert (found.orders, found.draft.points) == (3, 0)

    def test_a_currency_without_decimals_is_taken_as_it_is(self, shop):
        shop.set(currency="JPY")
        shop.member()
        heard(shop, order(total=1099, currency="JPY"))
        shop.reward(300, discount_amount=Decimal(100))
        found = rule_test(shop, 1)
        assert found.played.draft.points == 1099
        assert (str(found.worth.of(1099)), found.worth.currency) == ("366", "JPY")

    def test_products_that_are_not_known_are_said_and_left_out(self, shop):
        shop.member(), purchase_rule(shop, 1)
        told(shop, ORDER, {11: PRODUCTS[11]})
        heard(shop, order(ORDER, 1000), order(ORDER + 1, 1000))
        found = rule_test(shop, options={"product_tags": ["tea"]}).played
        assert found.unjudged == {Unjudged.PRODUCTS: 1}
        assert (found.orders, found.today.points, found.draft.points) == (2, 10, 60)

    def test_a_shop_without_orders_has_an_answer(self, shop):
        found = rule_test(shop)
        assert (found.stock.orders, found.stock.since, found.played.orders, found.played.months) == (0, None, 0, [])


class TestARefusal:
    def test_of_an_option_or_a_rule_that_is_not_there_changes_nothing(self, shop):
        with shop.nothing_changes():
            with pytest.raises(InvalidField):
                rule_test(shop, options={"no_such": 1})
            with pytest.raises(RuleNotFound):
                rule_test(shop, public_id="rule_none")


class TestWorth:
    def test_is_that_of_the_cheapest_fixed_reward_everybody_may_buy(self, shop):
        gold = shop.tier("Gold", 0)
        shop.reward(500, name="$20 off", discount_amount=Decimal(20))
        shop.reward(200, name="$5 off", discount_amount=Decimal(5))
        shop.reward(10, name="Gold's", tier=gold)
        shop.reward(20, name="Tenth", discount_type="percentage", discount_amount=Decimal(10))
        shop.reward(30, name="Off", is_active=False)
        worth = rule_test(shop).worth
        assert (worth.reward, worth.of(1000), worth.of(1)) == ("$5 off", Decimal("25.00"), Decimal("0.03"))

    def test_is_not_known_without_one(self, shop):
        assert rule_test(shop).worth is None


class TestReading:
    def ordered(self, shop: AShop, first: int, number: int) -> None:
        for each in range(first, first + number):
            shop.member(7001 + each)
            heard(shop, order(ORDER + each, 1000, customer=7001 + each), refund(f"r{each}", 100, ORDER + each))
            told(shop, ORDER + each, PRODUCTS)

    def test_takes_as_many_statements_however_many_orders(self, shop):
        purchase_rule(shop, 1)
        options = {"product_tags": ["tea"], "first_order_only": True}
        self.ordered(shop, 0, 2)
        with queries() as few:
            rule_test(shop, options=options)
        self.ordered(shop, 2, 10)
        with queries() as many:
            found = rule_test(shop, options=options)
        assert found.played.draft.points == 12 * (45 + 9)
        assert len(many) == len(few) <= 10

    def test_writes_nothing_at_all(self, shop):
        rule = purchase_rule(shop, 1)
        switch_rule(public_id=rule.public_id, on=True, now=NOW)
        self.ordered(shop, 0, 3)
        before = list(Order.objects.order_by("pk").values())
        with shop.nothing_changes(), queries() as captured:
            rule_test(shop, options={"product_tags": ["coffee"]})
            campaign_test(shop, {rule.pk: Modifier(Decimal(2))})
        verbs = {query["sql"].split()[0].upper() for query in captured}
        assert verbs <= {"SELECT", "DECLARE"}, verbs
        assert list(Order.objects.order_by("pk").values()) == before
