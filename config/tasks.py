"""What runs at night over all nouns: the ledger is proved, and what nobody needs any more is forgotten."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from loyalty.idempotency.operations import drop_expired, remember
from loyalty.ledger.audit import Finding, audit
from loyalty.outbox.pruning import prune
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, forget_runs, round_began, run

AUDITS_KEPT = timedelta(days=90)
log = structlog.get_logger(__name__)


@shared_task
def audit_ledgers(begun: str | None = None, **_: Any) -> None:
    """Proves every shop's ledger; what lies is logged as an error, and each shop's result is kept for 90 days."""
    started = round_began(begun, now=timezone.now())
    programs = list(Program.objects.order_by("pk").values_list("pk", flat=True))
    if not run(name="audit", programs=programs, work=audit_one, clock=timezone.now, begun=started):
        audit_ledgers.delay(begun=started.isoformat())


def audit_one(program: Program, _cursor: str, now: datetime) -> Step:
    """Proves one shop's ledger and keeps the result."""
    findings = snapshot_audit(program.pk)
    for finding in findings:
        log.error("the ledger lies", shop=program.shopify_domain, **asdict(finding))
    keep(program.pk, findings, now=now)
    return Step(None, {"findings": len(findings)})


def snapshot_audit(program_id: int) -> list[Finding]:
    """Audits one programme in one snapshot, so that work in flight does not look like a lie."""
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return audit(program_id=program_id)


def keep(program_id: int, findings: list[Finding], *, now: datetime) -> None:
    """Keeps a result under the instant of its run, with the stored answers."""
    remember(
        program_id=program_id, scope="nightly-audit", key=now.isoformat(), now=now, expires_at=now + AUDITS_KEPT,
        body=json.dumps([asdict(finding) for finding in findings]),
    )  # fmt: skip


@shared_task
def forget_what_is_old(**_: Any) -> None:
    """Drops news told long ago, answers past their end and old runs. Safe to run twice at once."""
    now = timezone.now()
    deliveries, events = prune(now=now)
    log.info("pruned", deliveries=deliveries, events=events, answers=drop_expired(now=now), runs=forget_runs(now=now))
