"""Playing past orders through two sides: what adds up, what is left out, and how budgets are drawn on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from loyalty.backtesting.cases import Earning, PastOrder, Person, Rung, Scheme, Unjudged
from loyalty.backtesting.playing import Month, Side, play
from loyalty.earning.evaluation import CampaignFacts, ProgramFacts, RuleFacts
from loyalty.earning.limits import Limit, Window
from loyalty.earning.purchase import Purchase

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ADA, BEN = Person(1, tier_id=10, tier_since=NOW - 400 * DAY), Person(2)
NEW_YORK = ZoneInfo("America/New_York")


def rule(points: int = 5, number: int = 1, **more) -> Earning:
    campaigns = more.pop("campaigns", ())
    facts = RuleFacts(number, "rule_1", "Order", 1, "place_order", "purchase", points, 0, "unlimited", **more)
    return Earning(facts, campaigns)


def campaign(multiplier: str = "2", number: int = 100, **more) -> CampaignFacts:
    return CampaignFacts(number, "Double", Decimal(multiplier), NOW - 30 * DAY, None, **more)


def order(number: int, total: int = 1000, person: Person | None = BEN, at: datetime = NOW, **more) -> PastOrder:
    products = more.pop("products", {})
    lines = [{"product_id": 11, "amount_minor": total}]
    return PastOrder(number, at, total, Purchase("USD", lines, {}, products), person, **more)


def scheme(*earnings: Earning, **more) -> Scheme:
    tiers = {10: Rung("Gold", Decimal("1.5")), 20: Rung("Ruby", Decimal(3))}
    program = ProgramFacts(is_enabled=True, tiers_multiply_everything=False, restricted_to=None)
    return Scheme(earnings, tiers, program, **more)


def played(orders, today: Scheme, draft: Scheme, zone: ZoneInfo = NEW_YORK):
    return play(orders, today=today, draft=draft, zone=zone)


class TestTwoSides:
    def test_add_up_the_same_orders_each_by_its_own_rules(self):
        found = played([order(1), order(2, person=ADA)], scheme(rule(5)), scheme(rule(7)))
        assert found.today == Side(orders=2, points=50 + 75, members=2)
        assert found.draft == Side(orders=2, points=70 + 105, members=2)
        assert (found.orders, found.strangers, found.changed, found.unjudged) == (2, 0, 2, {})

    def test_are_the_same_where_nothing_differs(self):
        both = scheme(rule(5), rule(50, 2, options={"per": "fixed"}))
        found = played([order(1), order(2, person=ADA)], both, both)
        assert found.today == found.draft
        assert found.changed == 0

    def test_count_a_rule_on_one_side_only_once(self):
        found = played([order(1)], scheme(rule(5)), scheme(rule(5), rule(50, 2, options={"per": "fixed"})))
        assert (found.today.points, found.draft.points) == (50, 100)

    def test_leave_out_who_gets_nothing(self):
        found = played([order(1), order(2, 100, ADA)], scheme(), scheme(rule(5, options={"minimum_amount": 5})))
        assert found.draft == Side(orders=1, points=50, members=1)
        assert found.changed == 1

    def test_take_refunds_off_as_awards_do(self):
        refunded = order(1, 10000, refunds_minor=(3330, 3330))
        found = played([refunded], scheme(), scheme(rule(330, options={"per": "fixed"})))
        assert found.draft.points == 330 - 109 - 109

    def test_wait_for_fulfilment_where_the_rule_does(self):
        waits = scheme(rule(5, options={"when": "fulfilled"}))
        assert played([order(1), order(2, is_fulfilled=True)], scheme(), waits).draft.points == 50

    def test_put_members_where_a_ladder_would(self):
        today, draft = scheme(rule(10)), scheme(rule(10), placed={BEN.id: 20})
        found = played([order(1), order(2, person=ADA)], today, draft)
        assert (found.today.points, found.draft.points, found.changed) == (100 + 150, 300 + 150, 1)

    def test_earn_nothing_by_orders_of_nobody(self):
        found = played([order(1, person=None)], scheme(), scheme(rule(5)))
        assert (found.orders, found.strangers, found.draft) == (1, 1, Side(0, 0, 0))


class TestMonths:
    def test_are_the_shops_own_and_come_in_order(self):
        midnight = datetime(2026, 3, 1, tzinfo=UTC)  # still February in New York
        found = played([order(1, at=midnight), order(2, at=NOW), order(3, at=NOW)], scheme(rule(1)), scheme(rule(2)))
        assert found.months == [Month(date(2026, 2, 1), 1, 10, 20), Month(date(2026, 3, 1), 2, 20, 40)]

    def test_add_up_to_the_whole(self):
        orders = [order(number, 1000 + number, at=NOW - number * 9 * DAY) for number in range(20, 0, -1)]
        found = played(orders, scheme(rule(3)), scheme(rule(4)))
        assert sum(month.today for month in found.months) == found.today.points
        assert sum(month.draft for month in found.months) == found.draft.points


class TestABudget:
    def test_is_drawn_on_by_the_oldest_orders_and_never_passed(self):
        limited = scheme(rule(10, campaigns=(campaign(budget=150),)))
        found = played([order(number) for number in range(1, 4)], scheme(rule(10)), limited)
        # +100 for the first; 100 more would be too many for the 50 left
        assert (found.today.points, found.draft.points) == (300, 400)

    def test_is_one_for_all_rules_of_its_campaign(self):
        shared = (campaign(budget=150),)
        two = scheme(rule(10, campaigns=shared), rule(10, 2, campaigns=shared))
        assert played([order(1)], scheme(), two).draft.points == 300

    def test_of_one_side_is_not_the_others(self):
        limited = scheme(rule(10, campaigns=(campaign(budget=100),)))
        found = played([order(1), order(2)], limited, limited)
        assert found.today.points == found.draft.points == 300


class TestWhatIsNotKnown:
    @pytest.mark.parametrize("options", [{"product_tags": ["tea"]}, {"excluded_collection_ids": [5]}], ids=str)
    def test_products_leave_an_order_out_of_both_sides(self, options):
        known = {"11": {"tags": ["tea"], "collections": {"5": False}}}
        orders = [order(1), order(2, products=known)]
        found = played(orders, scheme(rule(5)), scheme(rule(5), rule(7, 2, options=options)))
        assert found.unjudged == {Unjudged.PRODUCTS: 1}
        assert (found.today.points, found.draft.points) == (50, 120)

    def test_products_a_campaign_asks_about_while_it_runs(self):
        narrowed = scheme(rule(5, campaigns=(campaign(product_tags=frozenset({"tea"})),)))
        before = order(1, at=NOW - 31 * DAY)
        found = played([before, order(2)], scheme(rule(5)), narrowed)
        assert found.unjudged == {Unjudged.PRODUCTS: 1}
        assert found.draft.points == 50

    def test_products_matter_to_fixed_points_only_if_the_rule_asks(self):
        fixed = rule(50, options={"per": "fixed"}, campaigns=(campaign(product_tags=frozenset({"tea"})),))
        assert played([order(1)], scheme(), scheme(fixed)).unjudged == {}

    def test_a_member_who_changed_tier_since_while_a_campaign_was_for_certain_tiers(self):
        moved = replace(ADA, tier_since=NOW + DAY)
        for_gold = scheme(rule(5, campaigns=(campaign(tier_ids=frozenset({10})),)))
        found = played([order(1, person=moved), order(2, person=ADA)], scheme(rule(5)), for_gold)
        assert found.unjudged == {Unjudged.AUDIENCE: 1}
        assert found.draft.points == 150

    def test_a_rule_with_a_limit_per_period(self):
        limited = scheme(rule(5, limit=Limit(1, Window.DAY)))
        found = played([order(1)], limited, scheme(rule(7)))
        assert (found.unjudged, found.draft.points) == ({Unjudged.LIMIT: 1}, 0)
