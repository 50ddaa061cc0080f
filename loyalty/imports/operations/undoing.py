"""Taking an import back: the last row first, by entries; birthdays and tiers become what they were, unless changed since.

Points that are spent already follow the shop's rule for refunds. New members stay members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from loyalty.imports.models import Import, ImportRow
from loyalty.imports.operations.running import key_of
from loyalty.imports.operations.steps import RowStep
from loyalty.imports.sets import write_undone
from loyalty.ledger import operations as ledger
from loyalty.ledger.operations import Shortfall, ToTakeBack
from loyalty.members.models import Member
from loyalty.members.sets import set_birthdays
from loyalty.programs.models import Program
from loyalty.tiers import operations as tiers
from loyalty.tiers.operations import Manner, Stood

BATCH = 1_000
"""Rows of one step."""


def shortfall_of(program: Program) -> Shortfall:
    """Returns what becomes of points that are to be taken back and are spent already."""
    is_written_off = program.refund_policy == Program.RefundPolicy.FLOOR
    return Shortfall.WRITE_OFF if is_written_off else Shortfall.DEBT


def undo_some(program: Program, imported: Import, now: datetime, *, limit: int = BATCH) -> RowStep:
    """Takes the next rows back, in the caller's transaction; the last step ends it."""
    rows = _next(imported, limit)
    if not rows:
        imported.state, imported.undone_at = Import.State.UNDONE, now
        return RowStep("")
    following = f"{rows[-1].sorted_on.isoformat()}|{rows[-1].number}"
    members = _members(rows)
    accounts = ledger.lock_accounts(member_ids=members.values())
    lines = [
        ToTakeBack(row.entry_id, accounts[members[row.pk]].pk, row.lifetime_moved, f"undo:{key_of(imported.pk, row.number)}")
        for row in rows
        if row.pk in members
    ]  # fmt: skip
    moved = ledger.take_all_back(program_id=program.pk, lines=lines, shortfall=shortfall_of(program), now=now)
    birthdays = _birthdays(program, rows, members, now)
    placed = _tiers(rows, members)
    tiers.requalify_all(member_ids=sorted(set(members.values())), now=now, manner=Manner.SILENT)
    taken = {row.pk: moved.get(f"undo:{key_of(imported.pk, row.number)}", 0) for row in rows}
    write_undone(taken)
    _count(imported, rows, taken, birthdays=birthdays, placed=placed)
    return RowStep(following)


def _next(imported: Import, limit: int) -> list[ImportRow]:
    rows = ImportRow.objects.filter(imported=imported, is_applied=True).order_by("-sorted_on", "-number")
    if imported.cursor:
        day, _, number = imported.cursor.partition("|")
        rows = rows.extra(  # constants: the ORM has no comparison of rows, and this is what the index is for
            where=["(sorted_on, number) < (%s, %s)"], params=[day, int(number)]
        )
    return list(rows[:limit])


def _members(rows: Sequence[ImportRow]) -> dict[int, int]:
    """Who the rows' members are now, by the rows' ids: whoever was merged away is whom they became."""
    members = {row.pk: row.member_id for row in rows if row.member_id is not None}
    while True:
        merged = Member.objects.filter(pk__in=set(members.values()), merged_into__isnull=False)
        into = dict(merged.values_list("pk", "merged_into_id"))
        if not into:
            return members
        members = {row_id: into.get(member_id, member_id) for row_id, member_id in members.items()}


def _birthdays(program: Program, rows: Sequence[ImportRow], members: Mapping[int, int], now: datetime) -> int:
    wanted: dict[int, date | None] = {}
    only_if: dict[int, date | None] = {}
    for row in rows:
        if row.pk in members and row.before is not None and "birthday" in row.before:
            was = row.before["birthday"]
            wanted[members[row.pk]] = date.fromisoformat(was) if was else None
            only_if[members[row.pk]] = row.date_of_birth
    return len(set_birthdays(program_id=program.pk, wanted=wanted, now=now, announces=False, only_if=only_if))


def _tiers(rows: Sequence[ImportRow], members: Mapping[int, int]) -> int:
    changed = [row for row in rows if row.pk in members and row.before is not None and "tier" in row.before]
    stood = {members[row.pk]: Stood(**(row.before or {})["tier"]) for row in changed}
    return tiers.put_back_all(stood=stood, placed={members[row.pk]: row.tier_id or 0 for row in changed})


def _count(
    imported: Import, rows: Sequence[ImportRow], taken: Mapping[int, int], *, birthdays: int, placed: int
) -> None:
    counts, totals = dict(imported.counts), dict(imported.totals)
    for name, number in (("undone", len(rows)), ("birthdays_back", birthdays), ("tiers_back", placed)):
        counts[name] = counts.get(name, 0) + number
    took = -sum(points for points in taken.values() if points < 0)
    brought = sum(row.moved for row in rows if row.moved > 0)
    for name, points in (
        ("taken_back", took),
        ("given_back", sum(points for points in taken.values() if points > 0)),
        ("spent", brought - took),
    ):
        totals[name] = totals.get(name, 0) + points
    imported.counts, imported.totals = counts, totals
