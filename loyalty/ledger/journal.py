"""Writing to the journal under the account's lock: what the verbs that use the ORM share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from loyalty.errors import IdempotencyKeyReused, NotFound
from loyalty.events import EventKind
from loyalty.idempotency.models import Record
from loyalty.idempotency.operations import remember
from loyalty.ledger.allocation import Draw, OpenLot
from loyalty.ledger.models import Account, Consumption, Entry, Lot
from loyalty.ledger.results import Posting
from loyalty.outbox.operations import append
from loyalty.programs.calendar import end_of_day_after
from loyalty.programs.models import Program


def lock(account_id: int) -> Account:
    """Locks an account of the programme in scope until the transaction ends, and returns it.

    Raises:
        NotFound: No such account in this programme.
    """
    account = Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None:
        raise NotFound(f"Account '{account_id}' not found")
    return account


def lock_lot(entry_id: int) -> tuple[Account, Lot]:
    """Locks the account that an accrual's lot is on today, then reads the lot: never the other way round.

    A lot that a merge moved is followed to where it went. One that was empty by then stayed, and who its member is now
    answers for it: the account is the survivor's.

    Raises:
        NotFound: No lot of that entry in this programme.
    """
    lot = Lot.objects.filter(entry_id=entry_id).first()
    while lot is not None:
        account = lock(lot.account_id)
        lot = Lot.objects.select_related("entry").get(pk=lot.pk)
        if lot.moved_to is None:
            while account.merged_into_id is not None:
                account = lock(account.merged_into_id)
            return account, lot
        lot = lot.moved_to
    raise NotFound(f"Award entry '{entry_id}' not found")


def earlier(account: Account, key: str, kind: Entry.Kind, *, reverses: int | None = None) -> Posting | None:
    """Returns the posting an earlier call under `key` made, as a replay, or None.

    Args:
        reverses: For a correction: the entry it corrects. A merge may have moved its lot to another account since.

    Raises:
        IdempotencyKeyReused: The key belongs to another account's entry or to another kind of entry.
    """
    entry = Entry.objects.filter(key=key).first()
    if entry is None:
        nothing = Record.objects.filter(scope=_scope(kind, reverses), key=key).first()
        return posting(account, None, replayed=True, shortfall=int(nothing.body)) if nothing else None
    same = entry.account_id == account.pk or (reverses is not None and entry.reverses_id == reverses)
    if not same or entry.kind != kind:
        raise IdempotencyKeyReused
    return posting(account, entry, replayed=True)


def note_nothing(
    account: Account, key: str, kind: Entry.Kind, *, now: datetime, shortfall: int = 0, reverses: int | None = None
) -> Posting:
    """Remembers a key whose call moved nothing, since no entry can: its replay must not move something later.

    Args:
        shortfall: Points that were to be taken and were written off.
    """
    remember(program_id=account.program_id, scope=_scope(kind, reverses), key=key, body=str(shortfall), now=now)
    return posting(account, None, shortfall=shortfall)


def written_off(entry_id: int) -> int:
    """Returns the points of an accrual that corrections wrote off without moving anything."""
    bodies = Record.objects.filter(scope=_scope(Entry.Kind.REVERSAL, entry_id)).values_list("body", flat=True)
    return sum(int(body) for body in bodies)


def expired_of(entry_id: int) -> int:
    """Returns the points of an accrual that have expired, on whatever account a merge moved them to."""
    expired, lot = 0, Lot.objects.filter(entry_id=entry_id).first()
    while lot is not None:
        paid = Consumption.objects.filter(lot=lot, entry__kind=Entry.Kind.EXPIRY)
        expired += sum(paid.values_list("points", flat=True))
        lot = lot.moved_to
    return expired


def _scope(kind: Entry.Kind, reverses: int | None) -> str:
    return f"ledger:{kind.value}" + (f":{reverses}" if reverses is not None else "")


def posting(account: Account, entry: Entry | None, *, replayed: bool = False, shortfall: int = 0) -> Posting:
    """Returns the account's balances beside what `entry` did."""
    return Posting(
        entry_id=entry.pk if entry else None,
        points=entry.points if entry else 0,
        shortfall=shortfall,
        replayed=replayed,
        available=account.available,
        pending=account.pending,
        held=account.held,
        debt=account.debt,
        lifetime=account.lifetime,
        redeemed=account.redeemed,
    )


def write(
    account: Account,
    *,
    kind: Entry.Kind,
    points: int,
    key: str,
    source: str,
    now: datetime,
    effective_at: datetime | None = None,
    shortfall: int = 0,
    reverses: int | None = None,
    details: Mapping[str, Any] | None = None,
    is_test: bool = False,
) -> Entry:
    """Appends an entry after the caller has moved the balances on `account`, and saves the account.

    The account is saved first: its sequence orders the entries and its balance is what the entry shows.

    Args:
        is_test: What is about an earlier entry has that entry's mark, anything new the account's `is_testing`.
    """
    account.sequence += 1
    account.updated_at = now
    entry = Entry(
        program_id=account.program_id,
        account=account,
        sequence=account.sequence,
        kind=kind,
        points=points,
        shortfall=shortfall,
        balance_after=account.available,
        key=key,
        source=source,
        reverses_id=reverses,
        details=dict(details or {}),
        is_test=is_test,
        effective_at=effective_at or now,
        created_at=now,
    )
    entry.save(force_insert=True)
    account.last_entry_id = entry.pk
    account.save()
    return entry


def lower_lifetime(account: Account, points: int, *, is_test: bool) -> None:
    """Takes points off what was earned in a lifetime, not below 0; what a test takes is given back by its clean-up.

    The caller saves the account.
    """
    own = account.lifetime - account.test_lifetime
    account.lifetime = max(0, account.lifetime - points)
    account.test_lifetime = account.lifetime - (own if is_test else max(0, own - points))


def note_activity(account: Account, *, now: datetime) -> None:
    """Moves the end of an inactive member's points: they have just earned. The caller saves the account."""
    program = Program.objects.get(pk=account.program_id)
    days = program.inactivity_days
    account.inactive_at = end_of_day_after(now, days=days, zone=program.zone) if days else None


def open_lots(account: Account, *, real_only: bool = False) -> list[OpenLot]:
    """Returns the account's spendable lots with points left, oldest first; those of a test too, unless told otherwise."""
    rows = Lot.objects.filter(account=account, state=Lot.State.AVAILABLE, remaining__gt=0).order_by("earned_at", "pk")
    if real_only:
        rows = rows.filter(is_test=False)
    return [
        OpenLot(pk, remaining, earned) for pk, remaining, earned in rows.values_list("pk", "remaining", "earned_at")
    ]


def consume(account: Account, draws: list[Draw], *, entry: Entry, now: datetime) -> None:
    """Takes the draws from their lots and notes which entry they paid."""
    for draw in draws:
        lot = Lot.objects.get(pk=draw.lot_id)
        lot.remaining -= draw.points
        lot.save(update_fields=["remaining"])
        Consumption.objects.create(
            program_id=account.program_id, lot=lot, entry=entry, points=draw.points, created_at=now
        )


def tell(
    account: Account,
    kind: EventKind,
    payload: Mapping[str, Any] | None,
    *,
    now: datetime,
    is_test: bool = False,
    **facts: Any,
) -> None:
    """Writes the event of a change to the outbox; a payload of None announces nothing."""
    if payload is None:
        return
    append(
        program_id=account.program_id,
        kind=kind,
        member_id=account.member_id,
        sequence=account.sequence,
        payload={"balance": account.available, "lifetime": account.lifetime, **facts, **payload},
        is_test=is_test,
        now=now,
    )
