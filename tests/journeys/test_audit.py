"""`/v1/audit`: last night's proof of the shop's ledger, asked for over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from loyalty.ledger.audit import INVARIANTS
from loyalty.ledger.proving import AUDIT, prove_some
from loyalty.ledger.tasks import prove_ledgers
from loyalty.programs.models import ScheduledRun
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    made.member(7001, points=10)
    return made


def asked(shop, status=200):
    answer = Client().get("/v1/audit", headers={"Authorization": shop.key("read_only")})
    assert answer.status_code == status
    return answer.json()["data"]["attributes"] if status == 200 else answer.json()["errors"][0]


def lie(shop):
    with shop.scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET available = 11 WHERE program_id = %s", [shop.program.pk])


class TestTheAudit:
    def test_is_nothing_before_the_first_night(self, shop):
        assert asked(shop, 404)["detail"] == "The ledger has not been proved yet; the first proof is made tonight"

    def test_says_that_every_invariant_holds(self, shop):
        prove_ledgers()
        told = asked(shop)
        assert (told["status"], told["invariants"], told["invariants_checked"]) == ("proved", INVARIANTS, INVARIANTS)
        assert (told["broken_rows"], told["findings"]) == (0, [])

    def test_says_which_rows_lie_and_to_no_other_shop(self, shop):
        other = AShop.new()
        lie(shop)
        prove_ledgers()
        told = asked(shop)
        assert (told["status"], told["broken_rows"]) == ("broken", len(told["findings"]))
        assert {"balance is not the sum of its entries", "lots do not hold what the balance says"} <= {
            each["invariant"] for each in told["findings"]
        }
        assert told["findings"][0]["figures"] == "entries 10, balances 11"
        assert asked(other)["status"] == "proved"

    def test_is_the_newest_that_has_ended(self, shop):
        lie(shop)
        prove_ledgers()
        with shop.scope(), connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET available = 10 WHERE program_id = %s", [shop.program.pk])
        assert asked(shop)["status"] == "broken"
        prove_ledgers()
        assert asked(shop)["status"] == "proved"
        with shop.scope():
            later = timezone.now() + timedelta(minutes=1)
            ScheduledRun.objects.create(program=shop.program, name=AUDIT, started_at=later, leased_until=later)
        assert asked(shop)["status"] == "proved"

    def test_that_could_not_look_at_everything_proves_nothing(self, shop, monkeypatch):
        def fail(**_):
            raise RuntimeError("secret")

        monkeypatch.setattr("loyalty.ledger.proving.check", fail)
        prove_ledgers()
        told = asked(shop)
        assert (told["status"], told["invariants_checked"]) == ("failed", 0)
        assert "secret" not in str(told)

    def test_counts_a_row_once_when_a_step_was_cut_off_and_repeated(self, shop):
        lie(shop)
        at = timezone.now()
        with shop.scope():
            prove_some(shop.program, "0", at)  # what a worker did before it died
            past = at - timedelta(minutes=10)
            ScheduledRun.objects.create(program=shop.program, name=AUDIT, started_at=past, leased_until=past)
        prove_ledgers()
        told = asked(shop)
        rows = [(each["invariant"], each["row_id"]) for each in told["findings"]]
        assert len(rows) == len(set(rows)) == told["broken_rows"]
