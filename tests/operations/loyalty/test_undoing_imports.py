"""One press takes a whole import back, by entries: what is there is taken, what is spent follows the shop's rule."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from loyalty.imports import operations
from loyalty.imports.errors import WrongMoment
from loyalty.imports.models import Import, ImportChunk, ImportRow
from loyalty.imports.queries import undoing
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Entry
from loyalty.members.models import Member
from loyalty.programs.models import Program
from tests.a_shop import AShop
from tests.importing import Importer, spend, told

pytestmark = pytest.mark.django_db
TEXT = "email,points\nada@example.com,100\n"


@pytest.fixture
def shop(installed_shop):
    made = AShop(Program.objects.get(pk=installed_shop.program_id))
    with made.scope():
        yield made
    assert audit(program_id=made.program.pk) == []


@pytest.fixture
def importer(shop):
    return Importer(shop.program, now=timezone.now())


class TestPoints:
    def test_that_are_there_are_taken_back_and_the_member_stays(self, importer):
        undone = importer.undo(importer.run(TEXT))
        account = Account.objects.get()
        assert (undone.state, undone.totals["taken_back"], undone.totals["spent"]) == ("undone", 100, 0)
        assert (account.available, account.lifetime, Member.objects.count()) == (0, 0, 1)
        assert list(Entry.objects.order_by("pk").values_list("kind", "points")) == [
            ("opening", 100),
            ("reversal", -100),
        ]
        assert told() == []

    def test_that_are_spent_stay_spent_where_refunds_are_written_off(self, importer, shop):
        done = importer.run(TEXT)
        spend(Account.objects.get(), 60)
        assert undoing(done).spent == 60
        undone = importer.undo(done)
        account = Account.objects.get()
        assert (account.available, account.debt, undone.totals["taken_back"], undone.totals["spent"]) == (0, 0, 40, 60)

    def test_that_are_spent_are_owed_where_refunds_are(self, importer, shop):
        shop.set(refund_policy="debt")
        done = importer.run(TEXT)
        spend(Account.objects.get(), 60)
        importer.undo(done)
        account = Account.objects.get()
        assert (account.available, account.debt) == (0, 60)

    def test_that_were_deducted_come_back_into_their_lots(self, importer, shop):
        importer.run(TEXT)
        done = importer.run("email,points\nada@example.com,30\n")
        assert Account.objects.get().available == 30
        undone = importer.undo(done)
        account = Account.objects.get()
        assert (account.available, account.lifetime, undone.totals["given_back"]) == (100, 100, 70)
        assert Entry.objects.latest("pk").kind == "return"

    def test_of_a_lifetime_come_back_too(self, importer):
        done = importer.run("email,points,lifetime points\nada@example.com,100,900\n")
        importer.undo(done)
        assert Account.objects.get().lifetime == 0


class TestBirthdays:
    def test_become_what_they_were_unless_changed_since(self, importer):
        importer.run("email,birthday\nada@example.com,1990-01-02\n")
        done = importer.run("email,birthday\nada@example.com,1991-01-02\n")
        importer.undo(done)
        assert Member.objects.get().date_of_birth == date(1990, 1, 2)
        again = importer.run("email,birthday\nada@example.com,1992-01-02\n")
        Member.objects.update(date_of_birth=date(1980, 5, 5))
        importer.undo(again)
        assert Member.objects.get().date_of_birth == date(1980, 5, 5)


class TestThirtyDaysLater:
    def test_file_and_rows_are_gone_and_the_report_stays(self, importer):
        done = importer.run(TEXT)
        operations.drop_old(now=importer.now + timedelta(days=31))
        assert ImportRow.objects.count() == ImportChunk.objects.count() == 0
        kept = Import.objects.get()
        assert (kept.counts["did"], kept.dropped_at is not None) == (1, True)
        with pytest.raises(WrongMoment):
            operations.undo(import_id=done.pk, actor="ada", now=importer.now)
