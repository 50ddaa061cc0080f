"""What the ledger's verbs return: plain values, the same whether a call ran or was replayed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Posting:
    """What one verb did to one account. Balances are whole points as they stand after the call.

    Attributes:
        entry_id: The entry written (or found, on a replay); None when nothing moved.
        points: Signed points of that entry, 0 when nothing moved.
        shortfall: Points that were to be taken and were not there: written off, or recorded as debt.
        replayed: Whether an earlier call under the same key had done it.
    """

    entry_id: int | None
    points: int
    available: int
    pending: int
    held: int
    debt: int
    lifetime: int
    redeemed: int
    shortfall: int = 0
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Points reserved by `hold`: its id, what is available and held now, and whether it is a test customer's."""

    hold_id: int
    available: int
    held: int
    replayed: bool = False
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Balances:
    """An account's balances in whole points, expired points already left out of `available`."""

    available: int
    pending: int
    held: int
    debt: int
    lifetime: int
    redeemed: int
