"""The audit finds every kind of lie, and names the row that tells it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from loyalty.ledger import operations as ledger
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Entry, Hold, Lot
from tests.a_shop import NOW, AShop


@pytest.fixture
def books(db):
    """A shop whose ledger has one of everything, found sound."""
    made = AShop.new()
    member = made.member(7001, points=100)
    with made.scope():
        account = Account.objects.get(member=member)
        common = {"program_id": made.program.pk, "account_id": account.pk, "now": NOW}
        ledger.accrue(**common, key="pending", points=40, source="test", due_at=NOW)
        taken = ledger.accrue(**common, key="taken", points=30, source="test")
        ledger.reverse(entry_id=taken.entry_id, points=10, key="back", now=NOW)
        spent = ledger.hold(**common, key="spent", points=50)
        ledger.capture(program_id=made.program.pk, hold_id=spent.hold_id, key="spend", source="reward", now=NOW)
        ledger.hold(**common, key="held", points=20)
        assert audit(program_id=made.program.pk) == []
        yield made


def plant(statement, *values):
    """A lie, past every guard: constraints stay, the journal's trigger is off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = origin")


def found(books):
    return {(finding.invariant, finding.table, finding.row_id) for finding in audit(program_id=books.program.pk)}


class TestAPlantedLie:
    def test_in_a_balance_is_found(self, books):
        account = Account.objects.get()
        plant("UPDATE ledger_account SET available = available + 1 WHERE id = %s", account.pk)
        assert found(books) == {
            ("balance is not the sum of its entries", "account", account.pk),
            ("lots do not hold what the balance says", "account", account.pk),
        }

    def test_in_an_entry_is_found(self, books):
        entry = Entry.objects.get(key="pending")
        plant("UPDATE ledger_entry SET points = 41 WHERE id = %s", entry.pk)
        assert found(books) == {
            ("balance is not the sum of its entries", "account", entry.account_id),
            ("an accrual has not exactly one lot of its points", "entry", entry.pk),
        }

    def test_in_an_entry_that_is_gone_is_found(self, books):
        entry = Entry.objects.get(key="back")
        plant("DELETE FROM ledger_consumption WHERE entry_id = %s", entry.pk)
        plant("DELETE FROM ledger_entry WHERE id = %s", entry.pk)
        assert ("balance is not the sum of its entries", "account", entry.account_id) in found(books)

    def test_in_what_a_lot_has_left_is_found(self, books):
        lot = Lot.objects.filter(state="available", remaining__gt=0).first()
        plant("UPDATE ledger_lot SET remaining = remaining - 1 WHERE id = %s", lot.pk)
        assert found(books) == {
            ("lots do not hold what the balance says", "account", lot.account_id),
            ("a lot's remaining points are not its points less what it paid", "lot", lot.pk),
        }

    def test_in_a_pending_lot_is_found(self, books):
        lot = Lot.objects.get(state="pending")
        plant(
            "UPDATE ledger_account SET pending = pending + 5, available = available - 5 WHERE id = %s", lot.account_id
        )
        assert found(books) == {("lots do not hold what the balance says", "account", lot.account_id)}

    def test_in_a_consumption_is_found(self, books):
        hold = Hold.objects.get(state="active")
        plant("UPDATE ledger_consumption SET points = points + 1 WHERE hold_id = %s", hold.pk)
        assert ("a hold did not draw its points from lots", "hold", hold.pk) in found(books)

    def test_in_what_is_held_is_found(self, books):
        account = Account.objects.get()
        plant("UPDATE ledger_account SET held = held + 1, available = available - 1 WHERE id = %s", account.pk)
        assert ("active holds are not what is held", "account", account.pk) in found(books)

    def test_in_a_hold_is_found(self, books):
        hold = Hold.objects.get(state="active")
        plant("UPDATE ledger_hold SET points = points + 1 WHERE id = %s", hold.pk)
        assert found(books) == {
            ("active holds are not what is held", "account", hold.account_id),
            ("a hold did not draw its points from lots", "hold", hold.pk),
        }

    def test_in_a_balance_that_went_below_zero_is_found(self, books):
        entry = Entry.objects.get(key="spend")
        plant("UPDATE ledger_entry SET balance_after = -1 WHERE id = %s", entry.pk)
        assert found(books) == {("an entry shows an impossible balance or number", "entry", entry.pk)}

    def test_in_a_redemption_without_its_hold_is_found(self, books):
        entry = Entry.objects.get(key="spend")
        plant("UPDATE ledger_hold SET entry_id = NULL, state = 'released' WHERE entry_id = %s", entry.pk)
        assert ("a redemption is not the capture of a hold", "entry", entry.pk) in found(books)

    def test_in_a_reversal_beyond_its_award_is_found(self, books):
        award = Entry.objects.get(key="taken")
        plant("UPDATE ledger_entry SET points = -31 WHERE key = 'back' AND program_id = %s", books.program.pk)
        assert ("more was taken back than was granted", "entry", award.pk) in found(books)

    def test_in_a_second_lot_of_one_award_is_found(self, books):
        award = Entry.objects.get(key="taken")
        plant(
            """INSERT INTO ledger_lot (program_id, account_id, entry_id, state, points, remaining, earned_at)
            SELECT program_id, account_id, entry_id, 'rejected', 1, 0, earned_at FROM ledger_lot WHERE entry_id = %s""",
            award.pk,
        )
        assert ("an accrual has not exactly one lot of its points", "entry", award.pk) in found(books)

    def test_in_the_number_of_an_entry_is_found(self, books):
        entry = Entry.objects.get(key="back")
        plant("UPDATE ledger_entry SET sequence = 99 WHERE id = %s", entry.pk)
        assert found(books) == {
            ("an entry shows an impossible balance or number", "entry", entry.pk),
            ("the account's last entry is not its newest", "account", entry.account_id),
        }

    def test_in_which_entry_was_the_last_is_found(self, books):
        entry = Entry.objects.get(key="back")
        plant("UPDATE ledger_account SET last_entry_id = %s WHERE id = %s", entry.pk, entry.account_id)
        assert found(books) == {("the account's last entry is not its newest", "account", entry.account_id)}

    def test_in_one_shop_is_none_of_another(self, books):
        other = AShop.new()
        other.member(1, points=5)
        plant("UPDATE ledger_account SET available = available + 1 WHERE program_id = %s", books.program.pk)
        assert audit(program_id=other.program.pk) == []


class TestTheDatabaseItselfRefuses:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_account SET available = -1",
            "UPDATE ledger_account SET debt = 1",
            "UPDATE ledger_lot SET remaining = points + 1",
            "UPDATE ledger_lot SET remaining = -1",
            "UPDATE ledger_hold SET points = 0",
            "UPDATE ledger_hold SET state = 'captured', entry_id = NULL",
            "UPDATE ledger_consumption SET points = 0",
            "UPDATE ledger_entry SET points = points",
            "DELETE FROM ledger_entry",
        ],
    )
    def test_what_no_verb_would_do(self, books, statement):
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            with pytest.raises(Exception, match=r"violates check constraint|append-only"):
                cursor.execute(statement)
            cursor.execute("ROLLBACK TO SAVEPOINT before")
        books.assert_sound()


@pytest.mark.django_db(transaction=True)
class TestTheCommand:
    def test_says_that_a_shop_is_clean(self):
        shop = AShop.new()
        shop.member(1, points=5)
        out = StringIO()
        call_command("audit_ledger", shop=shop.program.shopify_domain, stdout=out)
        assert out.getvalue().startswith("Clean: 1 shops")

    def test_names_the_row_that_lies_and_fails(self):
        shop = AShop.new()
        member = shop.member(1, points=5)
        with shop.scope():
            account = Account.objects.get(member=member)
            Account.objects.update(available=6)
        out = StringIO()
        with pytest.raises(CommandError, match="2 rows lie"):
            call_command("audit_ledger", stdout=out)
        assert f"{shop.program.shopify_domain}: account {account.pk}: balance is not the sum" in out.getvalue()

    def test_knows_no_shop_that_is_not_there(self):
        with pytest.raises(CommandError, match=r"No shop nobody\.myshopify\.com"):
            call_command("audit_ledger", shop="nobody.myshopify.com")
