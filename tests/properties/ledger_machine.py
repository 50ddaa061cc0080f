"""The ledger against its plain model: any verbs in any order, replays included, and the audit after every step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django_scopes import scope
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loyalty.errors import Refusal
from loyalty.ledger import operations as ledger
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Consumption, Entry, Lot
from loyalty.members.models import Member
from loyalty.programs.models import Program
from tests.properties.ledger_model import ModelAccount, ModelLot, words

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
POINTS = st.integers(min_value=1, max_value=300)
WHICH = st.integers(min_value=0, max_value=1)
BALANCES = ("available", "pending", "held", "debt", "lifetime", "redeemed")
DAY = 86_400  # seconds
PICK = st.integers(min_value=0, max_value=10_000)


class LedgerMachine(RuleBasedStateMachine):
    """Two accounts of one programme, each with its model."""

    counter = 0

    @initialize(by_inactivity=st.booleans())
    def open_two_accounts(self, by_inactivity: bool = False) -> None:
        LedgerMachine.counter += 1
        # An example is rolled back: rows of earlier ones would make each audit slower than the last.
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.clock, self.lot_number, self.keys = 0, 0, 0
        self.program = Program.objects.create(
            name="p", shopify_domain=f"machine-{LedgerMachine.counter}.myshopify.com", created_at=EPOCH, updated_at=EPOCH,
            points_expiry_enabled=by_inactivity, points_expiry_days=1, expiry_model="inactivity",
        )  # fmt: skip
        self.by_inactivity = by_inactivity
        self.scope = scope(program=self.program)
        self.scope.__enter__()
        self.accounts = [self._account(number) for number in range(2)]
        self.models = [ModelAccount(), ModelAccount()]
        self.entries: list[tuple[int, int, ModelLot]] = []
        self.holds: list[tuple[int, str, int]] = []
        self.captured: list[tuple[int, str, int]] = []
        self.calls: list = []
        self.gone = False

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def _account(self, number: int) -> Account:
        member = Member.objects.create(
            program=self.program, shopify_customer_id=number + 1, referral_code=f"R{number}", enrolled_at=EPOCH,
            created_at=EPOCH, updated_at=EPOCH,
        )  # fmt: skip
        return ledger.open_account(member=member, now=EPOCH)

    @property
    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.clock)

    def _was_active(self, model: ModelAccount, clock: int) -> None:
        """All of it ends a day after the day of the last earning or spending."""
        model.inactive = (clock // DAY + 2) * DAY if self.by_inactivity else None

    def _key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def _do(self, call):
        """Makes a call and remembers it, so that it can be repeated later to no effect."""
        result = call()
        self.calls.append((call, result))
        return result

    def _index(self, which: int) -> int:
        return 1 if self.gone else which

    @rule(which=WHICH, points=POINTS, waits=st.booleans(), life=st.none() | st.integers(1, 60))
    def accrue(self, which: int, points: int, waits: bool, life: int | None) -> None:
        which, now, key = self._index(which), self.now, self._key()
        self.clock += 1
        ends = now + timedelta(seconds=life) if life else None
        due = now + timedelta(days=1) if waits else None
        wanted = {"program_id": self.program.pk, "account_id": self.accounts[which].pk, "key": key, "points": points}
        wanted |= {"source": "test", "now": now, "due_at": due, "expires_at": ends, "event": {}}
        posting = self._do(lambda: ledger.accrue(**words(wanted)))
        self.models[which].expire(self.clock - 1)
        self.lot_number += 1
        expires = self.clock - 1 + life if life and not waits else None
        lot = ModelLot(self.lot_number, points, points, "pending" if waits else "available", self.clock - 1, expires)
        self.models[which].accrue(lot)
        self._was_active(self.models[which], self.clock - 1)
        self.entries.append((which, posting.entry_id, lot))

    @precondition(lambda self: self.entries)
    @rule(pick=PICK, life=st.none() | st.integers(1, 60))
    def mature(self, pick: int, life: int | None) -> None:
        which, entry_id, lot = self.entries[pick % len(self.entries)]
        if lot.state != "pending":
            return
        now = self.now
        ends = now + timedelta(seconds=life) if life else None
        self._do(lambda: ledger.mature(entry_id=entry_id, now=now, expires_at=ends, event={}))
        self.models[self._index(which)].expire(self.clock)
        self.models[self._index(which)].mature(lot, self.clock + life if life else None)
        self._was_active(self.models[self._index(which)], self.clock)

    @precondition(lambda self: self.entries)
    @rule(pick=PICK)
    def reject(self, pick: int) -> None:
        which, entry_id, lot = self.entries[pick % len(self.entries)]
        if lot.state != "pending":
            with pytest.raises(Refusal):
                ledger.reject(entry_id=entry_id, key=self._key(), now=self.now)
            return
        key, now = self._key(), self.now
        self._do(lambda: ledger.reject(entry_id=entry_id, key=key, now=now, event={}))
        self.models[self._index(which)].reject(lot)

    @rule(which=WHICH, points=POINTS)
    def hold(self, which: int, points: int) -> None:
        which, key, now = self._index(which), self._key(), self.now
        account = self.accounts[which].pk
        wanted = {"program_id": self.program.pk, "account_id": account, "points": points, "key": key, "now": now}
        model = self.models[which]
        model.expire(self.clock)
        if not model.hold(key, points):
            with pytest.raises(Refusal):
                ledger.hold(**words(wanted))
            return
        held = self._do(lambda: ledger.hold(**words(wanted)))
        self.holds.append((which, key, held.hold_id))

    @precondition(lambda self: self.holds)
    @rule(pick=PICK)
    def capture(self, pick: int) -> None:
        which, key, hold_id = self.holds.pop(pick % len(self.holds))
        now = self.now
        spent = {"program_id": self.program.pk, "hold_id": hold_id, "source": "test", "now": now, "event": {}}
        self._do(lambda: ledger.capture(key=f"c{key}", **words(spent)))
        model = self.models[which]
        if model.inactive is not None and model.inactive <= self.clock:
            model.expire(self.clock)
        model.capture(key)
        self._was_active(model, self.clock)
        self.captured.append((which, key, hold_id))
        with pytest.raises(Refusal):
            ledger.release(program_id=self.program.pk, hold_id=hold_id, now=now)

    @precondition(lambda self: self.captured)
    @rule(pick=PICK)
    def give_back(self, pick: int) -> None:
        which, held, hold_id = self.captured.pop(pick % len(self.captured))
        target, key, now = self._index(which), self._key(), self.now
        self.models[target].expire(self.clock)
        draws = self.models[which].spent[held]
        if target != which:  # merged away meanwhile: lots of the same age and end take their place
            draws = [(self._twin(lot, points), points) for lot, points in draws]
            self.models[target].lots += [lot for lot, _ in draws]

        def call():
            account = self.accounts[target].pk
            return ledger.give_back(hold_id=hold_id, account_id=account, key=key, now=now, event={})

        assert self._do(call).points == sum(points for _, points in draws)
        self._was_active(self.models[target], self.clock)
        self.models[target].give_back(draws, self.clock)
        with pytest.raises(Refusal):
            ledger.give_back(hold_id=hold_id, account_id=self.accounts[target].pk, key=self._key(), now=now)

    def _twin(self, lot: ModelLot, points: int) -> ModelLot:
        self.lot_number += 1
        return ModelLot(self.lot_number, points, 0, "available", lot.earned, lot.expires)

    @precondition(lambda self: self.holds)
    @rule(pick=PICK)
    def release(self, pick: int) -> None:
        which, key, hold_id = self.holds.pop(pick % len(self.holds))
        now = self.now
        self._do(lambda: ledger.release(program_id=self.program.pk, hold_id=hold_id, now=now))
        self.models[which].release(key, self.clock)
        with pytest.raises(Refusal):
            ledger.capture(program_id=self.program.pk, hold_id=hold_id, key=f"x{key}", source="test", now=now)

    @precondition(lambda self: self.entries)
    @rule(pick=PICK, points=POINTS, as_debt=st.booleans())
    def reverse(self, pick: int, points: int, as_debt: bool) -> None:
        which, entry_id, lot = self.entries[pick % len(self.entries)]
        which, key, now = self._index(which), self._key(), self.now
        way = ledger.Shortfall.DEBT if as_debt else ledger.Shortfall.WRITE_OFF
        self.models[which].expire(self.clock)
        moved = self.models[which].reverse(lot, points, as_debt=as_debt)
        wanted = {"entry_id": entry_id, "points": points, "key": key, "now": now, "shortfall": way, "event": {}}
        assert -self._do(lambda: ledger.reverse(**words(wanted))).points == moved

    @rule(which=WHICH, points=POINTS, sign=st.sampled_from([1, -1]), counts=st.booleans())
    def adjust(self, which: int, points: int, sign: int, counts: bool) -> None:
        which, key, now = self._index(which), self._key(), self.now
        self.clock += 1
        model = self.models[which]
        model.expire(self.clock - 1)
        if sign > 0:
            self.lot_number += 1
            lot = ModelLot(self.lot_number, points, points, "available", self.clock - 1, None)
            model.accrue(lot, counts_lifetime=counts)
            self._was_active(model, self.clock - 1)
            moved = points
        else:
            moved = -model.deduct(points, counts_lifetime=counts)

        def call():
            return ledger.adjust(
                program_id=self.program.pk, account_id=self.accounts[which].pk, points=sign * points, key=key,
                source="test", now=now, update_lifetime=counts, event={},
            )  # fmt: skip

        assert self._do(call).points == moved

    @rule(which=WHICH)
    def forgive(self, which: int) -> None:
        which, key, now = self._index(which), self._key(), self.now
        owed, self.models[which].debt, account = self.models[which].debt, 0, self.accounts[which].pk
        assert self._do(lambda: ledger.forgive_debt(account_id=account, key=key, now=now)).points == owed

    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds: int) -> None:
        self.clock += seconds

    @precondition(lambda self: self.by_inactivity)
    @rule(chance=st.integers(0, 3), days=st.integers(1, 2))
    def days_pass(self, chance: int, days: int) -> None:
        if not chance:
            self.clock += days * DAY

    @rule()
    def expire(self) -> None:
        ledger.expire_due(now=self.now)
        for model in self.models:
            model.expire(self.clock)

    @precondition(lambda self: not self.gone and not any(which == 0 for which, _, _ in self.holds))
    @rule(chance=st.integers(0, 5))
    def merge(self, chance: int) -> None:
        if chance:  # rarely, or nothing else is seen of two accounts
            return
        key, now = self._key(), self.now

        def call():
            return ledger.merge_accounts(
                from_account_id=self.accounts[0].pk, into_account_id=self.accounts[1].pk, key=key, now=now
            )

        posting = call()
        if posting.entry_id is not None:
            self.calls.append((call, posting))
        source, target = self.models
        self.lot_number = target.take_over(source, self.clock, self.lot_number)
        self.entries = [(1, entry, lot) for _, entry, lot in self.entries]
        self.gone = True

    @precondition(lambda self: self.calls)
    @rule(pick=PICK)
    def repeat_an_earlier_call(self, pick: int) -> None:
        call, first = self.calls[pick % len(self.calls)]
        before = self._rows()
        again = call()
        assert self._rows() == before, "a replay wrote something"
        if hasattr(first, "entry_id"):
            assert (again.entry_id, again.points, again.replayed) == (first.entry_id, first.points, True)

    def _rows(self) -> tuple[int, int, int]:
        return Entry.objects.count(), Lot.objects.count(), Consumption.objects.count()

    @invariant()
    def the_ledger_is_the_model(self) -> None:
        if not hasattr(self, "accounts"):
            return
        for account, model in zip(self.accounts, self.models, strict=True):
            account.refresh_from_db()
            assert {name: getattr(account, name) for name in BALANCES} == {
                name: getattr(model, name) for name in BALANCES
            }
            rows = Lot.objects.filter(account=account, state="available", remaining__gt=0).order_by("earned_at", "pk")
            assert list(rows.values_list("remaining", flat=True)) == [
                lot.remaining for lot in model.in_order() if lot.remaining
            ]
        assert audit(program_id=self.program.pk) == []
