"""A run worked once: the answer is kept in the transaction of the work, and every later delivery gets it byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django_scopes import scope

from flow_extensions.actions.runs import BadProperty, Run
from loyalty.earning.results import AwardResult
from loyalty.errors import IdempotencyKeyReused, NotFound
from loyalty.idempotency.operations import first_answer, lock_key, remember
from loyalty.money import to_decimal, to_minor
from loyalty.programs.models import Program

SCOPE = "flow"
"""What run ids are unique within; "Award custom action" keeps its skips there as well."""


def occurrence_of(run: Run) -> str:
    """Returns what a run is, for operations that happen once per occurrence: it names nobody and is of one length."""
    return f"flow:{run.handle}:{hashlib.sha256(run.id.encode()).hexdigest()}"


def program_of(run: Run) -> Program:
    """Returns the programme of the run's shop.

    Raises:
        NotFound: Encore is not installed in this shop.
    """
    program: Program | None = Program.objects.filter(shopify_domain=run.shop_domain, is_installed=True).first()
    if program is None:
        raise NotFound("This shop does not use Encore")
    return program


def in_places(amount: Decimal, *, currency: str, label: str) -> Decimal:
    """Returns an amount with the decimal places of its currency.

    Raises:
        BadProperty: It has more of them.
    """
    try:
        return to_decimal(to_minor(amount, currency), currency)
    except ValueError as error:
        raise BadProperty(f"{label} has more decimal places than {currency}.") from error


def answer(value: Mapping[str, Any]) -> str:
    """Returns the body of an answer with this return value."""
    return json.dumps({"return_value": value}, separators=(",", ":"))


def of_award(result: AwardResult, *, done: str) -> dict[str, Any]:
    """Returns what a step that awards answers of it.

    Args:
        done: Its word for points that are spendable.
    """
    skip = result.skip_reason
    return {
        "status": "skipped" if skip else "pending" if result.due_at is not None else done,
        "points": result.points,
        "pointsBalance": result.balance_after,
        "skipReason": skip.value if skip else "",
    }


def once(run: Run, now: datetime, work: Callable[[Program], Mapping[str, Any]]) -> bytes:
    """Works a run in the programme of its shop, and returns the answer's bytes.

    A refusal undoes all and is not kept: Flow does not come back after one. Two deliveries at once: the second waits.

    Args:
        work: Does what the step asks and returns the return value. It joins this transaction.

    Raises:
        NotFound: Encore is not installed in this shop.
        IdempotencyKeyReused: The run was of another action.
        Refusal: Whatever the work refuses.
        OperationalError: The first delivery is still under way; Flow comes back.
    """
    program = program_of(run)
    with scope(program=program), transaction.atomic():
        lock_key(program_id=program.pk, scope=SCOPE, key=run.id)
        first = first_answer(scope=SCOPE, key=run.id, now=now)
        if first is not None and first.fingerprint != run.handle:
            raise IdempotencyKeyReused
        if first is not None:
            return first.body.encode()
        body = answer(work(program))
        remember(program_id=program.pk, scope=SCOPE, key=run.id, fingerprint=run.handle, body=body, now=now)
        return body.encode()
