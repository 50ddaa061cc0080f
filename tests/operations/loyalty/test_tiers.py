"""Where members stand: by points, spend and orders, in a lifetime, a calendar year and the last 365 days."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from loyalty.earning.operations import adjust_points, undo
from loyalty.ledger import operations as ledger
from loyalty.members.models import Member
from loyalty.orders.models import Order
from loyalty.outbox.models import Event
from loyalty.tiers.models import TierEntryGrant, TierMembership
from loyalty.tiers.operations import assign, requalify
from loyalty.tiers.queries import figure_of, misplaced, progress_of_all, tier_of
from loyalty.tiers.tasks import requalify_some
from tests.a_shop import NOW

pytestmark = pytest.mark.django_db
_ids = itertools.count(9_000_001)


def order(shop, member, total_minor, *, at=NOW, **more):
    fields = {"paid_at": at, "placed_at": at, "shopify_updated_at": at, "created_at": at, "updated_at": at}
    return Order.objects.create(
        program=shop.program, shopify_order_id=next(_ids), member=member, currency=shop.program.currency,
        total_minor=total_minor, **{**fields, **more},
    )  # fmt: skip


def stands_on(member) -> str:
    tier = tier_of(member_id=member.pk)
    assert tier is not None
    return tier.name


def sweep(shop, now) -> None:
    cursor: str | None = ""
    while cursor is not None:
        cursor = requalify_some(shop.program, cursor, now).cursor


@pytest.fixture
def ladder(shop):
    return [shop.tier("Bronze", 0), shop.tier("Silver", 100, "1.25"), shop.tier("Gold", 500, "1.5")]


@pytest.mark.usefixtures("ladder")
class TestEntryByAmountSpent:
    @pytest.mark.parametrize(
        ("currency", "below", "enough"), [("USD", 99_99, 100_00), ("JPY", 99, 100), ("KWD", 99_999, 100_000)]
    )
    def test_counts_whole_units_of_the_currency(self, shop, currency, below, enough):
        shop.set(tier_entry="spend", currency=currency)
        ada, bob = shop.member(7001), shop.member(7002)
        order(shop, ada, below)
        order(shop, bob, enough)
        sweep(shop, NOW)
        assert (stands_on(ada), stands_on(bob)) == ("Bronze", "Silver")
        assert requalify(member_id=ada.pk, now=NOW).name == "Bronze"

    def test_takes_refunds_off_and_leaves_out_what_does_not_count(self, shop):
        shop.set(tier_entry="spend")
        ada = shop.member()
        order(shop, ada, 120_00, refunded_minor=20_01)
        order(shop, ada, 500_00, cancelled_at=NOW)
        order(shop, ada, 500_00, paid_at=None)
        order(shop, ada, 500_00, is_test=True)
        assert figure_of(program=shop.program, member_id=ada.pk, now=NOW) == 99
        assert requalify(member_id=ada.pk, now=NOW).name == "Bronze"

    def test_ignores_points(self, shop):
        shop.set(tier_entry="spend")
        ada = shop.member(points=1000)
        sweep(shop, NOW)
        assert stands_on(ada) == "Bronze"

    def test_says_what_is_missing_in_its_own_unit(self, shop):
        shop.set(tier_entry="spend")
        ada = shop.member()
        order(shop, ada, 130_50)
        requalify(member_id=ada.pk, now=NOW)
        progress = progress_of_all(program=shop.program, member_ids=[ada.pk], now=NOW)[ada.pk]
        assert (progress.tier.name, progress.next_tier.name, progress.missing) == ("Silver", "Gold", 370)


class TestEntryByOrders:
    def test_counts_orders(self, shop):
        shop.set(tier_entry="purchases")
        shop.tier("Guest", 0)
        shop.tier("Regular", 2)
        ada, bob = shop.member(7001), shop.member(7002)
        for member, number in ((ada, 1), (bob, 2)):
            for _ in range(number):
                order(shop, member, 1_00)
        sweep(shop, NOW)
        assert (stands_on(ada), stands_on(bob)) == ("Guest", "Regular")


@pytest.mark.usefixtures("ladder")
class TestALifetime:
    def test_lifts_at_once_and_falls_at_once(self, shop):
        shop.action(points=100)
        ada = shop.member()
        given = shop.award(action="app_install")
        assert stands_on(ada) == "Silver"
        undo(public_id=given.public_id, now=NOW)
        assert stands_on(ada) == "Bronze"
        told = [(e.payload["direction"], e.payload["new_tier"]) for e in Event.objects.filter(kind="tier.changed")]
        assert sorted(told) == [("down", "Bronze"), ("up", "Silver")]

    def test_keeps_a_tier_for_the_days_of_grace(self, shop):
        shop.set(tier_grace_days=10, time_zone="Europe/Berlin")
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        adjust_points(member=ada, points=-1, source="staff", now=NOW)
        assert stands_on(ada) == "Silver"
        ends = datetime(2026, 3, 11, 23, tzinfo=UTC)
        assert TierMembership.objects.get(member=ada).falls_at == ends
        assert misplaced(program=shop.program, now=ends - timedelta(seconds=1)).member_ids == []
        sweep(shop, ends)
        assert stands_on(ada) == "Bronze"

    def test_forgets_the_grace_of_who_earned_it_back(self, shop):
        shop.set(tier_grace_days=10)
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        adjust_points(member=ada, points=-1, source="staff", now=NOW)
        adjust_points(member=ada, points=1, source="staff", now=NOW)
        assert TierMembership.objects.get(member=ada).falls_at is None
        sweep(shop, NOW + timedelta(days=60))
        assert stands_on(ada) == "Silver"

    def test_forgets_the_grace_with_the_award_that_earns_the_tier_back(self, shop):
        shop.set(tier_grace_days=10)
        shop.action(points=5)
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        adjust_points(member=ada, points=-5, source="staff", now=NOW)
        shop.award(now=NOW + timedelta(days=9))
        assert TierMembership.objects.get(member=ada).falls_at is None
        adjust_points(member=ada, points=-1, source="staff", now=NOW + timedelta(days=9))
        sweep(shop, NOW + timedelta(days=11))
        assert stands_on(ada) == "Silver"  # other days of grace have begun

    def test_is_not_lowered_by_expiry_or_spending(self, shop):
        ada = shop.member()
        shop.give(ada, 100, expires_at=NOW + timedelta(days=1))
        requalify(member_id=ada.pk, now=NOW)
        ledger.expire_due(now=NOW + timedelta(days=2))
        sweep(shop, NOW + timedelta(days=2))
        assert stands_on(ada) == "Silver"

    def test_moves_nobody_who_is_locked(self, shop, ladder):
        ada = shop.member()
        assign(member_id=ada.pk, tier=ladder[2], lock=True, now=NOW)
        sweep(shop, NOW)
        assert requalify(member_id=ada.pk, now=NOW).name == "Gold"
        assign(member_id=ada.pk, tier=ladder[2], lock=False, now=NOW)
        sweep(shop, NOW)
        assert stands_on(ada) == "Bronze"


@pytest.mark.usefixtures("ladder")
class TestACalendarYear:
    @pytest.fixture(autouse=True)
    def by_year(self, shop):
        shop.set(tier_period="calendar_year", time_zone="America/New_York")

    def test_counts_from_the_shops_new_year_and_falls_when_it_is_over(self, shop):
        ada = shop.member()
        shop.give(ada, 100, now=datetime(2026, 1, 1, 4, 59, 59, tzinfo=UTC))  # still last year in New York
        shop.give(ada, 100, now=datetime(2026, 1, 1, 5, tzinfo=UTC))
        assert figure_of(program=shop.program, member_id=ada.pk, now=NOW) == 100
        sweep(shop, NOW)
        assert stands_on(ada) == "Silver"
        new_year = datetime(2027, 1, 1, 5, tzinfo=UTC)
        sweep(shop, new_year - timedelta(seconds=1))
        assert stands_on(ada) == "Silver"
        sweep(shop, new_year)
        assert stands_on(ada) == "Bronze"

    def test_adds_the_days_of_grace(self, shop):
        shop.set(tier_grace_days=90)
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        ends = datetime(2027, 4, 1, 4, tzinfo=UTC)  # in summer time by then
        sweep(shop, ends - timedelta(seconds=1))
        assert stands_on(ada) == "Silver"
        sweep(shop, ends)
        assert stands_on(ada) == "Bronze"

    def test_is_not_lowered_within_the_year_by_a_refund(self, shop):
        shop.set(tier_entry="spend")
        ada = shop.member()
        bought = order(shop, ada, 100_00)
        requalify(member_id=ada.pk, now=NOW)
        Order.objects.filter(pk=bought.pk).update(refunded_minor=60_00)
        requalify(member_id=ada.pk, now=NOW)
        assert stands_on(ada) == "Silver"
        sweep(shop, datetime(2027, 1, 1, 5, tzinfo=UTC))
        assert stands_on(ada) == "Bronze"

    def test_lifts_with_an_award_though_the_lifetime_is_long_past_the_threshold(self, shop):
        shop.action(points=60)
        ada = shop.member(points=400, now=NOW - timedelta(days=400))
        shop.award()
        assert stands_on(ada) == "Bronze"
        shop.award()
        assert stands_on(ada) == "Silver"


@pytest.mark.usefixtures("ladder")
class TestTheLast365Days:
    def test_lets_go_of_what_is_older(self, shop):
        shop.set(tier_period="rolling_year", tier_entry="spend")
        ada = shop.member()
        order(shop, ada, 100_00)
        requalify(member_id=ada.pk, now=NOW)
        sweep(shop, NOW + timedelta(days=365))
        assert stands_on(ada) == "Silver"
        sweep(shop, NOW + timedelta(days=365, seconds=1))
        assert stands_on(ada) == "Bronze"

    def test_spans_a_leap_day(self, shop):
        shop.set(tier_period="rolling_year")
        bought = datetime(2028, 2, 29, 12, tzinfo=UTC)
        ada = shop.member(points=100, now=bought)
        sweep(shop, bought)
        sweep(shop, datetime(2029, 2, 28, 12, tzinfo=UTC))
        assert stands_on(ada) == "Silver"
        sweep(shop, datetime(2029, 2, 28, 12, 0, 1, tzinfo=UTC))
        assert stands_on(ada) == "Bronze"


class TestEntryPoints:
    @pytest.fixture(autouse=True)
    def a_ladder(self, shop):
        self.bronze = shop.tier("Bronze", 0)
        self.gold = shop.tier("Gold", 100)
        self.gold.entry_points = 50
        self.gold.save()

    def test_come_once_when_a_tier_is_reached_and_never_again(self, shop):
        shop.action(points=100)
        ada = shop.member()
        given = shop.award()
        assert shop.balances(ada).available == 150
        undo(public_id=given.public_id, now=NOW)
        assert stands_on(ada) == "Bronze"
        shop.award()
        assert (stands_on(ada), shop.balances(ada).available) == ("Gold", 150)
        assert TierEntryGrant.objects.count() == 1
        event = Event.objects.get(kind="points.earned", payload__source="tier")
        assert (event.payload["points"], event.payload["tier_name"]) == (50, "Gold")

    def test_do_not_lift_further(self, shop):
        shop.tier("Platinum", 140)
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        sweep(shop, NOW)
        assert (stands_on(ada), shop.balances(ada).lifetime) == ("Gold", 100)

    def test_expire_as_other_points_do(self, shop):
        shop.set(points_expiry_enabled=True, points_expiry_days=1)
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        assert shop.balances(ada, now=NOW + timedelta(days=3)).available == 100

    def test_are_for_those_who_take_part(self, shop):
        ada = shop.member(points=100)
        Member.objects.filter(pk=ada.pk).update(status="excluded")
        requalify(member_id=ada.pk, now=NOW)
        assert (stands_on(ada), shop.balances(ada).available) == ("Gold", 100)

    def test_come_with_a_tier_given_by_hand(self, shop):
        ada = shop.member()
        assert assign(member_id=ada.pk, tier=self.gold, lock=True, now=NOW)
        assert not assign(member_id=ada.pk, tier=self.gold, lock=True, now=NOW)
        assert shop.balances(ada).available == 50
