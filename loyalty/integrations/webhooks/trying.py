"""A test event: sent at once to one subscription, marked as a test, and answered with what the receiver said."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from loyalty.integrations.webhooks import mapping
from loyalty.integrations.webhooks.operations import check_events
from loyalty.integrations.webhooks.queries import subscription
from loyalty.integrations.webhooks.sending import send
from loyalty.outbox.ports import Outcome
from loyalty.programs.models import Program
from loyalty.programs.plans import Feature, require

CUSTOMER = mapping.Who(shopify_customer_id=1, email="test@example.com", balance=1250, lifetime=3400)


def send_test(*, program: Program, public_id: str, name: str, now: datetime) -> Outcome:
    """Sends a made-up event, signed like a real one, with `X-Webhook-Test: true`. Nothing is stored, and it is not repeated.

    Raises:
        SubscriptionNotFound: No such subscription.
        InvalidField: No such event.
        PlanRequired: The plan has no webhooks.
    """
    require(program.plan, Feature.WEBHOOKS)
    check_events([name])
    row = subscription(public_id=public_id)
    text = mapping.body(name=name, shop=program.handle, occurred_at=now, payload=mapping.sample(name), who=CUSTOMER)
    return send(row, name=name, event_id=f"test_{uuid4()}", body=text, sequence=None, is_test=True, now=now)
