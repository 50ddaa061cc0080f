"""`manage.py seed_demo`: fills the demo shop once, and writes what its front door shows."""

from __future__ import annotations

import json
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.seeding import demo
from loyalty.programs.models import Program
from loyalty.programs.operations import purge


class Command(BaseCommand):
    """A second run finds the shop and changes nothing."""

    help = "Fill the demo shop with members and months of history."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seeds, unless the shop is there already."""
        if settings.ENCORE_ENVIRONMENT == "production" or not settings.SHOPIFY_GATEWAY:
            raise CommandError("seed_demo fills a shop in the sandbox; it refuses in production.")
        path = settings.ENCORE_HOME / "demo.json"
        if path.exists() and Program.objects.filter(shopify_domain=demo.DOMAIN).exists():
            return
        for interrupted in Program.objects.filter(shopify_domain=demo.DOMAIN):
            purge(program_id=interrupted.pk)
        shown = demo.seed(now=timezone.now())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(shown, file, indent=2)
