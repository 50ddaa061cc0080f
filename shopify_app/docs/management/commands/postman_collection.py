"""`manage.py postman_collection --file FILE`: the committed collection, from the code (see `make openapi`)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from shopify_app.docs.calls import document
from shopify_app.docs.collection import collection

BASE_URL = "https://encore.example.com"


class Command(BaseCommand):
    """Writes the collection with an address to be filled in."""

    help = "Writes the REST API's calls as a Postman collection."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes the file."""
        parser.add_argument("--file", type=Path, required=True)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Writes it."""
        found = collection(document(), base_url=BASE_URL)
        file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
