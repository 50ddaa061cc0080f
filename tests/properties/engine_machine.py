"""The engine against its plain model: orders heard of in any order and any number of times, awards, purchases, time."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models.functions import JSONObject
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.operations import approve_due, settle
from loyalty.earning.operations.merging import merge_customers
from loyalty.errors import Refusal
from loyalty.ledger import operations as ledger
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Lot
from loyalty.members.models import Member
from loyalty.orders.facts import LineFacts, OrderFacts, RefundFacts
from loyalty.orders.models import Order
from loyalty.orders.operations import record_order, record_refund
from loyalty.rewards.operations import begin, fail, finish
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.operations import Ladder, TierTerms, assign, change_ladder, place_some
from tests.a_shop import AShop
from tests.properties.engine_model import (
    CAMPAIGN,
    ENTRY_POINTS,
    GOLD,
    MULTIPLIERS,
    NAMES,
    Engine,
    ModelOrder,
    Settings,
)

EPOCH = datetime(2026, 2, 20, 5, tzinfo=UTC)
"""Midnight in New York, two weeks before its clocks change."""
ZONE = ZoneInfo("America/New_York")
MEMBERS = 3
WHO = st.integers(0, MEMBERS - 1)
PICK = st.integers(0, 10_000)
CENTS = st.integers(1, 30_000)
COST = 120


class EngineMachine(RuleBasedStateMachine):
    """One programme with a ladder, a purchase rule, a custom action, a campaign with a budget and a reward."""

    @initialize(
        per_unit=st.integers(1, 7), approval_days=st.sampled_from([0, 0, 3]), expiry_days=st.sampled_from([0, 5, 30]),
        as_debt=st.booleans(), by_spend=st.booleans(), budget=st.sampled_from([None, 1, 150, 2000]),
        first=st.lists(st.tuples(WHO, CENTS), max_size=5),
    )  # fmt: skip
    def open_shop(
        self, per_unit: int, approval_days: int, expiry_days: int, as_debt: bool, by_spend: bool, budget: int | None,
        first: list[tuple[int, int]],
    ) -> None:  # fmt: skip
        # An example is a transaction that is rolled back: rows of earlier ones would make each audit slower than the last.
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.shop = AShop.new(
            time_zone="America/New_York", points_expiry_enabled=expiry_days > 0, points_expiry_days=expiry_days,
            refund_policy="debt" if as_debt else "floor", tier_entry="spend" if by_spend else "points",
        )  # fmt: skip
        self.scope = self.shop.scope()
        self.scope.__enter__()
        self.hour, self.told = 0, 0
        self.engine = Engine(
            Settings(per_unit, approval_days, expiry_days, as_debt, by_spend, EPOCH, ZONE), MEMBERS, budget
        )
        for name, threshold, multiplier in zip(NAMES, self.engine.least, MULTIPLIERS, strict=True):
            self.shop.tier(name, threshold, str(float(multiplier)))
        Tier.objects.filter(name=NAMES[GOLD]).update(entry_points=ENTRY_POINTS)
        bought = self.shop.rule("place_order", per_unit, now=EPOCH, approval_days=approval_days, frequency="unlimited")
        self.shop.action(points=40, now=EPOCH)
        begins, ends, factor = CAMPAIGN
        terms = CampaignTerms(
            "Twice", EPOCH + timedelta(hours=begins), {bought.pk: Modifier(Decimal(int(factor)))},
            ends_at=EPOCH + timedelta(hours=ends), budget_points=budget,
        )  # fmt: skip
        create_campaign(program=self.shop.program, terms=terms, now=EPOCH)
        self.reward = self.shop.reward(COST, now=EPOCH)
        self.members: list[Member] = [self.shop.member(7001 + n, now=EPOCH) for n in range(MEMBERS)]
        self.now_is: dict[int, int] = {}  # who was merged away, and into whom
        for who, cents in first:
            self.place(who, cents, is_told=True)

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @property
    def now(self) -> datetime:
        return EPOCH + timedelta(hours=self.hour)

    def _alive(self, who: int) -> int:
        while who in self.now_is:
            who = self.now_is[who]
        return who

    @rule(who=WHO, cents=CENTS, is_told=st.sampled_from([True, True, False]))
    def place(self, who: int, cents: int, is_told: bool) -> None:
        """An order is placed and paid; sometimes nobody has told of it yet."""
        self.engine.orders.append(ModelOrder(self._alive(who), cents, self.hour))
        if is_told:
            self.hear(len(self.engine.orders) - 1, "paid", again=False, is_late=False)

    @precondition(lambda self: self.engine.orders)
    @rule(
        pick=PICK, news=st.sampled_from(["placed", "paid", "paid", "paid", "cancelled"]), again=st.booleans(),
        is_late=st.booleans(),
    )  # fmt: skip
    def hear(self, pick: int, news: str, again: bool, is_late: bool) -> None:
        """Any delivery names the order; "paid" and "cancelled" say that of it. Some come twice, some know no merge yet."""
        number = pick % len(self.engine.orders)
        order = self.engine.orders[number]
        late = next((gone for gone, kept in self.now_is.items() if is_late and self._alive(kept) == order.member), None)
        order.heard |= {"placed", news}
        self._record(number, news, customer=late)
        self.engine.settle(order, self.hour)
        if again:
            self._record(number, news)

    def _record(self, number: int, news: str, *, customer: int | None = None) -> None:
        order = self.engine.orders[number]
        self.told += 1
        placed_at = EPOCH + timedelta(hours=order.placed)
        facts = OrderFacts(
            shopify_order_id=number + 1, shopify_customer_id=7001 + (order.member if customer is None else customer),
            name=f"#{number}", currency="USD", total_minor=order.cents, placed_at=placed_at,
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
        """A custom action, told of the customer that was, whoever they are now."""
        self.shop.award(customer=7001 + who, now=self.now)
        self.engine.award(self._alive(who), Fraction(40), placed=self.hour, now=self.hour)

    @rule(who=WHO, works=st.booleans())
    def buy(self, who: int, works: bool) -> None:
        """A reward is bought, and its code is made or not."""
        who = self._alive(who)
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

    @rule(who=WHO, tier=st.integers(0, len(NAMES) - 1), lock=st.sampled_from([False, False, False, True]))
    def assign_by_hand(self, who: int, tier: int, lock: bool) -> None:
        """Staff puts a member on a tier, for good or until a recalculation disagrees."""
        who = self._alive(who)
        assign(member_id=self.members[who].pk, tier=Tier.objects.get(name=NAMES[tier]), lock=lock, now=self.now)
        self.engine.place(who, tier, self.hour)
        self.engine.members[who].is_locked = lock

    @rule(silver=st.integers(1, 400), more=st.integers(1, 600), grace=st.sampled_from([0, 0, 2]))
    def edit_the_ladder(self, silver: int, more: int, grace: int) -> None:
        """Thresholds and days of grace change; nobody moves yet."""
        present = {tier.name: tier for tier in Tier.objects.all()}
        least = [0, silver, silver + more]
        tiers = [
            TierTerms(name, threshold, tier.multiplier, tier.entry_points, tier.public_id)
            for name, threshold in zip(NAMES, least, strict=True)
            if (tier := present[name])
        ]
        ladder = Ladder(tiers, self.shop.program.tier_entry, "lifetime", grace, "all")
        change_ladder(program_id=self.shop.program.pk, ladder=ladder, now=self.now)
        self.shop.program.refresh_from_db()
        self.engine.edit(least, grace)

    @precondition(lambda self: len(self.engine.orders) > 2 * (1 + len(self.now_is)))
    @rule(gone=WHO, step=st.integers(1, MEMBERS - 1))
    def merge(self, gone: int, step: int) -> None:
        """Two customers of the shop become one; not before there is something to be seen of several."""
        gone, kept = self._alive(gone), self._alive((gone + step) % MEMBERS)
        if gone == kept:
            return
        for _ in range(2):  # a repeat changes nothing
            merge_customers(program=self.shop.program, gone=7001 + gone, kept=7001 + kept, now=self.now)
        self.engine.merge(gone, kept, self.hour)
        self.now_is[gone] = kept

    @rule(jobs=st.sets(st.sampled_from(["approve", "expire", "place"]), min_size=1))
    def run_schedules(self, jobs: set[str]) -> None:
        """What is due is approved, expired, and members are placed."""
        if "approve" in jobs:
            approve_due(now=self.now)
            self.engine.approve_due(self.hour)
        if "expire" in jobs:
            ledger.expire_due(now=self.now)
            for member in self.engine.members:
                member.account.expire(self.hour)
        if "place" in jobs:
            place_some(program=self.shop.program, now=self.now)
            for who in {self._alive(who) for who in range(MEMBERS)}:
                self.engine.requalify(who, self.hour)

    @invariant()
    def the_engine_is_the_model(self) -> None:
        if not hasattr(self, "members"):
            return
        figures = ("available", "pending", "held", "debt", "lifetime", "redeemed")
        stored = dict(
            Account.objects.annotate(all=JSONObject(**{name: name for name in figures})).values_list("member", "all")
        )
        stands = dict(TierMembership.objects.values_list("member", "tier__name"))
        left: dict[int, list[int]] = defaultdict(list)
        lots = Lot.objects.filter(state="available", remaining__gt=0).order_by("earned_at", "pk")
        for member_id, remaining in lots.values_list("account__member", "remaining"):
            left[member_id].append(remaining)
        for who, (member, model) in enumerate(zip(self.members, self.engine.members, strict=True)):
            assert stored[member.pk] == {name: getattr(model.account, name) for name in figures}
            assert stands.get(member.pk) == (None if who in self.now_is else NAMES[model.tier])
            wanted = [lot.remaining for lot in model.account.in_order() if lot.remaining]
            assert left[member.pk] == wanted, "not the oldest first"
        for number, refunded in Order.objects.values_list("shopify_order_id", "refunded_minor"):
            assert refunded == sum(self.engine.orders[number - 1].refunds.values())
        campaign = Campaign.objects.get()
        if campaign.budget_points is not None:
            assert campaign.budget_points - campaign.spent_points == self.engine.budget
        assert audit(program_id=self.shop.program.pk) == []
