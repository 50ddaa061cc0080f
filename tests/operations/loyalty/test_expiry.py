"""Points that end: by their own day or by inactivity, in sets, and unspendable from their instant on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from loyalty.earning.operations import adjust_points, approve
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import InsufficientPoints
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.ledger.operations.expiry import expire_some
from loyalty.ledger.queries import standings_of
from loyalty.ledger.tasks import expire_due as expiry_job
from loyalty.outbox.models import Event
from loyalty.programs.models import ScheduledRun
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
END = NOW + timedelta(days=1)


class TestExpiringInSets:
    def test_writes_an_entry_per_lot_and_an_event_per_account(self, shop):
        ada, bob = shop.member(7001), shop.member(7002)
        for member, lots in ((ada, (10, 20, 5)), (bob, (7,))):
            for number, points in enumerate(lots):
                shop.give(member, points, expires_at=END - timedelta(hours=number))
        shop.give(ada, 100)
        assert ledger.expire_due(now=END) == 2
        assert (shop.balances(ada).available, shop.balances(bob).available) == (100, 0)
        entries = Entry.objects.filter(kind="expiry", account__member=ada).order_by("sequence")
        assert list(entries.values_list("points", "balance_after")) == [(-5, 130), (-20, 110), (-10, 100)]
        assert [event.payload["points"] for event in Event.objects.filter(kind="points.expired").order_by("member_id")] == [
            35, 7,
        ]  # fmt: skip
        with shop.nothing_changes():
            assert ledger.expire_due(now=END) == 0

    def test_goes_in_steps_of_any_size(self, shop):
        for number in range(7):
            shop.give(shop.member(7001 + number), 10, expires_at=END)
        step = expire_some(now=END, limit=3)
        assert (step.accounts, step.points) == (3, 30)
        assert Lot.objects.filter(remaining__gt=0).count() == 4
        assert expire_some(now=END, cursor=step.cursor, limit=3).accounts == 3
        assert ledger.expire_due(now=END, limit=2) == 1

    def test_passes_an_account_that_cannot_be_expired_and_says_so(self, shop, caplog):
        ada, bob = shop.member(7001, points=1), shop.member(7002)
        for member in (ada, bob):
            shop.give(member, 10, expires_at=END)
        with connection.cursor() as cursor:  # what no verb does: the balance lacks what the lots hold
            cursor.execute("UPDATE ledger_account SET available = 0 WHERE member_id = %s", [ada.pk])
        assert ledger.expire_due(now=END) == 1
        assert shop.balances(bob, END).available == 0
        assert "could not be expired" in caplog.text
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET available = 11 WHERE member_id = %s", [ada.pk])

    def test_leaves_other_shops_alone(self, shop):
        other = AShop.new()
        member = other.member()
        other.give(member, 10, expires_at=END)
        assert ledger.expire_due(now=END) == 0
        other.assert_sound()

    def test_is_recorded_by_the_job(self, shop):
        shop.give(shop.member(now=NOW - timedelta(days=99)), 10, now=NOW - timedelta(days=99), expires_at=NOW)
        shop.set(points_expiry_enabled=True, points_expiry_days=30, expiry_model="inactivity")
        shop.give(shop.member(7002, now=NOW - timedelta(days=99)), 5, now=NOW - timedelta(days=99))
        expiry_job()
        found = ScheduledRun.objects.get(name="expire")
        assert (found.counts, found.error) == ({"accounts": 2, "lots": 2, "points": 15}, "")


class TestInactivity:
    @pytest.fixture(autouse=True)
    def thirty_days(self, shop):
        shop.set(
            points_expiry_enabled=True, points_expiry_days=30, expiry_model="inactivity", time_zone="Europe/Berlin"
        )

    def ends(self, member):
        return Account.objects.get(member=member).inactive_at

    def test_ends_the_whole_balance_with_the_shops_day(self, shop):
        ada = shop.member()
        shop.action(points=40)
        shop.award()
        shop.award()
        end = datetime(2026, 3, 31, 22, tzinfo=UTC)  # 1 April in Berlin, in summer time by then
        assert self.ends(ada) == end
        standing = standings_of(member_ids=[ada.pk], now=NOW)[ada.pk]
        assert (standing.balances.available, standing.next_expires_at) == (80, end)
        assert shop.balances(ada, end - timedelta(seconds=1)).available == 80
        assert shop.balances(ada, end).available == 0
        account = Account.objects.get(member=ada)
        with pytest.raises(InsufficientPoints):
            ledger.hold(program_id=shop.program.pk, account_id=account.pk, key="h", points=1, now=end)
        assert Account.objects.get(member=ada).available == 0
        assert set(Entry.objects.filter(kind="expiry").values_list("points", "effective_at")) == {(-40, end)}

    def test_begins_anew_with_every_earning_and_spending(self, shop):
        ada = shop.member(points=100)
        later = NOW + timedelta(days=20)
        account = Account.objects.get(member=ada).pk
        held = ledger.hold(program_id=shop.program.pk, account_id=account, key="h", points=30, now=later)
        assert self.ends(ada) == datetime(2026, 3, 31, 22, tzinfo=UTC)
        ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key="c", source="t", now=later)
        assert self.ends(ada) == datetime(2026, 4, 20, 22, tzinfo=UTC)
        adjust_points(member=ada, points=5, source="staff", now=later + timedelta(days=1))
        assert self.ends(ada) == datetime(2026, 4, 21, 22, tzinfo=UTC)

    def test_is_not_put_off_by_what_is_taken(self, shop):
        ada = shop.member(points=100)
        before = self.ends(ada)
        adjust_points(member=ada, points=-5, source="staff", now=NOW + timedelta(days=3))
        assert self.ends(ada) == before

    def test_never_brings_points_back_that_had_ended(self, shop):
        ada = shop.member(points=100)
        late = NOW + timedelta(days=40)
        shop.give(ada, 7, now=late)
        assert shop.balances(ada, late).available == 7

    def test_ends_held_points_when_they_are_released_too_late(self, shop):
        ada = shop.member(points=100)
        account, late = Account.objects.get(member=ada).pk, NOW + timedelta(days=40)
        held = ledger.hold(program_id=shop.program.pk, account_id=account, key="h", points=30, now=NOW)
        ledger.expire_due(now=late)
        assert shop.balances(ada, late).held == 30
        assert ledger.release(program_id=shop.program.pk, hold_id=held.hold_id, now=late) == 0
        assert (shop.balances(ada, late).available, shop.balances(ada, late).held) == (0, 0)

    def test_ends_the_rest_before_a_late_capture_moves_it(self, shop):
        ada = shop.member(points=100)
        account, late = Account.objects.get(member=ada).pk, NOW + timedelta(days=40)
        held = ledger.hold(program_id=shop.program.pk, account_id=account, key="h", points=30, now=NOW)
        ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key="c", source="t", now=late)
        assert (shop.balances(ada, late).available, shop.balances(ada, late).redeemed) == (0, 30)

    def test_leaves_pending_points_alone_until_they_are_approved(self, shop):
        shop.action(points=40, approval_days=60)
        ada = shop.member()
        waiting = shop.award()
        late = NOW + timedelta(days=60)
        ledger.expire_due(now=late)
        approve(public_id=waiting.public_id, now=late)
        assert shop.balances(ada, late).available == 40
        assert self.ends(ada) == datetime(2026, 5, 30, 22, tzinfo=UTC)

    def test_agrees_in_the_database_and_here_where_a_midnight_is_skipped(self, shop):
        shop.set(time_zone="America/Santiago", points_expiry_days=1)
        now = datetime(2026, 9, 4, 15, tzinfo=UTC)  # the day after the next begins at 01:00
        ada, bob = shop.member(7001, points=10, now=now), shop.member(7002)
        ledger.bring_balance(
            account_id=Account.objects.get(member=bob).pk, lots=[ledger.OpeningLot(5, now)], lifetime=5, redeemed=0,
            key="b", now=now,
        )  # fmt: skip
        assert self.ends(ada) == self.ends(bob) == datetime(2026, 9, 6, 4, tzinfo=UTC)

    def test_gives_points_no_end_of_their_own(self, shop):
        shop.action(points=40)
        shop.member()
        shop.award()
        assert Lot.objects.get().expires_at is None

    def test_stays_as_it_was_noted_until_the_member_is_active_under_other_settings(self, shop):
        ada = shop.member(points=10)
        noted = self.ends(ada)
        shop.set(points_expiry_days=0)
        assert self.ends(ada) == noted
        shop.give(ada, 1)
        assert self.ends(ada) is None

    def test_follows_who_was_active_last_through_a_merge(self, shop):
        ada, bob = shop.member(7001, points=10), shop.member(7002)
        shop.give(bob, 5, now=NOW + timedelta(days=9))
        pks = [Account.objects.get(member=member).pk for member in (bob, ada)]
        ledger.merge_accounts(from_account_id=pks[0], into_account_id=pks[1], key="m", now=NOW + timedelta(days=9))
        assert self.ends(ada) == datetime(2026, 4, 9, 22, tzinfo=UTC)
