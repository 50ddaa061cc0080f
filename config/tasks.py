"""What runs at night over all nouns: the ledger is proved, and what nobody needs any more is forgotten."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from loyalty.idempotency.operations import drop_expired, remember
from loyalty.ledger.audit import INVARIANTS, Finding, check
from loyalty.outbox.pruning import prune
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, forget_runs, round_began, run

AUDITS_KEPT = timedelta(days=90)
log = structlog.get_logger(__name__)


@shared_task
def audit_ledgers(begun: str | None = None, **_: Any) -> None:
    """Proves every shop's ledger, one invariant a step; what lies is logged as an error and kept for 90 days.

    The proof is the run without findings. Safe to run twice at once; the rest is left to another task.
    """
    started = round_began(begun, now=timezone.now())
    programs = list(Program.objects.order_by("pk").values_list("pk", flat=True))
    if not run(name="audit", programs=programs, work=audit_some, clock=timezone.now, begun=started):
        audit_ledgers.delay(begun=started.isoformat())


def audit_some(program: Program, cursor: str, now: datetime) -> Step:
    """Proves the next invariant of one shop's ledger and keeps the rows that break it."""
    number = int(cursor or 0)
    findings = check(program_id=program.pk, number=number)
    for finding in findings:
        log.error("the ledger lies", shop=program.shopify_domain, **asdict(finding))
    if findings:
        keep(program.pk, findings, now=now)
    following = str(number + 1) if number + 1 < INVARIANTS else None
    return Step(following, {"invariants": 1, "findings": len(findings)})


def keep(program_id: int, findings: list[Finding], *, now: datetime) -> None:
    """Keeps what lies under the instant at which it was found, with the stored answers."""
    remember(
        program_id=program_id, scope="nightly-audit", key=f"{now.isoformat()} {findings[0].invariant}", now=now,
        expires_at=now + AUDITS_KEPT, body=json.dumps([asdict(finding) for finding in findings]),
    )  # fmt: skip


@shared_task
def forget_what_is_old(**_: Any) -> None:
    """Drops news told long ago, answers past their end and old runs. Safe to run twice at once."""
    now = timezone.now()
    deliveries, events = prune(now=now)
    log.info("pruned", deliveries=deliveries, events=events, answers=drop_expired(now=now), runs=forget_runs(now=now))
