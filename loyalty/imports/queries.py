"""What may be asked of imports from outside."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from loyalty.imports.errors import ImportNotFound
from loyalty.imports.models import KEPT, Import, ImportChunk, ImportRow
from loyalty.ledger.queries import spent_of_lots


def imports() -> QuerySet[Import]:
    """Returns the imports of the programme in scope, newest first."""
    found: QuerySet[Import] = Import.objects.order_by("-created_at", "-pk")
    return found


def import_by_id(*, import_id: int) -> Import:
    """Returns one import.

    Raises:
        ImportNotFound: No such import in this programme.
    """
    found: Import | None = imports().filter(pk=import_id).first()
    if found is None:
        raise ImportNotFound(import_id)
    return found


def sample(imported: Import, *, number: int = 3) -> list[list[str]]:
    """Returns the first lines of a file as they stand in it."""
    chunk = ImportChunk.objects.filter(imported=imported).order_by("number").first()
    lines: list[tuple[int, list[str]]] = json.loads(chunk.body or "[]") if chunk else []
    return [cells for _, cells in lines[:number]]


def rows(imported: Import, *, verdict: str) -> QuerySet[ImportRow]:
    """Returns the rows that would do, or did, one thing, in the file's order."""
    found: QuerySet[ImportRow] = ImportRow.objects.filter(imported=imported, verdict=verdict)
    return found.select_related("member").order_by("number")


def rows_about(*, member_id: int) -> QuerySet[ImportRow]:
    """Returns what files say of a member, for as long as their rows are kept."""
    found: QuerySet[ImportRow] = ImportRow.objects.filter(member=member_id).select_related("imported")
    return found.order_by("imported", "number")


def ends_at(imported: Import) -> datetime:
    """Until when an import can be taken back."""
    return imported.created_at + KEPT


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking an import back would come to, in whole points: what it brought and deducted, and what of it is spent."""

    brought: int
    spent: int
    deducted: int


def undoing(imported: Import) -> Undoing:
    """Returns what taking an import back would come to, as it stands now."""
    applied = ImportRow.objects.filter(imported=imported, is_applied=True)
    sums = applied.aggregate(brought=Sum("moved", filter=Q(moved__gt=0)), deducted=Sum("moved", filter=Q(moved__lt=0)))
    entries = applied.filter(moved__gt=0, entry_id__isnull=False).values("entry_id")
    return Undoing(int(sums["brought"] or 0), spent_of_lots(entries=entries), -int(sums["deducted"] or 0))
