"""What an activity earns, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from loyalty.earning.evaluation import CampaignFacts, MemberFacts, Part, ProgramFacts, RuleFacts, Skip, evaluate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULE = RuleFacts(7, "rule_x", "App install", 3, "custom", "custom", 100, 0, "once")
MEMBER = MemberFacts(1, "ada@example.com", 5, "Gold", Decimal("1.5"))
PLAIN = replace(MEMBER, tier_id=None, tier_name=None, tier_multiplier=Decimal(1))
PROGRAM = ProgramFacts(is_enabled=True, tiers_multiply_everything=True, restricted_to=None)


def campaign(multiplier, *, starts=NOW - timedelta(days=1), ends=None, number=1):
    return CampaignFacts(number, f"Campaign {number}", Decimal(multiplier), starts, ends)


def judge(rule=RULE, member=MEMBER, program=PROGRAM, campaigns=(), occurred_at=NOW, stated_points=None):
    return evaluate(
        rule=rule, member=member, program=program, campaigns=campaigns, occurred_at=occurred_at, now=NOW,
        stated_points=stated_points,
    )  # fmt: skip


class TestTheFigure:
    @pytest.mark.parametrize(
        ("points", "tier", "campaigns", "earned", "multiplier"),
        [(100, "1.5", ("2",), 300, "3"), (33, "1.5", ("1.1",), 54, "1.65"), (100, "1.5", (), 150, "1.5")],
    )
    def test_is_that_of_the_worked_examples(self, points, tier, campaigns, earned, multiplier):
        found = judge(
            rule=replace(RULE, points=points),
            member=replace(MEMBER, tier_multiplier=Decimal(tier)),
            campaigns=tuple(campaign(each) for each in campaigns),
        )
        assert (found.points, found.base, found.multiplier) == (earned, points, Decimal(multiplier))
        assert found.skip is None

    def test_leaves_the_tier_out_of_a_custom_action_when_tiers_count_for_purchases_only(self):
        purchases_only = replace(PROGRAM, tiers_multiply_everything=False)
        assert judge(program=purchases_only).points == 100
        assert judge(program=purchases_only, rule=replace(RULE, category="purchase")).points == 150
        assert judge(program=purchases_only).breakdown["tier"]["applies"] is False

    def test_is_the_callers_where_that_was_allowed_and_multipliers_still_apply(self):
        found = judge(stated_points=10)
        assert (found.points, found.base) == (15, 10)
        assert found.breakdown["base_from"] == "caller"


class TestACampaign:
    @pytest.mark.parametrize(
        ("offset", "counts"),
        [(-1, False), (0, True), (3599, True), (3600, False), (3601, False)],
        ids=["just before", "at its start", "just before its end", "at its end", "after"],
    )
    def test_is_half_open_in_time(self, offset, counts):
        hour = campaign("2", starts=NOW, ends=NOW + timedelta(hours=1))
        found = judge(member=PLAIN, campaigns=(hour,), occurred_at=NOW + timedelta(seconds=offset))
        assert found.points == (200 if counts else 100)

    def test_does_not_stack_on_another_the_best_one_counts(self):
        found = judge(member=PLAIN, campaigns=(campaign("2", number=1), campaign("3", number=2)))
        assert found.points == 300
        assert found.breakdown["campaign"]["name"] == "Campaign 2"
        assert found.breakdown["campaigns_passed_over"] == ["Campaign 1"]

    def test_that_is_as_good_as_another_wins_when_it_is_older(self):
        found = judge(campaigns=(campaign("2", number=9), campaign("2", number=4)))
        assert found.breakdown["campaign"]["name"] == "Campaign 4"

    def test_that_is_over_does_not_hide_one_that_runs(self):
        over = campaign("5", ends=NOW - timedelta(hours=1), number=1)
        assert judge(member=PLAIN, campaigns=(over, campaign("2", number=2))).points == 200


class TestASkip:
    def test_says_that_the_programme_is_off(self):
        found = judge(program=replace(PROGRAM, is_enabled=False))
        assert (found.skip, found.points) == (Skip.PROGRAM_DISABLED, 0)

    def test_says_that_test_mode_leaves_this_customer_out(self):
        restricted = replace(PROGRAM, restricted_to=frozenset({"staff@example.com"}))
        assert judge(program=restricted).skip == Skip.TEST_MODE
        assert judge(program=restricted, member=replace(MEMBER, email=None)).skip == Skip.TEST_MODE
        assert judge(program=restricted, member=replace(MEMBER, email="staff@example.com")).skip is None

    @pytest.mark.parametrize(("points", "tier"), [(0, "1.5"), (1, "0.5"), (100, "0")])
    def test_says_that_nothing_is_left_after_rounding(self, points, tier):
        found = judge(rule=replace(RULE, points=points), member=replace(MEMBER, tier_multiplier=Decimal(tier)))
        assert (found.skip, found.points) == (Skip.ZERO_POINTS, 0)

    def test_names_the_programme_before_anything_else(self):
        nothing = replace(PROGRAM, is_enabled=False, restricted_to=frozenset())
        assert judge(program=nothing, rule=replace(RULE, points=0)).skip == Skip.PROGRAM_DISABLED


class TestTheBreakdown:
    def test_holds_everything_behind_the_figure(self):
        assert judge(campaigns=(campaign("2"),)).breakdown == {
            "rule": {"id": "rule_x", "name": "App install", "version": 3},
            "base": "100",
            "base_from": "rule",
            "tier": {"name": "Gold", "multiplier": "1.5", "applies": True},
            "campaign": {"id": 1, "name": "Campaign 1", "multiplier": "2"},
            "campaigns_passed_over": [],
            "rounding": "down, once, at the end",
            "points": 300,
        }

    def test_is_the_same_for_the_same_facts(self):
        assert judge(campaigns=(campaign("2"),)) == judge(campaigns=(campaign("2"),))


class TestTheWait:
    def test_is_none_without_an_approval_delay(self):
        assert judge().due_at is None

    def test_is_that_many_times_24_hours_from_the_award_not_from_the_activity(self):
        found = judge(rule=replace(RULE, approval_days=14), occurred_at=NOW - timedelta(days=3))
        assert found.due_at == NOW + timedelta(hours=14 * 24)


class TestWhomACampaignIsFor:
    @pytest.mark.parametrize(
        ("audience", "member", "counts"),
        [
            ({"tier_ids": frozenset({5})}, MEMBER, True),
            ({"tier_ids": frozenset({6})}, MEMBER, False),
            ({"tags": frozenset({"Wholesale"})}, replace(MEMBER, tags=frozenset({"wholesale", "b2b"})), True),
            ({"tags": frozenset({"Wholesale"})}, replace(MEMBER, tags=frozenset({"b2b"})), False),
            ({"tags": frozenset({"b2b"}), "tier_ids": frozenset({6})}, replace(MEMBER, tags=frozenset({"b2b"})), False),
        ],
        ids=["its tier", "another tier", "its tag in other letters", "another tag", "tag without tier"],
    )
    def test_is_told_by_tier_and_tag(self, audience, member, counts):
        found = judge(member=member, campaigns=(replace(campaign("2"), **audience),))
        assert found.points == (300 if counts else 150)


class TestLines:
    PARTS = (Part(Decimal("59.98"), 1), Part(Decimal("40.00"), 2))

    def test_of_the_campaigns_products_alone_are_multiplied_and_the_sum_is_rounded_once(self):
        rule = replace(RULE, category="purchase")
        member = replace(MEMBER, tier_multiplier=Decimal("1.25"))
        found = evaluate(
            rule=rule, member=member, program=PROGRAM, campaigns=(replace(campaign("3"), product_ids=frozenset({2})),),
            occurred_at=NOW, now=NOW, parts=self.PARTS,
        )  # fmt: skip
        assert found.points == 224
        assert found.base == Decimal("99.98")
        assert found.breakdown["lines"] == [None, {"id": 1, "campaign": "Campaign 1", "multiplier": "3"}]

    def test_each_take_the_best_campaign_that_is_for_them(self):
        wide, narrow = campaign("2", number=1), replace(campaign("3", number=2), product_ids=frozenset({2}))
        found = evaluate(
            rule=RULE, member=PLAIN, program=PROGRAM, campaigns=(wide, narrow), occurred_at=NOW, now=NOW, parts=self.PARTS,
        )  # fmt: skip
        assert found.points == int(Decimal("59.98") * 2 + 40 * 3)

    def test_a_campaign_for_products_leaves_what_has_no_product_alone(self):
        assert judge(member=PLAIN, campaigns=(replace(campaign("3"), product_ids=frozenset({2})),)).points == 100

    @pytest.mark.parametrize(
        ("narrowed", "points"),
        [
            ({"collection_ids": frozenset({7, 9})}, 160),
            ({"collection_ids": frozenset({9})}, 100),
            ({"product_tags": frozenset({"SALE"})}, 160),
            ({"product_tags": frozenset({"new"})}, 100),
            ({"product_ids": frozenset({1}), "product_tags": frozenset({"sale"})}, 200),
        ],
        ids=str,
    )
    def test_counts_for_what_is_in_a_collection_or_carries_a_tag_it_names(self, narrowed, points):
        parts = (Part(Decimal(40), 1), Part(Decimal(60), 2, frozenset({7}), frozenset({"Sale"})))
        found = evaluate(
            rule=RULE, member=PLAIN, program=PROGRAM, campaigns=(replace(campaign("2"), **narrowed),), occurred_at=NOW,
            now=NOW, parts=parts,
        )  # fmt: skip
        assert found.points == points


class TestExtraPoints:
    def test_are_added_after_the_floor_and_never_multiplied(self):
        found = judge(campaigns=(replace(campaign("1"), extra_points=50),))
        assert found.points == 200
        assert found.breakdown["extra"] == {"id": 1, "name": "Campaign 1", "points": 50}

    def test_of_two_campaigns_are_the_higher_and_stand_beside_the_highest_multiplier(self):
        few, many = replace(campaign("2", number=1), extra_points=10), replace(campaign("1", number=2), extra_points=25)
        assert judge(member=PLAIN, campaigns=(few, many)).points == 225


class TestABudget:
    def test_pays_what_the_campaign_gives_beyond_the_rule(self):
        found = judge(campaigns=(replace(campaign("2"), budget=150),))
        assert (found.points, found.campaign_id, found.campaign_points) == (300, 1, 150)

    def test_that_is_not_enough_ends_the_campaign_and_not_the_award(self):
        found = judge(campaigns=(replace(campaign("2"), budget=149),))
        assert (found.points, found.campaign_id, found.breakdown["campaign"]) == (150, None, None)

    def test_that_is_spent_leaves_the_field_to_the_next_campaign(self):
        spent, other = replace(campaign("3", number=1), budget=0), campaign("2", number=2)
        assert judge(member=PLAIN, campaigns=(spent, other)).points == 200

    def test_is_untouched_by_a_skip(self):
        found = judge(program=replace(PROGRAM, is_enabled=False), campaigns=(replace(campaign("2"), budget=500),))
        assert (found.campaign_id, found.campaign_points) == (None, 0)


class TestACap:
    def test_holds_an_award_down_and_says_so(self):
        found = judge(rule=replace(RULE, options={"cap_points": 120}))
        assert found.points == 120
        assert found.breakdown["capped_from"] == 150
