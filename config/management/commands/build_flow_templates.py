"""`manage.py build_flow_templates [--check]`: the files of the Flow templates, from their definitions (docs/flow-templates.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flow_extensions.templates.definitions import BadDefinition
from flow_extensions.templates.files import EXTENSIONS, templates


class Command(BaseCommand):
    """Writes each `template.flow` with its hash, its words and the switches of its manifest."""

    help = "Build the Flow templates from their definitions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Adds `--check` and `--extensions`."""
        parser.add_argument("--check", action="store_true", help="write nothing, and fail if a built file is stale")
        parser.add_argument("--extensions", type=Path, default=EXTENSIONS, help="another copy of flow_extensions/")

    def handle(self, *args: Any, check: bool, extensions: Path, **options: Any) -> None:
        """Writes the files and says of each template what it waits for; with `--check` compares only."""
        try:
            found = templates(extensions=extensions)
        except BadDefinition as error:
            raise CommandError(str(error)) from error
        stale = {path: template for template in found for path in template.stale()}
        if check and stale:
            names = ", ".join(str(path.relative_to(extensions.parent)) for path in stale)
            raise CommandError(f"Not what the definitions say: {names}. Run `make templates`.")
        for path, template in stale.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(template.files[path], "utf-8")
        for template in found:
            waits = f"off, not seen in an export: {', '.join(template.unseen)}" if template.unseen else "on"
            self.stdout.write(f"{template.definition.handle}: {waits}")
