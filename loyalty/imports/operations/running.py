"""Doing what the preview showed: some thousand rows a step, in sets, under the locks of their accounts.

An import never gives what rules give for signing up, for a birthday or for rising. Balances are judged afresh: somebody may
have earned or spent since the preview.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from loyalty.imports.fields import HISTORY, NO_DATE
from loyalty.imports.models import Import, ImportRow
from loyalty.imports.operations.steps import RowStep
from loyalty.imports.options import Options
from loyalty.imports.sets import write_outcomes
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.members.sets import create_members, set_birthdays
from loyalty.programs.calendar import end_of_day_after, midnight
from loyalty.programs.models import Program
from loyalty.tiers import operations as tiers
from loyalty.tiers.operations import Manner, Stood

BATCH = 2_000
"""Rows of one step; so many accounts are locked together."""
_WORKS = (ImportRow.Verdict.NEW, ImportRow.Verdict.CHANGED)


def key_of(import_id: int, number: int) -> str:
    """Returns the key of the entry that a row makes, for ever."""
    return f"import:{import_id}:{number}"


def run_some(program: Program, imported: Import, now: datetime, *, limit: int = BATCH) -> RowStep:
    """Does the next rows, in the caller's transaction; the last step ends the import."""
    rows = _next(imported, limit)
    if not rows:
        imported.state, imported.finished_at = Import.State.DONE, now
        return RowStep("")
    following = f"{rows[-1].sorted_on.isoformat()}|{rows[-1].number}"
    options = Options.of(imported.options)
    members = _members(program, rows, options, now)
    accounts = ledger.lock_accounts(member_ids=members.values())
    takes_part = _taking_part(members.values())
    done = [row for row in rows if _may(row, members, takes_part)]
    born = _birthdays(program, done, members, options, now)
    lines = [_line(program, imported, row, accounts[members[row.pk]], options=options, now=now) for row in done]
    moved = ledger.bring_all(
        program_id=program.pk, lines=lines,
        is_target=options.sets_balance and imported.kind != HISTORY, now=now,
    )  # fmt: skip
    manner = Manner.SILENT if options.is_silent else Manner.TOLD
    wanted = {members[row.pk]: row.tier_id for row in done if row.tier_id is not None}
    stood = tiers.place_all(wanted=wanted, now=now, manner=manner)
    tiers.requalify_all(member_ids=sorted({members[row.pk] for row in done}), now=now, manner=manner)
    write_outcomes(
        [
            {
                "id": row.pk,
                "member_id": members[row.pk],
                "entry_id": did.entry_id,
                "moved": did.points,
                "lifetime_moved": did.lifetime,
                "before": _before(members[row.pk], row, born, stood),
            }
            for row, did in zip(done, moved, strict=True)
        ]
    )
    _leave_out([row for row in rows if row.fault])
    _count(imported, rows, done, [did.points for did in moved])
    return RowStep(following)


def _next(imported: Import, limit: int) -> list[ImportRow]:
    rows = ImportRow.objects.filter(imported=imported, verdict__in=_WORKS).order_by("sorted_on", "number")
    if imported.cursor:
        day, _, number = imported.cursor.partition("|")
        rows = rows.extra(  # constants: the ORM has no comparison of rows, and this is what the index is for
            where=["(sorted_on, number) > (%s, %s)"], params=[day, int(number)]
        )
    return list(rows[:limit])


def _members(program: Program, rows: Sequence[ImportRow], options: Options, now: datetime) -> dict[int, int]:
    """The members of rows, by the rows' ids; who is none yet becomes one, with an account and nothing on it."""
    strangers = {row.customer_id: _customer(row.customer) for row in rows if row.member_id is None and row.customer}
    made: dict[int, int] = {}
    if strangers:
        made = create_members(
            program=program, customers=list(strangers.values()), now=now, announces=not options.is_silent
        )
        ledger.open_accounts(program=program, member_ids=made.values(), now=now)
    found = {row.pk: row.member_id or made.get(row.customer_id or 0) for row in rows}
    return _survivors({row_id: member_id for row_id, member_id in found.items() if member_id is not None})


def _survivors(members: Mapping[int, int]) -> dict[int, int]:
    """Follows who was merged away since the preview."""
    merged = Member.objects.filter(pk__in=set(members.values()), merged_into__isnull=False)
    into = dict(merged.values_list("pk", "merged_into_id"))
    followed = {row_id: into.get(member_id, member_id) for row_id, member_id in members.items()}
    return _survivors(followed) if into else followed


def _customer(kept: Mapping[str, Any]) -> Customer:
    return Customer(
        **{
            **kept,
            "tags": tuple(kept.get("tags") or ()),
            "created_at": datetime.fromisoformat(kept["created_at"]),
        }
    )


def _taking_part(members: Sequence[int] | Any) -> dict[int, bool]:
    """Whether members may be given points; who was forgotten meanwhile is left out."""
    found = Member.objects.filter(pk__in=set(members), redacted_at=None)
    return {pk: status != Member.Status.EXCLUDED for pk, status in found.values_list("pk", "status")}


def _may(row: ImportRow, members: Mapping[int, int], takes_part: Mapping[int, bool]) -> bool:
    """Whether a row can be done still; it notes why not."""
    member_id = members.get(row.pk)
    if member_id is None or member_id not in takes_part:
        row.fault = "gone"
    elif row.points is not None and not takes_part[member_id]:
        row.fault = "excluded"
    return not row.fault


def _birthdays(
    program: Program, rows: Sequence[ImportRow], members: Mapping[int, int], options: Options, now: datetime
) -> dict[int, date | None]:
    wanted: dict[int, date | None] = {members[row.pk]: row.date_of_birth for row in rows if row.date_of_birth}
    return set_birthdays(program_id=program.pk, wanted=wanted, now=now, announces=not options.is_silent)


def _line(
    program: Program, imported: Import, row: ImportRow, account: Account, *, options: Options, now: datetime
) -> ledger.Brought:
    note = row.note or f"Import of {imported.file_name}"
    earned_at = now
    if row.sorted_on != NO_DATE:
        earned_at = min(datetime.combine(row.sorted_on, time(12), program.zone).astimezone(UTC), now)
    expires_at = end_of_day_after(now, days=program.expiry_days, zone=program.zone) if program.expiry_days else None
    if row.expires_on is not None:
        expires_at = midnight(row.expires_on + timedelta(days=1), zone=program.zone)
    return ledger.Brought(
        account_id=account.pk,
        key=key_of(imported.pk, row.number),
        points=row.points,
        lifetime=row.lifetime,
        earned_at=earned_at,
        expires_at=expires_at,
        details={
            "import": imported.pk,
            "row": row.number,
            "reason": note,
            "actor": imported.started_by,
        },
        event=None if options.is_silent else {"note": note},
    )


def _before(
    member_id: int, row: ImportRow, born: Mapping[int, date | None], stood: Mapping[int, Stood]
) -> dict[str, Any] | None:
    """What the member's birthday and tier were, where the row has changed them."""
    kept: dict[str, Any] = {}
    if row.date_of_birth is not None and member_id in born:
        was = born[member_id]
        kept["birthday"] = was.isoformat() if was else None
    if row.tier_id is not None and member_id in stood:
        kept["tier"] = stood[member_id].kept()
    return kept or None


def _leave_out(rows: Sequence[ImportRow]) -> None:
    for row in rows:
        row.verdict = ImportRow.Verdict.ERROR
    ImportRow.objects.bulk_update(rows, ["verdict", "fault"])


def _count(imported: Import, rows: Sequence[ImportRow], done: Sequence[ImportRow], moved: Sequence[int]) -> None:
    counts, totals = dict(imported.counts), dict(imported.totals)
    for name, number in (
        ("handled", len(rows)),
        ("did", len(done)),
        ("left_out", len(rows) - len(done)),
        ("joined", len({row.customer_id for row in done if row.verdict == ImportRow.Verdict.NEW})),
        ("entries", sum(points != 0 for points in moved)),
    ):
        counts[name] = counts.get(name, 0) + number
    totals["brought"] = totals.get("brought", 0) + sum(points for points in moved if points > 0)
    totals["deducted"] = totals.get("deducted", 0) - sum(points for points in moved if points < 0)
    imported.counts, imported.totals = counts, totals
