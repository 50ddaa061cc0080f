"""Entries are append-only, whatever statement reaches the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from loyalty.ledger.models import Entry
from tests.properties.ledger_machine import LedgerMachine


@pytest.mark.django_db
class TestAnEntry:
    @pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET points = 11", "DELETE FROM ledger_entry"])
    def test_can_neither_be_changed_nor_deleted(self, statement: str) -> None:
        machine = LedgerMachine()
        machine.open_two_accounts()
        machine.accrue(which=0, points=10, waits=False, life=None)

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)

        assert Entry.objects.get().points == 10
        machine.teardown()
