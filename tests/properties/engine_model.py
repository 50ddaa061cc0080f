"""The programme engine in plain Python: the oracle of the engine machine. Hours since an epoch, and no database.

Points themselves are kept by the ledger's own model; this one knows orders, refunds, tiers, campaigns, merges and days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.properties.ledger_model import ModelAccount, ModelLot

NAMES, MULTIPLIERS = ("Bronze", "Silver", "Gold"), (Fraction(1), Fraction(5, 4), Fraction(3, 2))
GOLD, ENTRY_POINTS = 2, 75  # the tier that gives points to who rises to it for the first time
CAMPAIGN = (240, 720, Fraction(2))
"""From and until which hour an order is placed to earn this many times as much, while the budget lasts."""


@dataclass
class Settings:
    """What one example decides: points per currency unit, and the programme's settings."""

    per_unit: int
    approval_days: int
    expiry_days: int
    as_debt: bool
    by_spend: bool
    epoch: datetime
    zone: ZoneInfo

    def day(self, hour: int) -> date:
        return (self.epoch + timedelta(hours=hour)).astimezone(self.zone).date()

    def end_of_day_after(self, hour: int, days: int) -> int:
        """The hour at which the day so many days after that of `hour` ends: looked for, not calculated."""
        last = self.day(hour) + timedelta(days=days)
        while self.day(hour) <= last:
            hour += 1
        return hour

    def end_of_life(self, hour: int) -> int | None:
        return self.end_of_day_after(hour, self.expiry_days) if self.expiry_days else None


@dataclass
class ModelAward:
    lot: ModelLot
    due: int | None
    is_rejected: bool = False
    reversed: int = 0
    tried: set[int] = field(default_factory=set)


@dataclass
class ModelOrder:
    """An order, and what has been heard of it: a set of "placed", "paid", "cancelled", and refunds by number."""

    member: int
    cents: int
    placed: int
    heard: set[str] = field(default_factory=set)
    refunds: dict[int, int] = field(default_factory=dict)
    is_judged: bool = False
    award: ModelAward | None = None

    @property
    def is_dead(self) -> bool:
        return "cancelled" in self.heard or sum(self.refunds.values()) >= self.cents


@dataclass
class ModelMember:
    account: ModelAccount = field(default_factory=ModelAccount)
    awards: list[ModelAward] = field(default_factory=list)
    tier: int = 0
    falls: int | None = None
    is_locked: bool = False
    had_entry: bool = False


class Engine:
    """The members and orders of one programme."""

    def __init__(self, settings: Settings, members: int, budget: int | None) -> None:
        self.settings, self.budget, self.grace, self.lots = settings, budget, 0, 0
        self.least = [0, 300, 900]
        self.members = [ModelMember() for _ in range(members)]
        self.orders: list[ModelOrder] = []

    def figure(self, who: int) -> int:
        if not self.settings.by_spend:
            return self.members[who].account.lifetime
        alive = [each for each in self.orders if each.member == who and "paid" in each.heard and not each.is_dead]
        return sum(each.cents - sum(each.refunds.values()) for each in alive) // 100

    def requalify(self, who: int, now: int) -> None:
        member = self.members[who]
        deserved = max(tier for tier in range(len(NAMES)) if self.least[tier] <= self.figure(who))
        if member.is_locked:
            return
        if deserved < member.tier:
            if member.falls is None:
                member.falls = self.settings.end_of_day_after(now, self.grace) if self.grace else now
            if now < member.falls:
                return
        self.place(who, deserved, now)

    def place(self, who: int, tier: int, now: int) -> None:
        member = self.members[who]
        rises, member.tier, member.falls = tier > member.tier, tier, None
        if rises and tier == GOLD and not member.had_entry:
            member.had_entry = True
            self.accrue(member, ENTRY_POINTS, earned=now, now=now, counts=False)

    def edit(self, least: list[int], grace: int) -> None:
        """Another ladder; nobody moves, but what was noted under another grace is forgotten."""
        for member in self.members:
            member.falls = member.falls if grace == self.grace else None
        self.least, self.grace = least, grace

    def accrue(
        self, member: ModelMember, points: int, earned: int, now: int, waits: bool = False, counts: bool = True
    ) -> ModelLot:
        member.account.expire(now)
        self.lots += 1
        ends = None if waits else self.settings.end_of_life(now)
        lot = ModelLot(self.lots, points, points, "pending" if waits else "available", earned, ends)
        member.account.accrue(lot, counts_lifetime=counts)
        return lot

    def award(
        self, who: int, base: Fraction, *, placed: int, now: int, waits: bool = False, times: Fraction = Fraction(1)
    ) -> ModelAward | None:
        member = self.members[who]
        without, points = (int(base * MULTIPLIERS[member.tier] * factor) for factor in (Fraction(1), times))
        if self.budget is not None and times != 1:
            points = points if points - without <= self.budget else without
            self.budget -= points - without
        if points == 0:
            return None
        lot = self.accrue(member, points, earned=placed, now=now, waits=waits)
        award = ModelAward(lot, now + 24 * self.settings.approval_days if waits else None)
        member.awards.append(award)
        crosses = any(least <= member.account.lifetime for least in self.least[member.tier + 1 :])
        if not self.settings.by_spend and (crosses or member.falls is not None):
            self.requalify(who, now)
        return award

    def settle(self, order: ModelOrder, now: int) -> None:
        """What hearing anything of an order leads to."""
        if "placed" not in order.heard:
            return
        if "paid" in order.heard and not order.is_dead and not order.is_judged:
            order.is_judged = True
            begin, end, factor = CAMPAIGN
            base = Fraction(order.cents * self.settings.per_unit, 100)
            times = factor if begin <= order.placed < end else Fraction(1)
            waits = bool(self.settings.approval_days)
            order.award = self.award(order.member, base, placed=order.placed, now=now, waits=waits, times=times)
        award, cents = order.award, order.refunds.values()
        if award is not None and not award.is_rejected and (order.refunds or order.is_dead):
            parts = sum(each * award.lot.points // order.cents for each in cents)
            self.take_back(self.members[order.member], award, award.lot.points if order.is_dead else parts, now)
        self.requalify(order.member, now)

    def take_back(self, member: ModelMember, award: ModelAward, due: int, now: int) -> None:
        lot = award.lot
        if due <= award.reversed:
            return
        if lot.state == "pending" and due >= lot.points:
            member.account.reject(lot)
            award.is_rejected = True
            return
        if due in award.tried:
            return
        award.tried.add(due)
        member.account.expire(now)
        wanted = min(due - award.reversed, lot.points - lot.taken_back)
        member.account.reverse(lot, due - award.reversed, as_debt=self.settings.as_debt)
        award.reversed += max(0, wanted)

    def approve_due(self, now: int) -> None:
        for who, member in enumerate(self.members):
            for award in sorted(member.awards, key=lambda each: (each.due or 0, each.lot.number)):
                if award.lot.state == "pending" and award.due is not None and award.due <= now:
                    member.account.expire(now)
                    member.account.mature(award.lot, self.settings.end_of_life(now))
                    self.requalify(who, now)

    def merge(self, gone: int, kept: int, now: int) -> None:
        """One member of two; the one that goes stays behind empty."""
        source, target = self.members[gone], self.members[kept]
        self.lots = target.account.take_over(source.account, now, self.lots)
        target.awards, source.awards = target.awards + source.awards, []
        target.had_entry |= source.had_entry
        for order in self.orders:
            order.member = kept if order.member == gone else order.member
        self.requalify(kept, now)
