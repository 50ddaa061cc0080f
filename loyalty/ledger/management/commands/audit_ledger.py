"""`manage.py audit_ledger [--shop DOMAIN]`: proves the ledger of one shop, or of all, and says which row lies."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from loyalty.ledger.audit import audit
from loyalty.programs.models import Program


class Command(BaseCommand):
    """Exits 1 when a row lies."""

    help = "Prove the ledger's invariants for a shop or for all, and say which row lies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Adds `--shop`."""
        parser.add_argument("--shop", help="one shop's domain, such as my-store.myshopify.com; default: every shop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Audits in one snapshot per run, so that work in flight does not look like a lie."""
        programs = Program.objects.order_by("shopify_domain")
        if options["shop"]:
            programs = programs.filter(shopify_domain=options["shop"])
            if not programs.exists():
                raise CommandError(f"No shop {options['shop']} here.")
        lies = 0
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for program in programs:
                findings = audit(program_id=program.pk)
                lies += len(findings)
                for finding in findings:
                    self.stdout.write(
                        f"{program.shopify_domain}: {finding.table} {finding.row_id}: {finding.invariant} ({finding.figures})"
                    )
        if lies:
            raise CommandError(f"{lies} rows lie.")
        self.stdout.write(f"Clean: {programs.count()} shops, every invariant holds.")
