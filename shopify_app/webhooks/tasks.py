"""Working the inbox off: one task per row, and a sweep for what a lost message left behind."""

from __future__ import annotations

import json
from typing import Any

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from loyalty.programs.models import Program
from loyalty.programs.scheduling import open_runs, round_began, run
from shopify_app.orders.reconcile import BUDGET, NAME, reconcile_some
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import ReceivedWebhook
from shopify_app.webhooks.topics.delivery import Delivery, Ignored
from shopify_app.webhooks.topics.table import HANDLERS

log = structlog.get_logger(__name__)


@shared_task
def work_on(row_id: int, **_: Any) -> None:
    """One attempt at one row. Effect and outcome are one transaction; a failure waits for its next turn."""
    row = inbox.claim(row_id, now=timezone.now())
    if row is None:
        return
    now = timezone.now()
    try:
        with transaction.atomic():
            outcome, reason = attempt(row)
            inbox.finish(row, outcome, now=now, reason=reason)
    except Exception as failure:  # whatever a handler raises is written down and tried again
        log.exception("webhook failed", topic=row.topic, webhook_id=row.webhook_id, attempt=row.attempts)
        inbox.postpone(row, now=now, reason=f"{type(failure).__name__}: {failure}")


def attempt(row: ReceivedWebhook) -> tuple[ReceivedWebhook.State, str]:
    """Hand a row to its topic.

    Returns:
        `done`, or `ignored` with the reason.
    """
    if row.body is None:
        return ReceivedWebhook.State.IGNORED, "the body was dropped"
    delivery = Delivery(row.webhook_id, row.shop_domain, row.triggered_at, json.loads(row.body))
    try:
        HANDLERS[row.topic](delivery)
    except Ignored as reason:
        return ReceivedWebhook.State.IGNORED, str(reason)
    return ReceivedWebhook.State.DONE, ""


@shared_task
def sweep_inbox(**_: Any) -> None:
    """Nudge every due row: new ones whose message was lost, failed ones whose turn has come, those of a dead worker."""
    for row_id in inbox.due(now=timezone.now()):
        work_on.delay(row_id)


@shared_task
def reconcile_orders(*, begun: str | None = None, **_: Any) -> None:
    """Makes up for webhooks of orders that never came, shop by shop; the rest is left to another task."""
    started = round_began(begun, now=timezone.now())
    with scopes_disabled():
        wanted = Program.objects.filter(
            is_installed=True, is_enabled=True, shop__uninstalled_at=None, shop__isnull=False
        )
        programs = list(wanted.order_by("pk").values_list("pk", flat=True))
    if not run(name=NAME, programs=programs, work=reconcile_some, clock=timezone.now, begun=started, budget=BUDGET):
        reconcile_orders.delay(begun=started.isoformat())


@shared_task
def go_on_reconciling(**_: Any) -> None:
    """Takes up the runs whose rest is over: the shop may have collected its orders by now."""
    programs = open_runs(name=NAME)
    run(name=NAME, programs=programs, work=reconcile_some, clock=timezone.now, budget=BUDGET, begins=False)


@shared_task
def drop_old_bodies(**_: Any) -> None:
    """Forget personal data that is no longer needed."""
    inbox.drop_old_bodies(now=timezone.now())
