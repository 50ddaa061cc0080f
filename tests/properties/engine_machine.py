"""The engine against its plain model: orders heard of in any order and any number of times, awards, purchases, time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.operations import approve_due, settle
from loyalty.errors import Refusal
from loyalty.ledger import operations as ledger
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.orders.facts import LineFacts, OrderFacts, RefundFacts
from loyalty.orders.models import Order
from loyalty.orders.operations import record_order, record_refund
from loyalty.rewards.operations import begin, fail, finish
from loyalty.tiers.models import TierMembership
from tests.a_shop import AShop
from tests.properties.engine_model import CAMPAIGN, TIERS, Engine, ModelOrder, Settings

EPOCH = datetime(2026, 2, 20, 5, tzinfo=UTC)
"""Midnight in New York, two weeks before its clocks change."""
ZONE = ZoneInfo("America/New_York")
MEMBERS = 2
WHO = st.integers(0, MEMBERS - 1)
PICK = st.integers(0, 10_000)
COST = 120


class EngineMachine(RuleBasedStateMachine):
    """One programme with tiers, a purchase rule, a custom action, a campaign and a reward."""

    @initialize(
        per_unit=st.integers(1, 7), approval_days=st.sampled_from([0, 0, 3]), expiry_days=st.sampled_from([0, 5, 30]),
        as_debt=st.booleans(),
    )  # fmt: skip
    def open_shop(self, per_unit: int, approval_days: int, expiry_days: int, as_debt: bool) -> None:
        # An example is a transaction that is rolled back: rows of earlier ones would make each audit slower than the last.
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.shop = AShop.new(
            time_zone="America/New_York", points_expiry_enabled=expiry_days > 0, points_expiry_days=expiry_days,
            refund_policy="debt" if as_debt else "floor",
        )  # fmt: skip
        self.scope = self.shop.scope()
        self.scope.__enter__()
        self.hour, self.told = 0, 0
        for name, threshold, multiplier in TIERS:
            self.shop.tier(name, threshold, str(float(multiplier)))
        bought = self.shop.rule("place_order", per_unit, now=EPOCH, approval_days=approval_days, frequency="unlimited")
        self.shop.action(points=40, now=EPOCH)
        begins, ends, factor = CAMPAIGN
        terms = CampaignTerms(
            "Twice", EPOCH + timedelta(hours=begins), {bought.pk: Modifier(Decimal(int(factor)))},
            ends_at=EPOCH + timedelta(hours=ends),
        )  # fmt: skip
        create_campaign(program=self.shop.program, terms=terms, now=EPOCH)
        self.reward = self.shop.reward(COST, now=EPOCH)
        self.members: list[Member] = [self.shop.member(7001 + n, now=EPOCH) for n in range(MEMBERS)]
        self.engine = Engine(Settings(per_unit, approval_days, expiry_days, as_debt, EPOCH, ZONE), MEMBERS)

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @property
    def now(self) -> datetime:
        return EPOCH + timedelta(hours=self.hour)

    @rule(who=WHO, cents=st.integers(1, 30_000))
    def place(self, who: int, cents: int) -> None:
        """An order exists; nobody has told of it yet."""
        self.engine.orders.append(ModelOrder(who, cents, self.hour))

    @precondition(lambda self: self.engine.orders)
    @rule(pick=PICK, news=st.sampled_from(["placed", "paid", "paid", "paid", "cancelled"]), again=st.booleans())
    def hear(self, pick: int, news: str, again: bool) -> None:
        """Any delivery names the order; "paid" and "cancelled" say that of it. Some come twice."""
        number = pick % len(self.engine.orders)
        order = self.engine.orders[number]
        order.heard |= {"placed", news}
        self._record(number, news)
        self.engine.settle(order, self.hour)
        if again:
            self._record(number, news)

    def _record(self, number: int, news: str) -> None:
        order = self.engine.orders[number]
        self.told += 1
        placed_at = EPOCH + timedelta(hours=order.placed)
        facts = OrderFacts(
            shopify_order_id=number + 1, shopify_customer_id=7001 + order.member, name=f"#{number}", currency="USD",
            total_minor=order.cents, placed_at=placed_at,
            # deliveries are told in an order of their own, newer and older ones mixed
            shopify_updated_at=placed_at + timedelta(seconds=self.told * 7919 % 1000),
            paid_at=placed_at if news == "paid" else None, cancelled_at=self.now if news == "cancelled" else None,
            lines=(LineFacts(1, 11, 111, 1, order.cents),),
        )  # fmt: skip
        stored = record_order(program=self.shop.program, told=facts, now=self.now)
        settle(order_id=stored.pk, now=self.now)

    @precondition(lambda self: self.engine.orders)
    @rule(pick=PICK, cents=st.integers(1, 20_000), again=st.booleans())
    def refund(self, pick: int, cents: int, again: bool) -> None:
        """Money goes back; it may be heard of before the order is."""
        number = pick % len(self.engine.orders)
        order = self.engine.orders[number]
        cents = min(cents, order.cents - sum(order.refunds.values()))
        if cents == 0:
            return
        order.refunds[len(order.refunds)] = cents
        told = RefundFacts(number + 1, f"refund-{number}-{len(order.refunds)}", cents, self.now)
        for _ in range(1 + again):
            stored = record_refund(program=self.shop.program, told=told, now=self.now)
            if stored is not None:
                settle(order_id=stored.pk, now=self.now)
        self.engine.settle(order, self.hour)

    @rule(who=WHO)
    def act(self, who: int) -> None:
        """A custom action."""
        self.shop.award(customer=7001 + who, now=self.now)
        self.engine.award(who, Fraction(40), placed=self.hour, now=self.hour, waits=False, times=Fraction(1))

    @rule(who=WHO, works=st.booleans())
    def buy(self, who: int, works: bool) -> None:
        """A reward is bought, and its code is made or not."""
        model = self.engine.members[who].account
        living = [lot for lot in model.in_order() if lot.expires is None or lot.expires > self.hour]
        if sum(lot.remaining for lot in living) < COST:
            with pytest.raises(Refusal):
                begin(member=self.members[who], reward_id=self.reward.public_id, now=self.now, source="rest")
            return  # a refusal changes nothing, not even what is past its end
        model.expire(self.hour)
        model.hold("purchase", COST)
        bought, _ = begin(member=self.members[who], reward_id=self.reward.public_id, now=self.now, source="rest")
        if works:
            finish(redemption_id=bought.pk, discount_gid=f"gid://shopify/DiscountCodeNode/{bought.pk}", now=self.now)
            model.capture("purchase")
        else:
            fail(redemption_id=bought.pk, reason="no code", now=self.now)
            model.release("purchase", self.hour)

    @rule(hours=st.sampled_from([1, 5, 24, 72, 240]))
    def time_passes(self, hours: int) -> None:
        self.hour += hours

    @rule()
    def approve(self) -> None:
        approve_due(now=self.now)
        self.engine.approve_due(self.hour)

    @rule()
    def expire(self) -> None:
        ledger.expire_due(now=self.now)
        for member in self.engine.members:
            member.account.expire(self.hour)

    @invariant()
    def the_engine_is_the_model(self) -> None:
        if not hasattr(self, "members"):
            return
        for member, model in zip(self.members, self.engine.members, strict=True):
            account, wanted = Account.objects.get(member=member), model.account
            stored = (
                account.available,
                account.pending,
                account.held,
                account.debt,
                account.lifetime,
                account.redeemed,
            )
            assert stored == (
                wanted.available, wanted.pending, wanted.held, wanted.debt, wanted.lifetime, wanted.redeemed
            )  # fmt: skip
            assert TierMembership.objects.get(member=member).tier.name == TIERS[model.tier][0]
        for order in Order.objects.all():
            known = self.engine.orders[order.shopify_order_id - 1]
            assert order.refunded_minor == sum(known.refunds.values())
        assert audit(program_id=self.shop.program.pk) == []
