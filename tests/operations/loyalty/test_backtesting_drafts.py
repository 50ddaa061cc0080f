"""Campaigns and ladders that are not saved, judged on past orders: as awarding and placing would have it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from loyalty.backtesting.cases import Unjudged
from loyalty.backtesting.queries import of_ladder
from loyalty.campaigns.operations import Modifier
from loyalty.errors import InvalidField
from loyalty.tiers.models import TierMembership
from loyalty.tiers.operations import Ladder, TierTerms, assign, change_ladder, place_some
from loyalty.tiers.queries import preview
from tests.a_shop import NOW
from tests.operations.loyalty.backtests import DAY, LATER, campaign_test, purchase_rule, rule_test, shop_rule
from tests.operations.loyalty.orders import ORDER, heard, order
from tests.operations.loyalty.test_worked_examples import LONG_AGO

pytestmark = pytest.mark.django_db


class TestACampaign:
    def test_counts_in_its_own_days_when_they_are_over(self, shop):
        shop.member()
        rule = purchase_rule(shop, 1)
        for number, days in enumerate((40, 20, 1)):
            heard(shop, order(ORDER + number, 1000, at=NOW - days * DAY))
        found = campaign_test(shop, {rule.pk: Modifier(Decimal(3))}, starts_at=NOW - 25 * DAY, ends_at=NOW - 15 * DAY)
        assert (found.played.today.points, found.played.draft.points) == (30, 50)
        assert found.ran == (NOW - 25 * DAY, NOW - 15 * DAY)

    def test_to_come_counts_as_if_it_had_just_ended(self, shop):
        shop.member()
        rule = purchase_rule(shop, 1)
        for number, days in enumerate((40, 6)):
            heard(shop, order(ORDER + number, 1000, at=NOW - days * DAY))
        found = campaign_test(shop, {rule.pk: Modifier(Decimal(3))}, starts_at=NOW + 5 * DAY, ends_at=NOW + 12 * DAY)
        assert (found.played.today.points, found.played.draft.points) == (20, 40)
        assert found.ran == (LATER - 7 * DAY, LATER)

    def test_without_an_end_counts_all_the_time(self, shop):
        shop.member()
        rule = purchase_rule(shop, 1)
        heard(shop, order(ORDER, 1000, at=NOW - 80 * DAY))
        assert campaign_test(shop, {rule.pk: Modifier(extra_points=5)}).played.draft.points == 15

    def test_has_its_budget_and_its_audience(self, shop):
        shop.tier("Bronze", 0), (gold := shop.tier("Gold", 10**9))
        ada, _ = shop.member(7001, now=LONG_AGO), shop.member(7002, now=LONG_AGO)
        assign(member_id=ada.pk, tier=gold, lock=True, now=LONG_AGO)
        rule = purchase_rule(shop, 1)
        for number in range(4):
            at = NOW - (9 - number) * DAY
            heard(shop, order(ORDER + number, 1000, at=at, customer=7001 + number % 2), now=at)
        double = {rule.pk: Modifier(Decimal(2))}
        assert campaign_test(shop, double).played.draft.points == 80
        assert campaign_test(shop, double, tier_ids=(gold.pk,)).played.draft.points == 60
        assert campaign_test(shop, double, budget_points=25).played.draft.points == 60
        assert campaign_test(shop, double, tier_ids=(gold.pk,), budget_points=15).played.draft.points == 50
        assert campaign_test(shop, double, customer_tags=("vip",)).played.draft.points == 40
        assert campaign_test(shop, double, is_active=False).played.draft.points == 40

    def test_for_a_tier_does_not_judge_orders_from_before_somebody_reached_theirs(self, shop):
        shop.tier("Bronze", 0), (gold := shop.tier("Gold", 10**9))
        ada, rule = shop.member(now=LONG_AGO), purchase_rule(shop, 1)
        heard(shop, order(ORDER, 1000, at=NOW - 5 * DAY))
        assign(member_id=ada.pk, tier=gold, lock=True, now=NOW - DAY)
        found = campaign_test(shop, {rule.pk: Modifier(Decimal(2))}, tier_ids=(gold.pk,)).played
        assert (found.unjudged, found.draft.points) == ({Unjudged.AUDIENCE: 1}, 0)

    def test_beside_a_higher_one_gives_nothing_more(self, shop):
        shop.member()
        rule = purchase_rule(shop, 1)
        shop.campaign(rule, "3", starts=NOW - 30 * DAY)
        heard(shop, order(ORDER, 1000))
        found = campaign_test(shop, {rule.pk: Modifier(Decimal(2))}).played
        assert (found.today.points, found.draft.points) == (30, 30)


def rungs(*tiers: TierTerms, entry: str = "spend", **more: Any) -> Ladder:
    usual = {"period": "lifetime", "grace_days": 0, "multiplier_scope": "all"}
    return Ladder(list(tiers), entry, **{**usual, **more})


class TestALadder:
    @pytest.fixture
    def stood(self, shop):
        """Ada has spent 300 and stands on Silver, Ben has spent 50."""
        shop.set(tier_entry="spend")
        made = [shop.tier("Bronze", 0), shop.tier("Silver", 200, "1.5")]
        shop.member(7001), shop.member(7002)
        purchase_rule(shop, 1)
        heard(shop, order(ORDER, 30000), order(ORDER + 1, 5000, customer=7002))
        return made

    def asked(self, shop, *tiers: TierTerms, **more: Any):
        return of_ladder(program=shop.program, ladder=rungs(*tiers, **more), days=90, now=LATER)

    def test_as_it_is_changes_nothing(self, shop, stood):
        bronze, silver = stood
        with shop.nothing_changes():
            found = self.asked(
                shop, TierTerms("Bronze", 0, public_id=bronze.public_id),
                TierTerms("Silver", 200, Decimal("1.5"), public_id=silver.public_id),
            )  # fmt: skip
        assert (list(found.moves), found.played.changed) == ([], 0)
        assert found.played.today == found.played.draft
        assert found.played.today.points == 450 + 50

    def test_counts_its_multipliers_where_members_would_stand(self, shop, stood):
        bronze, silver = stood
        ladder = (
            TierTerms("Bronze", 0, public_id=bronze.public_id),
            TierTerms("Silver", 40, Decimal(2), public_id=silver.public_id),
            TierTerms("Gold", 250, Decimal(3)),
        )
        found = self.asked(shop, *ladder)
        assert (found.played.draft.points, found.played.changed) == (900 + 100, 2)
        assert {(move.from_tier, move.to_tier, move.members) for move in found.moves} == {
            ("Silver", "Gold", 1), ("Bronze", "Silver", 1),
        }  # fmt: skip
        assert list(found.moves) == preview(program=shop.program, ladder=rungs(*ladder), now=LATER)

    def test_moves_members_where_saving_it_moves_them(self, shop, stood):
        bronze, silver = stood
        ladder = rungs(
            TierTerms("Bronze", 0, public_id=bronze.public_id),
            TierTerms("Silver", 20, Decimal(2), public_id=silver.public_id),
        )
        found = of_ladder(program=shop.program, ladder=ladder, days=90, now=LATER).played
        change_ladder(program_id=shop.program.pk, ladder=ladder, now=LATER)
        shop.program.refresh_from_db()
        place_some(program=shop.program, now=LATER)
        rule = shop_rule(shop)
        assert rule_test(shop, 1, public_id=rule.public_id).played.today.points == found.draft.points == 700

    def test_leaves_who_is_locked_where_they_are(self, shop, stood):
        bronze, silver = stood
        TierMembership.objects.update(is_locked=True)
        found = self.asked(
            shop, TierTerms("Bronze", 0, public_id=bronze.public_id),
            TierTerms("Silver", 1000, Decimal(2), public_id=silver.public_id),
        )  # fmt: skip
        assert found.played.draft.points == 600 + 50

    def test_by_orders_asks_for_orders(self, shop, stood):
        bronze, silver = stood
        found = self.asked(
            shop, TierTerms("Bronze", 0, public_id=bronze.public_id),
            TierTerms("Silver", 2, Decimal(2), public_id=silver.public_id), entry="purchases",
        )  # fmt: skip
        assert found.played.draft.points == 300 + 50

    def test_that_breaks_a_rule_is_refused(self, shop, stood):
        with shop.nothing_changes(), pytest.raises(InvalidField):
            self.asked(shop, TierTerms("Bronze", 0, public_id=stood[0].public_id))
