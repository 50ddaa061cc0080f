"""Tests beside real life: after each clean-up an account is what it would have been without the test.

The same real events run against a plain model that never hears of any test. Two kinds of examples: with refunds and
without ends, or with ends and without refunds; where a refund had to look elsewhere, points may sit in a lot of another age.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django_scopes import scope
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loyalty.ledger import operations as ledger
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.members.models import Member
from loyalty.programs.models import Program
from tests.properties.ledger_model import ModelAccount, ModelLot, words

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
POINTS = st.integers(min_value=1, max_value=200)
PICK = st.integers(min_value=0, max_value=10_000)
BALANCES = ("available", "pending", "held", "debt", "lifetime", "redeemed")


class ShadowMachine(RuleBasedStateMachine):
    """One account that is a test customer's at times, and the model of its real life."""

    counter = 0

    @initialize(refunds=st.sampled_from([True, True, False]), as_debt=st.booleans(), own=st.lists(POINTS, max_size=3))
    def open_account(self, refunds: bool, as_debt: bool, own: list[int]) -> None:
        """Some points of their own, and the test begins."""
        ShadowMachine.counter += 1
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.refunds, self.as_debt = refunds, as_debt and refunds
        self.program = Program.objects.create(
            name="p", shopify_domain=f"shadow-{ShadowMachine.counter}.myshopify.com", created_at=EPOCH, updated_at=EPOCH
        )
        self.scope = scope(program=self.program)
        self.scope.__enter__()
        self.member = Member.objects.create(
            program=self.program, shopify_customer_id=1, referral_code="R", enrolled_at=EPOCH, created_at=EPOCH,
            updated_at=EPOCH,
        )  # fmt: skip
        self.account = ledger.open_account(member=self.member, now=EPOCH)
        self.model, self.is_testing, self.is_clean = ModelAccount(), False, True
        self.clock, self.keys = 0, 0
        self.accruals: list[tuple[int, ModelLot | None]] = []
        self.spent: list[tuple[int, str, bool]] = []
        for points in own:
            self.accrue(points=points, waits=False, life=None, counts=True)
        self.begin_test()

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @property
    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.clock)

    def _begin(self) -> tuple[str, datetime]:
        """A key, and an instant that nothing else happens at."""
        self.keys += 1
        self.clock += 1
        self.model.expire(self.clock)
        return f"k{self.keys}", self.now

    @rule(points=POINTS, waits=st.booleans(), life=st.none() | st.integers(1, 60), counts=st.booleans())
    def accrue(self, points: int, waits: bool, life: int | None, counts: bool) -> None:
        key, now = self._begin()
        life = None if self.refunds or waits else life
        posting = ledger.accrue(
            **words({
                "program_id": self.program.pk, "account_id": self.account.pk, "key": key, "points": points, "source": "test",
                "now": now, "due_at": now + timedelta(days=1) if waits else None, "counts_lifetime": counts or waits,
                "expires_at": now + timedelta(seconds=life) if life else None, "event": {},
            })
        )  # fmt: skip
        lot = None
        if not self.is_testing:
            ends = self.clock + life if life else None
            lot = ModelLot(self.keys, points, points, "pending" if waits else "available", self.clock, ends)
            self.model.accrue(lot, counts_lifetime=counts)
        assert posting.entry_id is not None
        self.accruals.append((posting.entry_id, lot))

    @precondition(lambda self: self.accruals)
    @rule(pick=PICK, rejects=st.booleans())
    def decide(self, pick: int, rejects: bool) -> None:
        entry_id, lot = self.accruals[pick % len(self.accruals)]
        if Lot.objects.get(entry_id=entry_id).state != Lot.State.PENDING:
            return
        key, now = self._begin()
        if rejects:
            ledger.reject(entry_id=entry_id, key=key, now=now, event={})
        else:
            ledger.mature(entry_id=entry_id, now=now, event={})
        if lot is not None:
            self.model.reject(lot) if rejects else self.model.mature(lot, None)

    @rule(points=POINTS | st.none())
    def redeem(self, points: int | None) -> None:
        """A reward of so many points, or of all there are."""
        key, now = self._begin()
        ledger.expire_due(now=now)
        available = Account.objects.get(pk=self.account.pk).available
        points = points or available
        if not 0 < points <= available:
            return
        held = ledger.hold(program_id=self.program.pk, account_id=self.account.pk, key=key, points=points, now=now)
        assert held.is_test == self.is_testing
        ledger.capture(
            program_id=self.program.pk, hold_id=held.hold_id, key=f"c{key}", source="test", now=now, event={}
        )
        if not self.is_testing:
            assert self.model.hold(key, points)
            self.model.capture(key)
        self.spent.append((held.hold_id, key, self.is_testing))

    @precondition(lambda self: self.spent)
    @rule(pick=PICK)
    def give_back(self, pick: int) -> None:
        """Staff take a reward back, in the test or beside it."""
        self._give_back(self.spent.pop(pick % len(self.spent)))

    def _give_back(self, spent: tuple[int, str, bool]) -> None:
        hold_id, held, was_test = spent
        key, now = self._begin()
        ledger.give_back(hold_id=hold_id, account_id=self.account.pk, key=key, now=now, event={})
        if not was_test:
            self.model.give_back(self.model.spent[held], self.clock)

    @rule(points=POINTS, counts=st.booleans())
    def deduct(self, points: int, counts: bool) -> None:
        key, now = self._begin()
        ledger.adjust(
            program_id=self.program.pk, account_id=self.account.pk, points=-points, key=key, source="test", now=now,
            update_lifetime=counts, event={},
        )  # fmt: skip
        if not self.is_testing:
            self.model.deduct(points, counts_lifetime=counts)

    @precondition(lambda self: self.refunds and self.accruals)
    @rule(pick=PICK, points=POINTS | st.just(1000))
    def refund(self, pick: int, points: int) -> None:
        """A real order is refunded at any time, and so is a test's."""
        entry_id, lot = self.accruals[pick % len(self.accruals)]
        if lot is None and not self.is_testing:
            return  # its award was rejected with the test
        key, now = self._begin()
        way = ledger.Shortfall.DEBT if self.as_debt else ledger.Shortfall.WRITE_OFF
        ledger.reverse(entry_id=entry_id, points=points, key=key, now=now, shortfall=way, event={})
        if lot is not None:
            self.model.reverse(lot, points, as_debt=self.as_debt)

    @precondition(lambda self: not self.refunds)
    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds: int) -> None:
        self.clock += seconds
        self.model.expire(self.clock)

    @precondition(lambda self: not self.refunds)
    @rule()
    def expire(self) -> None:
        ledger.expire_due(now=self.now)

    @precondition(lambda self: not self.is_testing)
    @rule()
    def begin_test(self) -> None:
        ledger.put_to_test(member_ids=[self.member.pk])
        self.is_testing, self.is_clean = True, False

    @precondition(lambda self: self.is_testing)
    @rule(ends=st.booleans())
    def clean_up(self, ends: bool) -> None:
        """The test is taken back; it ends with that, or goes on from nothing."""
        if ends:
            ledger.put_to_test(member_ids=[])
            self.is_testing = False
        for spent in [each for each in self.spent if each[2]]:
            self.spent.remove(spent)
            self._give_back(spent)
        _, now = self._begin()
        way = ledger.Shortfall.DEBT if self.as_debt else ledger.Shortfall.WRITE_OFF
        ledger.clean_up(account_id=self.account.pk, now=now, shortfall=way)
        self.accruals = [each for each in self.accruals if each[1] is not None]
        self._compare()
        entries = Entry.objects.count()
        ledger.clean_up(account_id=self.account.pk, now=now, shortfall=way)
        assert Entry.objects.count() == entries, "a second clean-up found something"
        self.is_clean = not self.is_testing

    def _compare(self) -> None:
        ledger.expire_due(now=self.now)
        account = Account.objects.get(pk=self.account.pk)
        assert {name: getattr(account, name) for name in BALANCES} == {
            name: getattr(self.model, name) for name in BALANCES
        }
        if not self.refunds:  # every lot holds what it would hold
            rows = Lot.objects.filter(account=account, state="available", remaining__gt=0).order_by("earned_at", "pk")
            assert list(rows.values_list("remaining", "earned_at")) == [
                (lot.remaining, EPOCH + timedelta(seconds=lot.earned)) for lot in self.model.in_order() if lot.remaining
            ]

    @invariant()
    def nothing_lies_and_without_tests_it_is_the_model(self) -> None:
        if not hasattr(self, "account"):
            return
        if self.is_clean:
            self._compare()
        assert audit(program_id=self.program.pk) == []
