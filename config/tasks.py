"""What runs at night over all nouns: what nobody needs any more is forgotten."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from loyalty.idempotency.operations import drop_expired
from loyalty.imports.operations import drop_old
from loyalty.outbox.pruning import prune
from loyalty.programs.scheduling import forget_runs

log = structlog.get_logger(__name__)


@shared_task
def forget_what_is_old(**_: Any) -> None:
    """Drops news told long ago, answers past their end and old runs. Safe to run twice at once."""
    now = timezone.now()
    deliveries, events = prune(now=now)
    log.info("pruned", deliveries=deliveries, events=events, answers=drop_expired(now=now), runs=forget_runs(now=now))
    log.info("files of imports dropped", imports=drop_old(now=now))
