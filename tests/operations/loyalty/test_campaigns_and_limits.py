"""Limits, occurrences and budgets hold in the database, whoever calls and however often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier, change_campaign, create_campaign, switch_campaign
from loyalty.earning.errors import AlreadyAwarded, EarningLimitReached
from loyalty.earning.evaluation import Part
from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import Award
from loyalty.earning.operations import OrderReference, approve, reject
from loyalty.errors import InvalidField
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def shop():
    made = AShop.new(time_zone="Europe/Berlin")
    made.member(7001)
    with made.scope():
        yield made
        made.assert_sound()


class TestALimit:
    def test_counts_in_the_shops_day_and_says_when_it_opens_again(self, shop):
        shop.action(limit=Limit(2, Window.DAY))
        shop.award()
        shop.award(now=NOW + HOUR)
        with shop.nothing_changes(), pytest.raises(EarningLimitReached) as refused:
            shop.award(now=NOW + 2 * HOUR)
        assert refused.value.sentence == (
            "This earning rule allows each customer: 2 times per day; the next is possible from 2026-03-01T23:00:00+00:00"
        )
        assert shop.award(now=datetime(2026, 3, 1, 23, tzinfo=UTC)).points == 100

    def test_is_the_members_own(self, shop):
        shop.member(7002)
        shop.action(limit=Limit(1, Window.LIFETIME))
        shop.award()
        assert shop.award(customer=7002).points == 100
        with pytest.raises(EarningLimitReached):
            shop.award(now=NOW + timedelta(days=4000))

    def test_is_freed_by_a_rejected_award_and_held_by_a_pending_one(self, shop):
        shop.action(limit=Limit(1, Window.DAYS, 7), approval_days=3)
        first = shop.award()
        with pytest.raises(EarningLimitReached):
            shop.award()
        reject(public_id=first.public_id, now=NOW)
        second = shop.award()
        approve(public_id=second.public_id, now=NOW)
        with pytest.raises(EarningLimitReached):
            shop.award(now=NOW + timedelta(days=6, hours=23))
        assert shop.award(now=NOW + timedelta(days=7, seconds=1)).status == "pending"

    def test_answers_a_repeat_of_a_key_before_it_refuses(self, shop):
        shop.action(limit=Limit(1, Window.DAY))
        first = shop.award("k1")
        assert shop.award("k1").public_id == first.public_id

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"limit": Limit(0, Window.DAY)}, "limit_count"),
            ({"limit": Limit(1, Window.DAYS)}, "limit_days"),
            ({"limit": Limit(1, Window.DAY), "frequency": "once"}, "limit_count"),
            ({"options": {"colour": "red"}}, "colour"),
        ],
        ids=["zero times", "days without a number", "once per customer", "an option of no kind"],
    )
    def test_that_is_none_is_refused_by_its_field(self, shop, terms, field):
        with shop.nothing_changes(), pytest.raises(InvalidField) as refused:
            shop.action(**terms)
        assert refused.value.field == field


class TestAnOccurrence:
    def test_is_awarded_once_whatever_the_key_and_stays_decided_when_rejected(self, shop):
        shop.action(approval_days=1)
        first = shop.award("k1", occurrence="visit:9")
        reject(public_id=first.public_id, now=NOW)
        with shop.nothing_changes(), pytest.raises(AlreadyAwarded):
            shop.award("k2", occurrence="visit:9")
        assert shop.award("k3", occurrence="visit:10").points == 100

    def test_of_an_order_records_the_order_and_its_lines(self, shop):
        shop.action()
        order = OrderReference(5001, "#1001", NOW - HOUR)
        result = shop.award(order=order, occurrence="order:5001", parts=(Part(Decimal("10.99")), Part(Decimal("5.50"))))
        award = Award.objects.get(public_id=result.public_id)
        assert (award.points, award.base_points) == (16, Decimal("16.49"))
        assert (award.order_id, award.order_number, award.ordered_at) == (5001, "#1001", NOW - HOUR)


def terms(rule, **more):
    return CampaignTerms(**{
        "name": "Spring", "starts_at": NOW, "modifiers": {rule.pk: Modifier(Decimal(2))}, **more,
    })  # fmt: skip


class TestABudget:
    def test_is_never_passed_and_then_the_rule_gives_its_own_points(self, shop):
        rule = shop.action()
        campaign = create_campaign(program=shop.program, terms=terms(rule, budget_points=250), now=NOW)
        assert [shop.award().points for _ in range(4)] == [200, 200, 100, 100]
        campaign.refresh_from_db()
        assert campaign.spent_points == 200
        assert set(Award.objects.values_list("campaign_id", "points")) == {(campaign.pk, 200), (None, 100)}

    def test_may_not_fall_below_what_is_spent(self, shop):
        rule = shop.action()
        campaign = create_campaign(program=shop.program, terms=terms(rule, budget_points=250), now=NOW)
        shop.award()
        with pytest.raises(InvalidField):
            change_campaign(public_id=campaign.public_id, terms=terms(rule, budget_points=99), now=NOW)
        change_campaign(public_id=campaign.public_id, terms=terms(rule, budget_points=100), now=NOW)
        assert shop.award().points == 100


class TestACampaign:
    @pytest.mark.parametrize(
        ("change", "points"),
        [
            ({}, 200),
            ({"modifiers": "extra"}, 130),
            ({"starts_at": NOW + HOUR}, 100),
            ({"ends_at": NOW + timedelta(seconds=1), "starts_at": NOW - HOUR}, 200),
            ({"customer_tags": ("vip",)}, 100),
            ({"customer_tags": ("Tea",)}, 200),
            ({"tier_ids": (0,)}, 100),
            ({"product_ids": (1,)}, 100),
            ({"collection_ids": (5,)}, 100),
            ({"product_tags": ("tea",)}, 100),
            ({"budget_points": 99}, 100),
            ({"is_active": False}, 100),
        ],
        ids=str,
    )
    def test_changes_what_is_earned_by_each_of_its_fields(self, shop, change, points):
        ada = shop.member(7001)
        ada.tags = ["tea"]
        ada.save()
        rule = shop.action()
        if change.get("modifiers") == "extra":
            change = {"modifiers": {rule.pk: Modifier(extra_points=30)}}
        create_campaign(program=shop.program, terms=terms(rule, **change), now=NOW)
        assert shop.award().points == points

    def test_counts_for_what_happened_while_it_ran_however_late_it_is_told(self, shop):
        rule = shop.action()
        create_campaign(program=shop.program, terms=terms(rule, ends_at=NOW + HOUR), now=NOW)
        late = NOW + timedelta(days=2)
        assert shop.award(now=late, occurred_at=NOW + timedelta(minutes=59)).points == 200
        assert shop.award(now=late).points == 100

    def test_is_switched_off_and_on(self, shop):
        rule = shop.action()
        campaign = create_campaign(program=shop.program, terms=terms(rule), now=NOW)
        switch_campaign(public_id=campaign.public_id, on=False, now=NOW)
        assert shop.award().points == 100
        switch_campaign(public_id=campaign.public_id, on=True, now=NOW)
        assert shop.award().points == 200

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": " "}, "name"),
            ({"ends_at": NOW}, "ends_at"),
            ({"modifiers": {}}, "modifiers"),
            ({"modifiers": {1: Modifier(Decimal("1.2345"))}}, "multiplier"),
            ({"modifiers": {1: Modifier(Decimal(101))}}, "multiplier"),
            ({"modifiers": {1: Modifier(extra_points=-1)}}, "extra_points"),
            ({"budget_points": 0}, "budget_points"),
            ({"product_ids": tuple(range(1, 252))}, "product_ids"),
            ({"collection_ids": tuple(range(1, 52))}, "collection_ids"),
            ({"product_tags": tuple(map(str, range(51)))}, "product_tags"),
            ({"customer_tags": ("x" * 256,)}, "customer_tags"),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_that_makes_no_sense_is_refused_by_its_field(self, shop, change, field):
        rule = shop.action()
        with pytest.raises(InvalidField) as refused:
            create_campaign(program=shop.program, terms=replace(terms(rule), **change), now=NOW)
        assert refused.value.field == field
        assert not Campaign.objects.exists()
