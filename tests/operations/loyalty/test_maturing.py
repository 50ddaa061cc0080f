"""Points whose waiting is over become spendable in sets, as if each had been approved on its own."""

from datetime import timedelta

import pytest
from django.db import connection

from loyalty.earning.models import Award
from loyalty.earning.operations import approve_due, approve_some, set_excluded
from loyalty.earning.tasks import approve_due as approval_job
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.outbox.models import Event
from loyalty.programs.models import ScheduledRun
from loyalty.tiers.queries import tier_of
from tests.a_shop import NOW

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(days=14)


@pytest.fixture
def people(shop):
    shop.tier("Member", 0)
    shop.tier("Gold", 200)
    shop.action(points=100, approval_days=14)
    return [shop.member(7001 + number) for number in range(3)]


class TestASetOfDueAwards:
    def test_is_approved_with_an_event_each_and_tiers_reached(self, shop, people):
        ada, bob, _ = people
        for customer in (7001, 7001, 7002):
            shop.award(customer=customer)
        shop.set(points_expiry_enabled=True, points_expiry_days=30)
        assert approve_due(now=DUE) == 3
        assert [shop.balances(member, DUE).available for member in people] == [200, 100, 0]
        assert (tier_of(member_id=ada.pk).name, tier_of(member_id=bob.pk).name) == ("Gold", "Member")
        told = Event.objects.filter(kind="points.earned", member_id=ada.pk).order_by("sequence")
        assert [(event.payload["balance"], event.payload["lifetime"]) for event in told] == [(100, 100), (200, 200)]
        assert {event.payload["rule_name"] for event in told} == {"app_install"}
        assert all(event.payload["was_pending"] and event.payload["award_id"].startswith("cer_") for event in told)
        end = (DUE + timedelta(days=31)).replace(hour=0)
        assert set(Award.objects.values_list("status", "given_at", "expires_at")) == {("approved", DUE, end)}
        assert set(Lot.objects.values_list("state", "available_at", "expires_at")) == {("available", DUE, end)}
        with shop.nothing_changes():
            assert approve_due(now=DUE) == 0

    def test_says_the_same_of_an_award_as_approving_it_alone(self, shop, people):
        shop.award(customer=7001)
        shop.award(customer=7002)
        alone = Award.objects.get(member=people[1])
        ledger.mature(entry_id=alone.entry_id, now=DUE, event={})
        approve_due(now=DUE)
        one, other = Event.objects.filter(kind="points.earned").order_by("member_id")
        assert set(other.payload) - set(one.payload) == set()
        assert other.payload["points"] == one.payload["points"] == 100

    def test_repays_a_debt_first(self, shop, people):
        shop.give(people[0], 50)
        account, given = Account.objects.get(member=people[0]), Entry.objects.get(points=50)
        held = ledger.hold(program_id=shop.program.pk, account_id=account.pk, key="h", points=50, now=NOW)
        ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key="c", source="t", now=NOW)
        ledger.reverse(entry_id=given.pk, points=30, key="r", now=NOW, shortfall=ledger.Shortfall.DEBT)
        shop.award(customer=7001)
        shop.award(customer=7002)
        assert approve_due(now=DUE) == 2
        stands = shop.balances(people[0], DUE)
        assert (stands.available, stands.debt, shop.balances(people[1], DUE).available) == (70, 0, 100)

    def test_follows_points_that_a_merge_moved(self, shop, people):
        shop.award(customer=7001)
        source, target = (Account.objects.get(member=member).pk for member in people[:2])
        ledger.merge_accounts(from_account_id=source, into_account_id=target, key="m", now=NOW)
        assert approve_due(now=DUE) == 1
        assert shop.balances(people[1], DUE).available == 100

    def test_goes_in_steps_and_leaves_the_excluded_waiting(self, shop, people):
        for customer in (7001, 7002, 7003):
            shop.award(customer=customer)
        set_excluded(member_id=people[0].pk, excluded=True, now=NOW)
        step = approve_some(now=DUE, limit=1)
        assert step.awards == 1
        assert approve_some(now=DUE, cursor=step.cursor, limit=1).awards == 1
        assert list(Award.objects.filter(status="pending").values_list("member_id", flat=True)) == [people[0].pk]

    def test_is_not_held_up_by_one_that_cannot_be_approved(self, shop, people, caplog):
        for customer in (7001, 7002):
            shop.award(customer=customer)
        with connection.cursor() as cursor:  # what no verb does
            cursor.execute("UPDATE ledger_account SET pending = 0 WHERE member_id = %s", [people[0].pk])
        assert approve_due(now=DUE) == 1
        assert shop.balances(people[1], DUE).available == 100
        assert "could not be approved" in caplog.text
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET pending = 100 WHERE member_id = %s", [people[0].pk])

    def test_is_recorded_by_the_job(self, shop):
        shop.action(points=100, approval_days=1)
        shop.member(now=NOW - timedelta(days=31))
        shop.award(now=NOW - timedelta(days=30))
        approval_job()
        found = ScheduledRun.objects.get(name="approve")
        assert (found.counts, found.error) == ({"awards": 1}, "")
