"""The programme engine in plain Python: the oracle of the engine machine. Hours since an epoch, and no database.

Points themselves are kept by the ledger's own model; this one knows orders, refunds, tiers, campaigns and days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.properties.ledger_model import ModelAccount, ModelLot

TIERS = (("Bronze", 0, Fraction(1)), ("Silver", 300, Fraction(5, 4)), ("Gold", 900, Fraction(3, 2)))
CAMPAIGN = (240, 720, Fraction(2))
"""From and until which hour an order is placed to earn this many times as much."""


@dataclass
class Settings:
    """What one example decides: points per currency unit, and the programme's settings."""

    per_unit: int
    approval_days: int
    expiry_days: int
    as_debt: bool
    epoch: datetime
    zone: ZoneInfo

    def day(self, hour: int) -> object:
        return (self.epoch + timedelta(hours=hour)).astimezone(self.zone).date()

    def end_of_life(self, hour: int) -> int | None:
        """The hour at which points that became available at `hour` end: looked for, not calculated."""
        if not self.expiry_days:
            return None
        days, day = 0, self.day(hour)
        while days <= self.expiry_days:
            hour += 1
            if self.day(hour) != day:
                days, day = days + 1, self.day(hour)
        return hour


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


@dataclass
class ModelMember:
    account: ModelAccount = field(default_factory=ModelAccount)
    tier: int = 0
    awards: list[ModelAward] = field(default_factory=list)


class Engine:
    """The members and orders of one programme."""

    def __init__(self, settings: Settings, members: int) -> None:
        self.settings = settings
        self.members = [ModelMember() for _ in range(members)]
        self.orders: list[ModelOrder] = []
        self.lots = 0

    def requalify(self, member: ModelMember) -> None:
        member.tier = max(n for n, (_, least, _) in enumerate(TIERS) if least <= member.account.lifetime)

    def grant(self, who: int, points: int, *, earned: int, now: int, waits: bool) -> ModelAward:
        member = self.members[who]
        member.account.expire(now)
        self.lots += 1
        ends = None if waits else self.settings.end_of_life(now)
        lot = ModelLot(self.lots, points, points, "pending" if waits else "available", earned, ends)
        member.account.accrue(lot)
        award = ModelAward(lot, now + 24 * self.settings.approval_days if waits else None)
        member.awards.append(award)
        self.requalify(member)
        return award

    def award(
        self, who: int, base: Fraction, *, placed: int, now: int, waits: bool, times: Fraction
    ) -> ModelAward | None:
        points = int(base * TIERS[self.members[who].tier][2] * times)
        return self.grant(who, points, earned=placed, now=now, waits=waits) if points else None

    def settle(self, order: ModelOrder, now: int) -> None:
        """What hearing anything of an order leads to."""
        if "placed" not in order.heard:
            return
        given_back = sum(order.refunds.values()) >= order.cents
        is_dead = "cancelled" in order.heard or given_back
        if "paid" in order.heard and not is_dead and not order.is_judged:
            order.is_judged = True
            begin, end, factor = CAMPAIGN
            times = factor if begin <= order.placed < end else Fraction(1)
            order.award = self.award(
                order.member, Fraction(order.cents * self.settings.per_unit, 100), placed=order.placed, now=now,
                waits=bool(self.settings.approval_days), times=times,
            )  # fmt: skip
        award = order.award
        if award is not None and not award.is_rejected and (order.refunds or is_dead):
            self.take_back(self.members[order.member], award, self._due(order, award, is_dead), now)
        self.requalify(self.members[order.member])

    def _due(self, order: ModelOrder, award: ModelAward, is_dead: bool) -> int:
        if is_dead:
            return award.lot.points
        return sum(cents * award.lot.points // order.cents for cents in order.refunds.values())

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
        for member in self.members:
            waiting = [each for each in member.awards if each.lot.state == "pending" and each.due is not None]
            for award in sorted(waiting, key=lambda each: (each.due, each.lot.number)):
                if award.due is not None and award.due <= now:
                    member.account.expire(now)
                    member.account.mature(award.lot, self.settings.end_of_life(now))
                    self.requalify(member)
