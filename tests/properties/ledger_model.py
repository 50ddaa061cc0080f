"""The ledger in plain Python: the oracle of the state machine. No database, no cleverness."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class ModelLot:
    """`earned` and `expires` are seconds of the machine's clock."""

    number: int
    points: int
    remaining: int
    state: str
    earned: int
    expires: int | None
    taken_back: int = 0


@dataclass
class ModelAccount:
    lots: list[ModelLot] = field(default_factory=list)
    holds: dict[str, list[tuple[ModelLot, int]]] = field(default_factory=dict)
    spent: dict[str, list[tuple[ModelLot, int]]] = field(default_factory=dict)
    debt: int = 0
    lifetime: int = 0
    redeemed: int = 0
    inactive: int | None = None

    @property
    def available(self) -> int:
        return sum(lot.remaining for lot in self.lots if lot.state == "available")

    @property
    def pending(self) -> int:
        return sum(lot.remaining for lot in self.lots if lot.state == "pending")

    @property
    def held(self) -> int:
        return sum(points for draws in self.holds.values() for _, points in draws)

    def in_order(self) -> list[ModelLot]:
        return sorted((lot for lot in self.lots if lot.state == "available"), key=lambda lot: (lot.earned, lot.number))

    def draw(self, points: int, first: ModelLot | None = None) -> list[tuple[ModelLot, int]]:
        draws = []
        for lot in sorted(self.in_order(), key=lambda lot: lot is not first):
            taken = min(lot.remaining, points)
            if taken:
                lot.remaining -= taken
                points -= taken
                draws.append((lot, taken))
        return draws

    def repay(self, lot: ModelLot) -> None:
        repaid = min(self.debt, lot.remaining)
        lot.remaining -= repaid
        self.debt -= repaid

    def ended(self, lot: ModelLot, now: int) -> bool:
        return any(end is not None and end <= now for end in (lot.expires, self.inactive))

    def expire(self, now: int) -> None:
        for lot in self.lots:
            if lot.state == "available" and self.ended(lot, now):
                lot.taken_back += lot.remaining
                lot.remaining = 0

    def accrue(self, lot: ModelLot, *, counts_lifetime: bool = True) -> None:
        self.lots.append(lot)
        if lot.state == "available":
            self.lifetime += lot.points if counts_lifetime else 0
            self.repay(lot)

    def mature(self, lot: ModelLot, expires: int | None) -> None:
        lot.state, lot.expires = "available", expires
        self.lifetime += lot.remaining
        self.repay(lot)

    def reject(self, lot: ModelLot) -> None:
        lot.taken_back += lot.remaining
        lot.state, lot.remaining = "rejected", 0

    def hold(self, key: str, points: int) -> bool:
        if self.available < points:
            return False
        self.holds[key] = self.draw(points)
        return True

    def capture(self, key: str) -> None:
        self.spent[key] = self.holds.pop(key)
        self.redeemed += sum(points for _, points in self.spent[key])

    def give_back(self, draws: list[tuple[ModelLot, int]], now: int) -> None:
        """Points that were spent, in lots of this account."""
        self.redeemed = max(0, self.redeemed - sum(points for _, points in draws))
        for lot, points in draws:
            if self.ended(lot, now):
                lot.taken_back += points
                continue
            lot.remaining += points - self.repaid(points)

    def repaid(self, points: int) -> int:
        paid = min(self.debt, points)
        self.debt -= paid
        return paid

    def release(self, key: str, now: int) -> None:
        for lot, points in self.holds.pop(key):
            if self.ended(lot, now):
                lot.taken_back += points
                continue
            repaid = min(self.debt, points)
            self.debt -= repaid
            lot.remaining += points - repaid

    def reverse(self, lot: ModelLot, points: int, *, as_debt: bool) -> int:
        points = min(points, lot.points - lot.taken_back)
        if points <= 0:
            return 0
        if lot.state == "pending":
            taken = min(points, lot.remaining)
            lot.remaining -= taken
            lot.taken_back += taken
            if lot.remaining == 0:
                lot.state = "rejected"
            return taken
        taken = sum(drawn for _, drawn in self.draw(min(points, self.available), first=lot))
        self.lifetime = max(0, self.lifetime - points)
        owed = points - taken if as_debt else 0
        self.debt += owed
        lot.taken_back += points
        return taken + owed

    def deduct(self, points: int, *, counts_lifetime: bool) -> int:
        taken = sum(drawn for _, drawn in self.draw(min(points, self.available)))
        if counts_lifetime:
            self.lifetime = max(0, self.lifetime - taken)
        return taken

    def take_over(self, source: ModelAccount, now: int, number: int) -> int:
        """Everything of another account, its lots under new numbers after `number`; returns the last one."""
        source.expire(now)
        self.expire(now)
        for lot in sorted((lot for lot in source.lots if lot.remaining), key=lambda lot: (lot.earned, lot.number)):
            number += 1
            lot.number = number
            self.lots.append(lot)
            if lot.state == "available":
                self.repay(lot)
        source.lots = []
        owed, source.debt = source.debt, 0
        paid = sum(drawn for _, drawn in self.draw(min(owed, self.available)))
        self.debt += owed - paid
        self.lifetime, source.lifetime = self.lifetime + source.lifetime, 0
        self.redeemed, source.redeemed = self.redeemed + source.redeemed, 0
        ends = [model.inactive for model in (source, self) if model.inactive is not None]
        self.inactive, source.inactive = max(ends, default=None), None
        return number


def words(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a verb, for a type checker that cannot look into a dictionary of many types."""
    return given
