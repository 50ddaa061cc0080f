"""What an import brings, and how it is taken back: many accounts in one round trip each way.

Points that are brought are entries of kind `opening`: nobody earned them here, so that no figure of what was issued holds
them. A balance that is to fall is an adjustment. Both carry in their details from which row of which import they came.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from loyalty.ledger import journal, kernel
from loyalty.ledger.models import Account, Consumption, Entry
from loyalty.ledger.operations.corrections import Shortfall, reverse
from loyalty.ledger.operations.expiry import lock_and_expire
from loyalty.ledger.operations.returning import put_back
from loyalty.outbox.nudge import nudge_relay
from loyalty.programs.models import Program

SOURCE = "import"
_COLUMNS = (
    "program bigint", "account bigint", "key text", "points bigint", "is_target boolean", "lifetime bigint", "source text",
    "earned_at timestamptz", "expires_at timestamptz", "details text", "event text", "moment timestamptz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brought:
    """One line of an import.

    Attributes:
        key: The entry's, once for ever.
        points: Signed whole points, or the balance to reach (`bring_all`); None moves none.
        lifetime: Points earned in the lifetime: the figure to reach, or what is added; None is what is granted.
        earned_at: When the points were earned, which decides who pays first.
        expires_at: When they end; None is never.
        event: What is told; None tells nothing.
    """

    account_id: int
    key: str
    points: int | None
    lifetime: int | None
    earned_at: datetime
    expires_at: datetime | None
    details: Mapping[str, Any]
    event: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """What one line moved: its entry (None: no points moved), signed points, and the lifetime's difference."""

    entry_id: int | None
    points: int
    lifetime: int


def open_accounts(*, program: Program, member_ids: Collection[int], now: datetime) -> None:
    """Opens an account at zero for each member who has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ledger_account (program_id, member_id, available, pending, held, debt, lifetime, redeemed, sequence,
                updated_at)
            SELECT %s, m.id, 0, 0, 0, 0, 0, 0, 0, %s FROM unnest(%s::bigint[]) AS m (id) ORDER BY m.id ON CONFLICT DO NOTHING""",
            [program.pk, now, sorted(member_ids)],
        )


@transaction.atomic
def bring_all(*, program_id: int, lines: Sequence[Brought], is_target: bool, now: datetime) -> list[Movement]:
    """Brings points to accounts, line after line, and returns what each moved; a replay returns what it moved first.

    Accounts are locked in the order of their ids, and what is past its end there expires before.

    Args:
        is_target: Whether `points` and `lifetime` are figures to reach, judged under the lock; else they are added. A
            balance never falls below 0, and what is held or pending is not touched. What is owed counts as missing.
    """
    if not lines:
        return []
    lock_and_expire(program_id=program_id, account_ids=sorted({line.account_id for line in lines}), now=now)
    tells = any(line.event is not None for line in lines)
    done = {} if tells else _bring_up(program_id, lines, is_target, now)
    rest = [number for number in range(len(lines)) if number not in done]
    rows = [_arguments(program_id, lines[number], is_target, now) for number in rest]
    found = kernel.call_each("ledger_bring", _COLUMNS, rows, as_json=frozenset({"details", "event"})) if rows else []
    for number, row in zip(rest, found, strict=True):
        done[number] = Movement(row["entry_id"], int(row["moved"]), int(row["lifetime_moved"]))
    if tells:
        nudge_relay()
    return [done[number] for number in range(len(lines))]


def _arguments(program_id: int, line: Brought, is_target: bool, now: datetime) -> tuple[Any, ...]:
    return (
        program_id, line.account_id, line.key, line.points, is_target, line.lifetime, SOURCE, line.earned_at,
        line.expires_at, kernel.as_json(line.details), kernel.as_json(line.event), now,
    )  # fmt: skip


def _bring_up(program_id: int, lines: Sequence[Brought], is_target: bool, now: datetime) -> dict[int, Movement]:
    """Does all lines that only grant, in one statement, and returns them by their numbers."""
    told = [
        {
            "n": number, "account": line.account_id, "key": line.key, "points": line.points, "lifetime": line.lifetime,
            "earned_at": line.earned_at, "expires_at": line.expires_at, "details": line.details,
        }
        for number, line in enumerate(lines)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM ledger_bring_up(%s, %s::jsonb, %s, %s, %s)",
            [program_id, json.dumps(told, default=str), is_target, SOURCE, now],
        )
        return {number: Movement(*rest) for number, *rest in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class ToTakeBack:
    """What one line of an import moved, and the key under which it is taken back."""

    entry_id: int | None
    account_id: int
    lifetime: int
    key: str


@transaction.atomic
def take_all_back(
    *, program_id: int, lines: Sequence[ToTakeBack], shortfall: Shortfall, now: datetime
) -> dict[str, int]:
    """Takes back what an import brought, by entries, and returns the signed points that moved, by key. A replay moves nothing.

    Lots that are whole are emptied in one statement. Of the rest `reverse` takes what it finds, from the line's own lot first,
    then from the oldest; what the import had deducted goes back into its lots before anything is taken. Lifetime points fall
    by what the import added to them, not below 0, or rise by what it had taken off.

    Args:
        shortfall: What becomes of brought points that are spent already.
    """
    lock_and_expire(program_id=program_id, account_ids=sorted({line.account_id for line in lines}), now=now)
    held = {line.entry_id: line for line in lines if line.entry_id is not None}
    signs = dict(Entry.objects.filter(pk__in=held).values_list("pk", "points"))
    moved = {held[entry_id].key: -points for entry_id, points in _take_whole(program_id, held, now).items()}
    _move_lifetimes([line for line in lines if line.entry_id is None or line.key in moved])
    for entry_id, line in sorted(held.items(), key=lambda each: signs[each[0]] > 0):
        if line.key not in moved:
            moved[line.key] = _take_one(line, entry_id, signs[entry_id], shortfall, now)
    return moved


def _take_whole(program_id: int, held: Mapping[int, ToTakeBack], now: datetime) -> dict[int, int]:
    keys = [line.key for line in held.values()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_take_whole(%s, %s, %s, %s)", [program_id, list(held), keys, now])
        return dict(cursor.fetchall())


def _move_lifetimes(lines: Sequence[ToTakeBack]) -> None:
    """Takes off what lines had added: a line after the other, since one account may have several."""
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.account_id] = sums.get(line.account_id, 0) + line.lifetime
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ledger_account a SET lifetime = greatest(a.lifetime - w.points, a.test_lifetime, 0)
            FROM unnest(%s::bigint[], %s::bigint[]) w (id, points) WHERE a.id = w.id AND w.points <> 0""",
            [list(sums), list(sums.values())],
        )


def _take_one(line: ToTakeBack, entry_id: int, points: int, shortfall: Shortfall, now: datetime) -> int:
    """Takes one line back by the verb that fits it; returns the signed points that moved."""
    if points < 0:
        return _give_back(line, entry_id, now)
    result = reverse(entry_id=entry_id, points=points, key=line.key, now=now, shortfall=shortfall)
    if not result.replayed:  # the verb has lowered the lifetime by the points; the line may have moved it otherwise
        account = _survivor(line.account_id)
        Account.objects.filter(pk=account.pk).update(
            lifetime=Greatest(F("lifetime") + points - line.lifetime, F("test_lifetime"), Value(0))
        )
    return result.points


def _give_back(line: ToTakeBack, entry_id: int, now: datetime) -> int:
    """Gives back what the import had deducted, into the lots it came from."""
    account = journal.lock(_survivor(line.account_id).pk)
    if first := journal.earlier(account, line.key, Entry.Kind.RETURN, reverses=entry_id):
        return first.points
    spent = list(Consumption.objects.select_related("lot").filter(entry=entry_id, returned_at=None).order_by("pk"))
    entry, _ = put_back(
        account, spent, drawn_from=line.account_id, key=line.key, source=SOURCE, reverses=entry_id, now=now
    )
    account.save()
    _move_lifetimes([line])
    return entry.points


def _survivor(account_id: int) -> Account:
    """The account, or the one it was merged into."""
    account: Account = Account.objects.get(pk=account_id)
    while account.merged_into_id is not None:
        account = Account.objects.get(pk=account.merged_into_id)
    return account
