"""A shop to test the product with: built by the product's own operations, and able to say that nothing has changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django_scopes import scope

from loyalty.campaigns.models import Campaign, CampaignModifier
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations import Activity, RuleTerms, award, create_rule, enrol
from loyalty.earning.results import AwardResult
from loyalty.ledger import operations as ledger
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Consumption, Entry, Hold, Lot
from loyalty.ledger.queries import balances_of
from loyalty.ledger.results import Balances
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox.models import Event
from loyalty.programs.models import Program, ScheduledRun
from loyalty.programs.operations import create_api_key
from loyalty.programs.scheduling import run
from loyalty.public_ids import new_public_id
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations import RewardTerms, create_reward
from loyalty.test_mode.operations import (
    ModeTerms,
    award_missed_some,
    begin_awarding,
    begin_clean_up,
    change_test_mode,
    clean_up_some,
)
from loyalty.test_mode.operations.cleaning import CLEAN_UP
from loyalty.test_mode.operations.missed import AWARD_MISSED
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import create_tier

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass
class AShop:
    """One programme, by its number, so that threads and other processes may use it too."""

    program: Program

    @classmethod
    def new(cls, **settings: Any) -> AShop:
        """A programme of its own, without a store behind it."""
        domain = f"a-shop-{next(_numbers)}.myshopify.com"
        return cls(
            Program.objects.create(
                name="Tea", shopify_domain=domain, created_at=NOW, updated_at=NOW, **{"code_prefix": "TEA-", **settings}
            )
        )

    def scope(self) -> Any:
        """The tenant's scope: each thread enters its own."""
        return scope(program=self.program)

    def set(self, **settings: Any) -> None:
        """Change settings of the programme."""
        Program.objects.filter(pk=self.program.pk).update(**settings)
        self.program.refresh_from_db()

    def test_mode(self, mode: str, *members: Member, sends: bool = False, now: datetime = NOW) -> None:
        """Test mode for these members, or `off`."""
        with self.scope():
            terms = ModeTerms(mode, [member.email or "" for member in members], sends_test_events=sends)
            change_test_mode(program_id=self.program.pk, terms=terms, now=now)
        self.program.refresh_from_db()

    def clean_up(self, now: datetime = NOW) -> ScheduledRun:
        """What the button and the workers do: all tests are taken back, as far as nobody has to be waited for."""
        with self.scope():
            begin_clean_up(program_id=self.program.pk, now=now)
        run(name=CLEAN_UP, programs=[self.program.pk], work=clean_up_some, clock=lambda: now, begins=False)
        with self.scope():
            return ScheduledRun.objects.filter(name=CLEAN_UP).latest("pk")

    def award_missed(self, now: datetime = NOW) -> ScheduledRun:
        """What the button and the workers do: what was skipped is awarded."""
        with self.scope():
            begin_awarding(program_id=self.program.pk, now=now)
        run(name=AWARD_MISSED, programs=[self.program.pk], work=award_missed_some, clock=lambda: now, begins=False)
        with self.scope():
            return ScheduledRun.objects.filter(name=AWARD_MISSED).latest("pk")

    def member(self, customer_id: int = 7001, *, points: int = 0, email: str = "", now: datetime = NOW) -> Member:
        """A member, with points nobody had to earn."""
        with self.scope():
            customer = Customer(customer_id, email or f"{customer_id}@example.com", "Ada", "Lovelace", now)
            member, _ = enrol(program=self.program, customer=customer, now=now, source="test")
            if points:
                self.give(member, points, now=now)
        return member

    def give(self, member: Member, points: int, *, now: datetime = NOW, expires_at: datetime | None = None) -> None:
        """Points as one lot."""
        with self.scope():
            ledger.accrue(
                program_id=self.program.pk, account_id=Account.objects.get(member=member).pk, points=points, source="test",
                key=f"give-{next(_numbers)}", expires_at=expires_at, now=now,
            )  # fmt: skip

    def action(self, key: str = "app_install", points: int = 100, now: datetime = NOW, **terms: Any) -> EarningRule:
        """A custom action, every time unless it says otherwise."""
        with self.scope():
            wanted = RuleTerms(**{"name": key, "points": points, "action_key": key, "frequency": "unlimited", **terms})
            return create_rule(program=self.program, action="custom", terms=wanted, now=now)

    def rule(
        self, action: str = "follow_on_instagram", points: int = 50, now: datetime = NOW, **terms: Any
    ) -> EarningRule:
        """A rule of another kind, once per customer."""
        with self.scope():
            wanted = RuleTerms(**{"name": action, "points": points, **terms})
            return create_rule(program=self.program, action=action, terms=wanted, now=now)

    def tier(self, name: str, threshold: int, multiplier: str = "1") -> Tier:
        """A step of the ladder."""
        with self.scope():
            return create_tier(
                program=self.program, name=name, threshold=threshold, multiplier=Decimal(multiplier), now=NOW
            )

    def campaign(
        self, rule: EarningRule, multiplier: str, *, starts: datetime = NOW, ends: datetime | None = None
    ) -> None:
        """A campaign on one rule."""
        with self.scope():
            made = Campaign.objects.create(
                program=self.program, public_id=new_public_id("camp"), name=f"×{multiplier}", starts_at=starts, ends_at=ends,
                created_at=NOW, updated_at=NOW,
            )  # fmt: skip
            CampaignModifier.objects.create(
                program=self.program, campaign=made, earning_rule_id=rule.pk, multiplier=Decimal(multiplier)
            )

    def reward(self, points_cost: int = 100, now: datetime = NOW, **terms: Any) -> Reward:
        """$5 off unless it says otherwise."""
        with self.scope():
            usual = {"name": "$5 off", "discount_type": "fixed_amount", "discount_amount": Decimal(5)}
            wanted = RewardTerms(**{**usual, "points_cost": points_cost, **terms})
            return create_reward(program=self.program, terms=wanted, now=now)

    def award(
        self, key: str | None = None, *, action: str = "app_install", customer: Any = 7001, **more: Any
    ) -> AwardResult:
        """What a door does with a call for a custom action."""
        now = more.pop("now", NOW)
        who = CustomerReference(email=customer) if isinstance(customer, str) else CustomerReference(customer)
        fields = {"source": "rest", "occurred_at": now, "key": key, "rule": RuleReference(action_key=action), **more}
        return award(activity=Activity(customer=who, **fields), program_id=self.program.pk, now=now)

    def key(self, scope_: str = "full", requests_per_second: int = 1000) -> str:
        """An API key's whole text."""
        with self.scope():
            _, whole = create_api_key(
                program=self.program, name="Test", scope=scope_, now=NOW, requests_per_second=requests_per_second
            )
        return whole

    def balances(self, member: Member, now: datetime = NOW) -> Balances:
        """Where a member stands."""
        with self.scope():
            return balances_of(member_id=member.pk, now=now)

    def kinds(self) -> list[str]:
        """The events written so far, in order, but for enrolments and for what the programme offers.

        Those of one moment and one number of the ledger have no order of their own: they come by their names.
        """
        with self.scope():
            kinds = Event.objects.order_by("occurred_at", "sequence", "kind").values_list("kind", flat=True)
            return [kind for kind in kinds if kind not in ("member.enrolled", "programme.changed")]

    def rows(self) -> dict[str, Any]:
        """Everything of the programme that a refusal must leave alone: counts, and every figure of every account."""
        with self.scope():
            models = (Entry, Lot, Hold, Consumption, Award, Redemption, Event, EarningRule, Reward, Member)
            figures = ("member_id", "available", "pending", "held", "debt", "lifetime", "redeemed", "sequence")
            return {
                **{model.__name__: model.objects.count() for model in models},
                "left": Lot.objects.aggregate(left=Sum("remaining"))["left"],
                "accounts": list(Account.objects.order_by("pk").values_list(*figures)),
            }

    @contextmanager
    def nothing_changes(self) -> Iterator[None]:
        """What runs inside leaves the ledger, the history and the outbox as they were."""
        before = self.rows()
        yield
        assert self.rows() == before
        self.assert_sound()

    def assert_sound(self) -> None:
        """The audit finds nothing."""
        assert audit(program_id=self.program.pk) == []
