"""What is told of a shop's days: members once each, points owed from the lots, tiers, referrals and campaigns."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty.analytics import queries
from loyalty.analytics.breakdowns import by_tier, campaigns_run, referred
from loyalty.analytics.models import Liability
from loyalty.analytics.spans import Span
from loyalty.campaigns.models import Campaign, CampaignModifier
from loyalty.earning.models import Award
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.referrals.models import Referral
from loyalty.tiers.models import TierMembership
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.orders import heard, order
from tests.rolling_up import roll_up, spend

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
YEAR = Span(date(2025, 3, 2), TODAY)


class TestASpanOfDays:
    def counted(self, shop: AShop, now: datetime = NOW) -> queries.Counted:
        roll_up(shop.program, now)
        found = queries.counted(program=shop.program, now=now)
        assert found is not None
        return found

    def test_counts_each_member_once_however_often_they_came(self, shop):
        ada, bob, eve = (shop.member(7001 + n, now=MONDAY) for n in range(3))
        for n in range(5):
            shop.give(ada, 10, now=MONDAY + timedelta(days=n))
        shop.give(bob, 10, now=MONDAY + timedelta(days=1))
        spend(shop.program, ada, 5, MONDAY + timedelta(days=4))
        shop.give(eve, 10, now=MONDAY + timedelta(days=20))
        found = self.counted(shop)
        first = MONDAY.date()
        week, after = (
            Span(first, first + timedelta(days=6)),
            Span(first + timedelta(days=3), first + timedelta(days=30)),
        )
        one, two = queries.totals(of=found, spans=[week, after])
        assert (one.earned_members, one.spent_members, one.active_members) == (2, 1, 2)
        assert (two.earned_members, two.spent_members, two.active_members) == (2, 1, 2)
        assert one.participation == pytest.approx(2 / 3)
        assert one.redemption_rate == pytest.approx(5 / 60)

    def test_reaches_to_the_present_minute(self, shop):
        ada = shop.member(7001, now=MONDAY)
        shop.give(ada, 10, now=MONDAY)
        roll_up(shop.program, NOW)
        shop.give(ada, 7, now=NOW + timedelta(minutes=1))
        heard(shop, order(1, 500, at=NOW))
        found = queries.counted(program=shop.program, now=NOW + timedelta(minutes=2))
        assert found is not None
        (total,) = queries.totals(of=found, spans=[Span(TODAY, TODAY)])
        assert (total.issued, total.earned_members, total.revenue_minor, total.members) == (7, 1, 500, 1)

    def test_never_counts_more_than_three_days_by_itself(self, shop):
        shop.give(shop.member(7001, now=MONDAY), 10, now=MONDAY)
        roll_up(shop.program, NOW)
        late = queries.counted(program=shop.program, now=NOW + timedelta(days=10))
        assert late is not None
        assert late.through == TODAY - timedelta(days=1)


class TestWhatIsOwed:
    def test_is_what_the_lots_say_by_the_month_of_their_last_day(self, shop):
        ada = shop.member(7001)
        shop.give(ada, 100, now=NOW, expires_at=datetime(2026, 5, 1, tzinfo=UTC))  # the last day is 30 April
        shop.give(ada, 20, now=NOW, expires_at=datetime(2026, 5, 2, tzinfo=UTC))
        shop.give(ada, 3, now=NOW)
        account = Account.objects.get(member=ada)
        ledger.hold(program_id=shop.program.pk, account_id=account.pk, points=3, key="h", now=NOW)
        # What is over, and no job has said so yet:
        shop.give(ada, 1000, now=NOW - timedelta(days=9), expires_at=NOW - timedelta(days=1))
        roll_up(shop.program, NOW)
        owed = Liability.objects.latest("counted_at")
        balances = shop.balances(ada)
        assert (owed.spendable, owed.held) == (balances.available, balances.held) == (120, 3)
        assert queries.ends_of(owed) == {date(2026, 4, 1): 97, date(2026, 5, 1): 20, None: 3}

    def test_has_pending_points_beside_it(self, shop):
        ada = shop.member(7001)
        shop.action(approval_days=14)
        shop.award("k", customer=ada.email)
        roll_up(shop.program, NOW)
        owed = Liability.objects.latest("counted_at")
        assert (owed.open, owed.pending) == (0, 100)

    def test_ends_with_its_member_where_inactivity_ends_points(self, shop):
        shop.set(points_expiry_enabled=True, expiry_model="inactivity", points_expiry_days=60)
        ada = shop.member(7001)
        shop.give(ada, 40, now=NOW)
        Account.objects.filter(member=ada).update(inactive_at=datetime(2026, 5, 1, tzinfo=UTC))
        roll_up(shop.program, NOW)
        owed = Liability.objects.latest("counted_at")
        assert queries.ends_of(owed) == {date(2026, 4, 1): 40}


class TestBreakdowns:
    def test_tiers_say_who_stands_on_them(self, shop):
        base, gold = shop.tier("Base", 0), shop.tier("Gold", 1000)
        ada, bob = shop.member(7001), shop.member(7002)
        TierMembership.objects.update_or_create(
            member=ada, defaults={"program": shop.program, "tier": gold, "reached_at": NOW}
        )
        TierMembership.objects.update_or_create(
            member=bob, defaults={"program": shop.program, "tier": base, "reached_at": NOW}
        )
        assert [(each.name, each.members) for each in by_tier(span=YEAR)] == [("Base", 1), ("Gold", 1)]

    def test_tiers_say_what_those_on_them_bought_earned_and_spent(self, shop):
        base, gold = shop.tier("Base", 0), shop.tier("Gold", 1000)
        ada, bob = shop.member(7001, now=MONDAY), shop.member(7002, now=MONDAY)
        for member, tier in ((ada, gold), (bob, base)):
            TierMembership.objects.update_or_create(
                member=member,
                defaults={"program": shop.program, "tier": tier, "reached_at": NOW, "is_locked": True},
            )
        shop.give(ada, 100, now=MONDAY)
        shop.give(bob, 40, now=MONDAY)
        spend(shop.program, ada, 30, MONDAY + timedelta(days=1))
        heard(shop, order(1, 1000, at=MONDAY, customer=7001), order(2, 500, at=MONDAY, customer=7002))
        heard(shop, order(3, 900, at=NOW, customer=7001))
        roll_up(shop.program, NOW)
        found = [(e.name, e.orders, e.revenue_minor, e.issued, e.spent) for e in by_tier(span=YEAR)]
        assert found == [("Base", 1, 500, 40, 0), ("Gold", 1, 1000, 100, 30)]  # today is not over
        one_day = by_tier(span=Span(MONDAY.date(), MONDAY.date()))
        assert [each.spent for each in one_day] == [0, 0]

    def test_a_members_past_moves_to_their_tier_once_a_day(self, shop):
        base, gold = shop.tier("Base", 0), shop.tier("Gold", 1000)
        ada = shop.member(7001, now=MONDAY)
        shop.give(ada, 100, now=MONDAY)
        standing = {"program": shop.program, "reached_at": NOW}
        TierMembership.objects.update_or_create(member=ada, defaults={**standing, "tier": base})
        roll_up(shop.program, NOW)
        TierMembership.objects.update_or_create(member=ada, defaults={**standing, "tier": gold})
        roll_up(shop.program, NOW + timedelta(days=1))
        assert [(each.name, each.issued) for each in by_tier(span=YEAR)] == [("Base", 0), ("Gold", 100)]

    def test_referrals_count_what_happened_in_the_span(self, shop):
        ada = shop.member(7001)
        heard(shop, order(1, 5000, at=NOW))
        for number, more in enumerate((
            {"state": "completed", "order_id": 1, "converted_at": NOW, "completed_at": NOW},
            {"state": "pending"},
            {"state": "pending", "is_test": True},
            {"state": "ended", "converted_at": NOW, "ended_at": NOW},
            {"state": "pending", "claimed_at": NOW - timedelta(days=90)},
        )):  # fmt: skip
            Referral.objects.create(**{
                "program": shop.program, "public_id": f"r{number}", "advocate": ada, "friend_key": str(number), "rule_id": 1,
                "claimed_at": NOW, "created_at": NOW, "updated_at": NOW, "expires_at": NOW, **more,
            })  # fmt: skip
        found = referred(span=Span(TODAY, TODAY), zone=shop.program.zone)
        assert (found.claimed, found.converted, found.completed, found.revenue_minor) == (3, 1, 1, 5000)

    def test_a_campaign_stands_beside_as_many_days_before_it(self, shop):
        rule = shop.action()
        shop.campaign(rule, "2", starts=MONDAY + timedelta(days=7), ends=MONDAY + timedelta(days=14))
        Campaign.objects.update(budget_points=1000)
        shop.member(7001, now=MONDAY - timedelta(days=30))
        shop.award("k", now=MONDAY + timedelta(days=8))
        heard(shop, order(1, 1000, at=MONDAY), order(2, 3000, at=MONDAY + timedelta(days=8)))
        roll_up(shop.program, NOW)
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        (ran,) = campaigns_run(of=found, span=YEAR, zone=shop.program.zone)
        assert (ran.cost, ran.budget, ran.span.days) == (100, 1000, 8)
        assert (ran.revenue_minor, ran.before_minor) == (3000, 1000)

    def test_a_campaign_without_a_budget_costs_what_its_awards_had_beyond_the_rule(self, shop):
        shop.tier("Base", 0, "1.5")
        for key, multiplier in (("app_install", "2"), ("plain", None)):
            rule = shop.action(key, 101, now=MONDAY - timedelta(days=9))
            if multiplier:
                shop.campaign(rule, multiplier, starts=MONDAY, ends=MONDAY + timedelta(days=7))
        shop.member(7001, now=MONDAY - timedelta(days=30))
        for number in range(2):
            shop.award(f"in-{number}", now=MONDAY + timedelta(days=number))
        shop.award("p", action="plain", now=MONDAY + timedelta(days=1))
        shop.award("late", now=MONDAY + timedelta(days=8))
        roll_up(shop.program, NOW)
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        (ran,) = campaigns_run(of=found, span=YEAR, zone=shop.program.zone)
        assert (ran.cost, ran.budget) == (2 * (303 - 151), None)

    def test_extra_points_are_part_of_what_a_campaign_costs(self, shop):
        shop.campaign(shop.action(now=MONDAY), "1", starts=MONDAY, ends=MONDAY + timedelta(days=7))
        CampaignModifier.objects.update(extra_points=25)
        shop.member(7001, now=MONDAY)
        shop.award("k", now=MONDAY + timedelta(days=1))
        roll_up(shop.program, NOW)
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        assert [ran.cost for ran in campaigns_run(of=found, span=YEAR, zone=shop.program.zone)] == [25]

    def test_campaigns_of_one_name_on_the_same_days_cost_what_each_of_them_gave(self, shop):
        for key, multiplier in (("app_install", "2"), ("plain", "3")):
            shop.campaign(shop.action(key, 100), multiplier, starts=MONDAY, ends=MONDAY + timedelta(days=7))
        Campaign.objects.update(name="Double week")
        shop.member(7001, now=MONDAY)
        shop.award("a", now=MONDAY + timedelta(days=1))
        shop.award("b", action="plain", now=MONDAY + timedelta(days=1))
        roll_up(shop.program, NOW)
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        ran = campaigns_run(of=found, span=YEAR, zone=shop.program.zone)
        assert [(each.name, each.cost) for each in ran] == [("Double week", 200), ("Double week", 100)]

    def test_what_was_awarded_before_campaigns_were_recorded_counts_by_name(self, shop):
        shop.campaign(shop.action(), "2", starts=MONDAY, ends=MONDAY + timedelta(days=7))
        shop.member(7001, now=MONDAY)
        shop.award("k", now=MONDAY + timedelta(days=1))
        award = Award.objects.get()
        del award.breakdown["campaign"]["id"]
        Award.objects.update(breakdown=award.breakdown)
        roll_up(shop.program, NOW)
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        assert [each.cost for each in campaigns_run(of=found, span=YEAR, zone=shop.program.zone)] == [100]

    def test_a_campaign_that_nobody_used_costs_nothing(self, shop):
        shop.campaign(shop.action(), "2", starts=MONDAY, ends=MONDAY + timedelta(days=7))
        shop.member(7001, now=MONDAY)
        roll_up(shop.program, NOW)
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        (ran,) = campaigns_run(of=found, span=YEAR, zone=shop.program.zone)
        assert (ran.cost, ran.before_minor) == (0, None)


def test_the_whole_is_read_in_few_statements(shop, django_assert_max_num_queries):
    shop.give(shop.member(7001, now=MONDAY), 5, now=MONDAY)
    roll_up(shop.program, NOW)
    with django_assert_max_num_queries(7):
        found = queries.counted(program=shop.program, now=NOW)
        assert found is not None
        queries.totals(of=found, spans=[YEAR, replace(YEAR, first=TODAY)])
