"""The nightly proof of a shop's ledger: invariant by invariant as a recorded run, and what the newest one came to."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from loyalty.idempotency.operations import remember
from loyalty.idempotency.queries import answers_since
from loyalty.ledger.audit import INVARIANTS, Finding, check
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, latest_run

AUDIT = "audit"
"""The run's name."""
FINDINGS = "nightly-audit"
"""What findings are kept under, with the stored answers."""
KEPT = timedelta(days=90)
_log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What a proof came to. FAILED: not every invariant could be looked at."""

    PROVED = "proved"
    BROKEN = "broken"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that has ended: how many invariants were looked at, how many rows broke one, and those rows."""

    run_id: int
    verdict: Verdict
    checked: int
    broken_rows: int
    findings: tuple[Finding, ...]
    started_at: datetime
    finished_at: datetime


def prove_some(program: Program, cursor: str, now: datetime) -> Step:
    """Proves the next invariant of one shop's ledger; the rows that break it are logged as errors and kept for 90 days."""
    number = int(cursor or 0)
    findings = check(program_id=program.pk, number=number)
    for finding in findings:
        _log.error("the ledger lies", shop=program.shopify_domain, **asdict(finding))
    if findings:
        remember(
            program_id=program.pk, scope=FINDINGS, key=f"{now.isoformat()} {findings[0].invariant}", now=now,
            expires_at=now + KEPT, body=json.dumps([asdict(finding) for finding in findings]),
        )  # fmt: skip
    following = str(number + 1) if number + 1 < INVARIANTS else None
    return Step(following, {"invariants": 1, "findings": len(findings)})


def newest_proof() -> Proof | None:
    """Returns the newest proof of the programme in scope that has ended; None before the first night."""
    run = latest_run(name=AUDIT, is_over=True)
    if run is None or run.finished_at is None:
        return None
    kept = answers_since(scope=FINDINGS, since=run.started_at)
    rows = [Finding(**row) for answer in kept for row in json.loads(answer.body)]
    findings = tuple(dict.fromkeys(rows))  # a step that was cut off and repeated has kept its rows twice
    verdict = Verdict.FAILED if run.error else Verdict.BROKEN if findings else Verdict.PROVED
    return Proof(
        run_id=run.pk, verdict=verdict, checked=run.counts.get("invariants", 0), broken_rows=len(findings),
        findings=findings, started_at=run.started_at, finished_at=run.finished_at,
    )  # fmt: skip
