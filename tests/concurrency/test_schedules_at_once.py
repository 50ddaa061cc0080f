"""The same schedule in several workers at one moment, beside each other and beside customers: all is done once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from loyalty.earning.operations import approve_due, tell_birthdays_some
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Entry
from loyalty.ledger.operations.reminding import remind_some
from loyalty.ledger.tasks import expire_due as expiry_job
from loyalty.members.models import Member
from loyalty.outbox.models import Event
from loyalty.programs.models import ScheduledRun
from loyalty.tiers.models import TierEntryGrant, TierMembership
from loyalty.tiers.operations import Ladder, TierTerms, change_ladder, place_some, requalify
from loyalty.tiers.queries import misplaced, tier_of
from tests.a_shop import NOW, AShop
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    made = AShop.new()
    with made.scope():
        yield made
        made.assert_sound()


def test_lots_expire_once_however_many_workers_there_are(shop):
    long_ago = NOW - timedelta(days=30)
    for customer in range(7001, 7041):
        shop.give(shop.member(customer, now=long_ago), 10, now=long_ago, expires_at=NOW)
    race(shop, [expiry_job] * 3 + [lambda: ledger.expire_due(now=timezone.now(), limit=7)] * 3)
    assert Entry.objects.filter(kind="expiry").count() == 40
    assert Account.objects.filter(available__gt=0).count() == 0
    assert ScheduledRun.objects.filter(name="expire", finished_at=None).count() == 0
    assert ScheduledRun.objects.exclude(error="").count() == 0


def test_awards_are_approved_once_and_tiers_reached_once(shop):
    shop.tier("Base", 0)
    gold = shop.tier("Gold", 100)
    gold.entry_points = 5
    gold.save()
    shop.action(points=100, approval_days=1)
    members = [shop.member(7001 + number) for number in range(20)]
    for member in members:
        shop.award(customer=member.shopify_customer_id)
    due = NOW + timedelta(days=1)
    sweeps = [lambda: [requalify(member_id=member.pk, now=due) for member in members]] * 2
    race(shop, [lambda: approve_due(now=due, limit=6)] * 4 + sweeps)
    assert {shop.balances(member, due).available for member in members} == {105}
    assert {tier_of(member_id=member.pk).name for member in members} == {"Gold"}
    assert Event.objects.filter(kind="points.earned", payload__source="tier").count() == 20


def test_a_member_is_reminded_once(shop):
    for customer in range(7001, 7021):
        shop.give(shop.member(customer), 10, expires_at=NOW + timedelta(days=1))
    told = race(shop, [lambda: remind_some(now=NOW)] * 4)
    assert sum(each.members for each in told) == Event.objects.filter(kind="points.expiring").count() == 20


def test_members_are_placed_once_beside_awards_and_a_ladder_that_is_edited(shop):
    base, gold = shop.tier("Base", 0), shop.tier("Gold", 1000)
    shop.action(points=10)
    members = [shop.member(7001 + number, points=100) for number in range(60)]

    def edit(grace):
        tiers = [
            TierTerms(tier.name, threshold, entry_points=points, public_id=tier.public_id)
            for tier, threshold, points in ((base, 0, 0), (gold, 100, 5))
        ]
        change_ladder(
            program_id=shop.program.pk, ladder=Ladder(tiers, "points", "calendar_year", grace, "all"), now=NOW
        )

    edit(0)
    shop.program.refresh_from_db()
    sweeps = [lambda: place_some(program=shop.program, now=NOW)] * 3
    awards = [lambda: [shop.award(customer=member.shopify_customer_id) for member in reversed(members)]] * 2
    race(shop, [*sweeps, *awards, lambda: edit(5), lambda: edit(7)])
    shop.program.refresh_from_db()
    place_some(program=shop.program, now=NOW)
    assert misplaced(program=shop.program, now=NOW).member_ids == []
    assert set(TierMembership.objects.values_list("tier__name", flat=True)) == {"Gold"}
    assert TierEntryGrant.objects.count() == Event.objects.filter(kind="tier.changed").count() == 60
    assert {shop.balances(member).available for member in members} == {125}


def test_a_birthday_is_told_of_once(shop):
    for customer in range(7001, 7041):
        member = shop.member(customer, now=NOW - timedelta(days=700))
        Member.objects.filter(pk=member.pk).update(date_of_birth=date(1990, NOW.month, NOW.day))

    def tell():
        cursor, members = "", 0
        while cursor is not None:
            step = tell_birthdays_some(program=shop.program, now=NOW, cursor=cursor, limit=7)
            cursor, members = step.cursor, members + step.members
        return members

    assert sum(race(shop, [tell] * 4)) == Event.objects.filter(kind="member.birthday").count() == 40
