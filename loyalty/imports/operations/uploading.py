"""Taking a file in: read once to see how it is written, once to store its lines, a chunk at a time; never held whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.imports.fields import guess, kind_of
from loyalty.imports.mappings import OTHER, SOURCES
from loyalty.imports.models import Import, ImportChunk
from loyalty.imports.options import Options
from loyalty.imports.reading import (
    Format,
    UnreadableFile,
    delimiter_of,
    encoding_of,
    headers_of,
    lines_of,
    text_of,
)
from loyalty.programs.models import Program

CHUNK = 5_000
"""Lines that are stored together, and read in one step."""
Pieces = Callable[[], Iterable[bytes]]
"""Begins to read the file anew, some bytes at a time."""


@transaction.atomic
def upload(
    *, program: Program, file_name: str, pieces: Pieces, source: str, actor: str, now: datetime, once: str = ""
) -> Import:
    """Stores a file, encrypted, with a guess of what its columns hold. Nothing else changes.

    Args:
        source: A slug of `mappings.SOURCES`, or `OTHER`.
        once: Makes a repeat the same upload.

    Raises:
        UnreadableFile: It is none that can be read; the sentence says what to do.
    """
    found = Import.objects.filter(once=once).first() if once else None
    if found is not None:
        repeated: Import = found
        return repeated
    written, text = _opened(pieces)
    lines = lines_of(text, written.delimiter, most_rows=settings.ENCORE_IMPORT_MAX_ROWS)
    first = next(lines, None)
    if first is None:
        raise UnreadableFile(_("The file is empty."))
    headers = headers_of(first[1])
    known = SOURCES.get(source)
    columns = guess(headers, known.words if known else {})
    imported: Import = Import.objects.create(
        program=program, source=source if known else OTHER, file_name=file_name[:200], encoding=written.encoding,
        delimiter=written.delimiter, headers=headers, columns=columns, kind=kind_of(columns), uploaded_by=actor[:150],
        options=Options(day_first=bool(known and known.dates == "dmy")).kept(), once=once, created_at=now,
    )  # fmt: skip
    imported.row_count = _store(imported, lines)
    if imported.row_count == 0:
        raise UnreadableFile(_("The file has a first line and no rows."))
    imported.save(update_fields=["row_count"])
    return imported


def _opened(pieces: Pieces) -> tuple[Format, Iterator[str]]:
    """How the file is written, and its text from the beginning."""
    encoding = encoding_of(pieces())
    text = text_of(pieces(), encoding)
    first = next(text, "")
    return Format(encoding, delimiter_of(first)), chain([first], text)


def _store(imported: Import, lines: Iterator[tuple[int, list[str]]]) -> int:
    """Stores the lines and returns how many; each chunk is let go before the next is read."""
    count, number = 0, 0
    while some := list(islice(lines, CHUNK)):
        ImportChunk.objects.create(
            program_id=imported.program_id, imported=imported, number=number, first_row=some[0][0],
            body=json.dumps(some, ensure_ascii=False, separators=(",", ":")),
        )  # fmt: skip
        count, number = count + len(some), number + 1
    return count
