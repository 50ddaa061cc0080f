"""Asking for a shop's plan and following it. Nothing is deleted by any plan: what it lacks waits until there is a better one."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from loyalty.programs.changing_plan import change_plan
from loyalty.programs.models import Program
from shopify_app.admin_api.errors import AdminApiError, UnknownOutcome
from shopify_app.billing.models import Contract
from shopify_app.billing.partner_api import Subscription, active_subscription
from shopify_app.shops.connection import call
from shopify_app.shops.queries import shop_of_program

FRESH_FOR = timedelta(hours=1)
"""How old an answer may be when the app is opened before it is asked for again."""
_RANKS = (Program.Plan.STARTER, Program.Plan.GROWTH)
log = structlog.get_logger(__name__)


def contract_of_program() -> Contract | None:
    """Returns what is known of the contract of the programme in scope; None before anybody has asked."""
    found: Contract | None = Contract.objects.first()
    return found


def is_due(*, now: datetime) -> bool:
    """Whether the plan of the programme in scope is to be asked for when the app is opened."""
    if not settings.ENCORE_ASKS_FOR_PLAN:
        return False
    known = contract_of_program()
    return known is None or known.asked_at is None or known.asked_at <= now - FRESH_FOR


def refresh_plan(*, program: Program, now: datetime) -> bool:
    """Asks what the shop pays for, and writes its plan; a repeat with the same answer changes nothing but when it was known.

    Self-hosted there is nobody to ask: the plan is the setting's. Unreachable, the last known plan stays, and since when
    is written down. No contract is an answer: the plan then includes no paid feature.

    Args:
        program: The programme in scope.

    Returns:
        Whether the plan is another one now.
    """
    if not settings.ENCORE_ASKS_FOR_PLAN:
        return change_plan(program_id=program.pk, plan=settings.ENCORE_PLAN, now=now)
    Contract.objects.get_or_create(program=program)
    try:
        shop_gid = _shop_gid(program)
        said = active_subscription(shop_gid=shop_gid)
    except AdminApiError as failure:
        log.warning("plan not known", shop=program.shopify_domain, reason=str(failure))
        _note_failure(str(failure), now)
        return False
    return _follow(program, shop_gid, said, now)


def plan_of(said: Subscription | None) -> str:
    """Returns our plan for what Shopify says: the best of what was bought.

    A handle that SHOPIFY_PLAN_HANDLES does not name is a contract that includes no paid feature.
    """
    if said is None or not said.handles:
        return Program.Plan.NONE
    plans = [settings.SHOPIFY_PLAN_HANDLES.get(handle, Program.Plan.STARTER) for handle in said.handles]
    return max(plans, key=lambda plan: _RANKS.index(Program.Plan(plan)))


@transaction.atomic
def _follow(program: Program, shop_gid: str, said: Subscription | None, now: datetime) -> bool:
    """Writes an answer, unless that of a later question is known."""
    row = Contract.objects.select_for_update().get()
    if row.asked_at is not None and row.asked_at > now:
        return False
    row.shop_gid, row.handles = shop_gid, list(said.handles) if said else []
    row.billing_period = said.billing_period if said else ""
    row.trial_ends_at = said.trial_ends_at if said else None
    row.cancels_at_end = said is not None and said.cancels_at_end
    row.known_at = row.asked_at = now
    row.failing_since, row.error = None, ""
    row.save()
    return change_plan(program_id=program.pk, plan=plan_of(said), now=now)


@transaction.atomic
def _note_failure(error: str, now: datetime) -> None:
    row = Contract.objects.select_for_update().get()
    if row.asked_at is None or row.asked_at <= now:
        row.asked_at, row.error, row.failing_since = now, error[:300], row.failing_since or now
        row.save(update_fields=["asked_at", "error", "failing_since"])


def _shop_gid(program: Program) -> str:
    """Returns the shop's id as Shopify numbers it, asked of the shop once.

    Raises:
        AdminApiError: The shop is not connected, or did not answer.
    """
    known = Contract.objects.get().shop_gid
    if known:
        return str(known)
    shop = shop_of_program(program.pk)
    if shop is None:
        raise UnknownOutcome("the shop is not connected")
    try:
        return str(call(shop, "ShopDetails", {}).data["shop"]["id"])
    except (KeyError, TypeError) as failure:
        raise UnknownOutcome("the shop's answer holds no id") from failure
