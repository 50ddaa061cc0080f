"""Merchants' webhook subscriptions as destinations of the outbox: each subscription and name has its own deliveries."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings

from loyalty.earning.queries import rewarded_actions
from loyalty.events import EventKind
from loyalty.integrations.state import MemberState, read_state
from loyalty.integrations.webhooks import mapping, operations
from loyalty.integrations.webhooks.destinations import destination_of, parts_of
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.sending import send
from loyalty.outbox.ports import Done, Listeners, Outcome, Paused, Skipped, Telling
from loyalty.programs.models import Program
from loyalty.programs.plans import Feature, includes
from loyalty.rewards.ports import balance_of_store_credit
from loyalty.tiers.models import TierMembership

LONG_DELAYS = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds between attempts where a receiver may be down for a day: Standard Webhooks' own schedule, three days in all."""


class Webhooks:
    """Tells merchants' own systems, signed in both ways."""

    deduplicates = True  # every attempt carries the event's id

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Says yes: `listeners` knows who hears it, if anybody."""
        return True

    def listeners(self, *, program_id: int, kind: EventKind) -> Listeners:
        """Returns who hears events of a kind: one destination per subscription and name."""
        names = {name: heard for name, heard in mapping.EVENTS.items() if heard.kind == kind}
        rows = WebhookSubscription.objects.filter(is_active=True, events__overlap=list(names))
        hearing = [(row.pk, name) for row in rows for name in row.events if name in names]

        def heard_by(payload: Mapping[str, Any]) -> Sequence[str]:
            return [destination_of(pk, name) for pk, name in hearing if names[name].case(payload)]

        return heard_by

    def delay(self, *, destination: str, attempts: int) -> timedelta | None:
        """Returns the time before the next attempt: the contract's three, or three days where the merchant wants it."""
        row = _subscription(destination)
        delays = LONG_DELAYS if row is not None and row.keeps_trying else settings.LOYALTY_WEBHOOK_RETRY_DELAYS
        if attempts > len(delays):
            return None
        jitter = random.uniform(0.9, 1.1)  # noqa: S311  # no secret
        return timedelta(seconds=delays[attempts - 1] * jitter)

    def deliver(self, telling: Telling) -> Outcome:
        """Sends one attempt: the body of the first, a fresh timestamp and signature."""
        row = _subscription(telling.destination)
        if row is None or not row.is_active:
            return Skipped(error="The subscription is switched off or was deleted")
        program = Program.objects.get(pk=telling.program_id)
        if not includes(program.plan, Feature.WEBHOOKS):
            return Paused(error="The shop's plan has no webhooks")
        _, name = parts_of(telling.destination)
        state = read_state(member_id=telling.member_id, now=telling.now) if telling.member_id is not None else None
        if state is None:
            return Skipped(error="The member is gone")
        if state.is_filtered_out:
            return Skipped(error="Test mode keeps this member's news inside")
        body = telling.body or _body(name, program, telling, state)
        outcome = send(
            row, name=name, event_id=telling.event_id or "", body=body, sequence=telling.sequence,
            is_test=telling.is_test, now=telling.now,
        )  # fmt: skip
        operations.note_outcome(subscription_id=row.pk, is_success=isinstance(outcome, Done), now=telling.now)
        return outcome


def _subscription(destination: str) -> WebhookSubscription | None:
    number, _ = parts_of(destination)
    found: WebhookSubscription | None = WebhookSubscription.objects.filter(pk=number).first()
    return found


def _body(name: str, program: Program, telling: Telling, state: MemberState) -> str:
    return mapping.body(
        name=name, shop=program.handle, occurred_at=telling.occurred_at, payload=telling.payload,
        who=_who(name, program, telling, state),
    )  # fmt: skip


def _who(name: str, program: Program, telling: Telling, state: MemberState) -> mapping.Who:
    if not name.startswith("encore."):
        return mapping.Who(state.shopify_customer_id, state.email, state.balance, state.lifetime)
    member_id = telling.member_id or 0  # there is one: the state was read by it
    rewarded = rewarded_actions(member_id=member_id)
    credit = balance_of_store_credit(
        shopify_domain=program.shopify_domain, shopify_customer_id=state.shopify_customer_id, currency=program.currency
    )
    held = TierMembership.objects.filter(member_id=member_id).first()
    return mapping.Who(
        shopify_customer_id=state.shopify_customer_id,
        email=state.email,
        balance=state.balance,
        lifetime=state.lifetime,
        store_credit=format(credit, "f") if credit is not None else None,
        tier_ends_at=held.falls_at if held else None,
        shared_on_facebook="share_on_facebook" in rewarded,
        shared_on_x="share_on_x" in rewarded,
    )
