"""`manage.py seed_shop --from FILE|-`: shops for integration tests, from JSON setups (docs/seed_shop.md)."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.seeding import sandbox, setups, shops


class Command(BaseCommand):
    """Prints a JSON list of results, one per setup in the same order, and nothing else."""

    help = "Create shops from a JSON list of setups, beside a running demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Adds `--from`."""
        parser.add_argument("--from", dest="source", required=True, help="a JSON file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, builds, prints."""
        if settings.ENCORE_ENVIRONMENT == "production" or not settings.SHOPIFY_GATEWAY:
            raise CommandError("seed_shop makes shops in the sandbox; it refuses in production.")
        try:
            text = sys.stdin.read() if options["source"] == "-" else Path(options["source"]).read_text(encoding="utf-8")
            wanted = setups.check(json.loads(text))
            domains = [shops.new_domain() for _ in wanted]
            now = timezone.now()
            pairs = list(zip(domains, wanted, strict=True))
            sandbox.put_stores([shops.store_of(domain, setup) for domain, setup in pairs])
            results = [shops.build(domain, setup, now) for domain, setup in pairs]
        except (setups.BadSetup, sandbox.SandboxUnreachable, OSError) as error:
            raise CommandError(str(error)) from error
        except (ValueError, KeyError) as error:
            raise CommandError(f"A setup can't be read: {error!r}") from error
        self.stdout.write(json.dumps(results))
