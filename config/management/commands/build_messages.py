"""Brings the translations up to date with the code: `manage.py build_messages`, and `--check` where nothing may be missing.

New messages are added empty to `locale/<language>/LC_MESSAGES/django.po`, those that nobody says any more go; then the
`.mo` that Django reads is compiled. Babel does both, so no machine needs GNU gettext.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.messages import gather, placeholders

ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""The day a compiled catalogue claims to be from: the same texts make the same file."""


class Command(BaseCommand):
    """Writes or checks the catalogues of every language but English, whose texts are the ids."""

    help = "Brings locale/*/LC_MESSAGES/django.po and .mo up to date; --check only says what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` changes nothing and fails with the list of what is missing."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when anything is missing or stale"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Go through the languages, and fail at the end with all that is wrong."""
        said, faults = gather(), []
        for code, _name in settings.LANGUAGES:
            if code == settings.LANGUAGE_CODE:
                continue
            folder = Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES"
            old = _read(folder / "django.po", code)
            new = _brought_up(said, old, code)
            faults += [f"{code}: {fault}" for fault in _faults(new)]
            written, compiled = _po(new), _mo(new)
            if check and (folder / "django.po").read_bytes() != written:
                faults.append(f"{code}: django.po is not what build_messages writes")
            if check and (folder / "django.mo").read_bytes() != compiled:
                faults.append(f"{code}: django.mo is not compiled from django.po")
            if not check:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "django.po").write_bytes(written)
                (folder / "django.mo").write_bytes(compiled)
        if faults:
            raise CommandError("\n".join(faults))


def _read(path: Path, code: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _brought_up(said: Catalog, old: Catalog, code: str) -> Catalog:
    """What is said now, with the translations there are."""
    new = Catalog(locale=code, project="Encore", charset="utf-8", fuzzy=False)
    for message in said:
        if not message.id:
            continue
        known = old.get(message.id if isinstance(message.id, str) else message.id[0], context=message.context)
        text = known.string if known is not None else None
        is_pair = not isinstance(message.id, str)
        if text is None or is_pair != isinstance(text, tuple):
            text = ("", "") if is_pair else ""
        files = sorted({(file, None) for file, _line in message.locations})
        new.add(message.id, text, locations=files, context=message.context)  # type: ignore[arg-type]  # a file is enough
    return new


def _po(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, width=0, omit_header=False, sort_by_file=True)
    header = (
        '"POT-Creation-Date:',
        '"PO-Revision-Date:',
        '"Generated-By:',
        '"Last-Translator:',
        '"Report-Msgid-Bugs-To:',
    )
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith((*header, "#  ", "# F", "# T"))).encode()


def _mo(catalog: Catalog) -> bytes:
    file = BytesIO()
    compiled = read_po(BytesIO(_po(catalog)), locale=catalog.locale)
    compiled.creation_date = compiled.revision_date = ALWAYS
    write_mo(file, compiled)
    return file.getvalue()


def _faults(catalog: Catalog) -> list[str]:
    faults = []
    for message in catalog:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        texts: list[str] = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if not all(texts):
            faults.append(f"not translated: {ids[0]!r} ({message.locations[0][0]})")
            continue
        offered = placeholders(ids[-1])
        faults += [f"{text!r} names {placeholders(text) - offered}" for text in texts if placeholders(text) - offered]
        if isinstance(message.id, str) and placeholders(str(texts[0])) != offered:
            faults.append(f"{texts[0]!r} leaves out {offered - placeholders(str(texts[0]))}")
    return faults
