"""A file of comma-separated values, from its bytes to its lines. Pure; never more than a line is held.

Spreadsheets write UTF-8 with or without a mark, UTF-16 ("Unicode text"), or the Windows code page of western Europe, and
separate by comma, semicolon or tab. A cell in quotes may hold all of them, and line breaks.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField

MOST_COLUMNS = 100
LONGEST_CELL = 2_000
DELIMITERS = (",", ";", "\t")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WESTERN = "cp1252"


class UnreadableFile(InvalidField):
    """A file that is none we can read, in a sentence that says what to do; nothing was stored."""

    code = "unreadable_file"

    def __init__(self, sentence: str) -> None:
        super().__init__("file", sentence)


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written: its encoding by Python's name, and what separates its cells."""

    encoding: str
    delimiter: str


def encoding_of(pieces: Iterable[bytes]) -> str:
    """Returns how a file is encoded: by its mark, else UTF-8 if all of it is, else the western code page.

    Raises:
        UnreadableFile: It is empty, or no text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_first = is_utf8 = True
    for piece in pieces:
        if is_first:
            for mark, name in _MARKS:
                if piece.startswith(mark):
                    return name
        if b"\x00" in piece:
            raise UnreadableFile(_("This is no text file. Save your sheet as “CSV UTF-8” and choose that file."))
        is_first = False
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            is_utf8 = False
            break
    if is_first:
        raise UnreadableFile(_("The file is empty."))
    return "utf-8" if is_utf8 else _WESTERN


def text_of(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Yields the text, line by line as the bytes break it; the line breaks stay.

    Raises:
        UnreadableFile: Some of it is not in this encoding.
    """
    # What the western code page leaves undefined, Latin-1 has as control characters: they are dropped, not refused.
    decoder = codecs.getincrementaldecoder(encoding)("replace" if encoding == _WESTERN else "strict")
    rest = ""
    try:
        for piece in pieces:
            lines = (rest + decoder.decode(piece)).splitlines(keepends=True)
            rest = lines.pop() if lines else ""
            yield from lines
        rest += decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise UnreadableFile(
            _("Some of the file is in another encoding. Save your sheet as “CSV UTF-8” and choose that file.")
        ) from error
    if rest:
        yield from rest.splitlines(keepends=True)


def delimiter_of(first_line: str) -> str:
    """Returns what separates the cells, judged by the first line: what stands there most often, outside quotes."""
    outside = "".join(first_line.split('"')[::2])
    return max(DELIMITERS, key=lambda each: (outside.count(each), each == ","))


def lines_of(text: Iterator[str], delimiter: str, *, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    """Yields the lines with their numbers as a spreadsheet counts rows, the first being 1; blank ones are passed over.

    Raises:
        UnreadableFile: There are too many rows or columns, or a cell is too long.
    """
    number = 0
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter), 1):
            if number > most_rows + 1:
                most = number_format(most_rows, force_grouping=True)
                raise UnreadableFile(
                    _("A file has at most %(most)s rows. Split it and import the parts one by one.") % {"most": most}
                )
            if len(cells) > MOST_COLUMNS:
                raise UnreadableFile(
                    _("Row %(number)s has %(columns)s columns; a file has at most %(most)s.")
                    % {"number": number, "columns": len(cells), "most": MOST_COLUMNS}
                )
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise UnreadableFile(
                    _("Row %(number)s has a cell of more than %(longest)s characters. Is a quotation mark missing?")
                    % {"number": number, "longest": number_format(LONGEST_CELL, force_grouping=True)}
                )
            if any(cell.strip() for cell in cells):
                yield number, [cell.replace("\x00", "").strip() for cell in cells]
    except csv.Error as error:
        raise UnreadableFile(
            _("Row %(number)s cannot be read. Is a quotation mark missing?") % {"number": number + 1}
        ) from error


def headers_of(cells: Sequence[str]) -> list[str]:
    """Returns the words of the first line, each with something to call it by."""
    return [cell[:100] or _("Column %(place)s") % {"place": place} for place, cell in enumerate(cells, 1)]
