"""Flow action "Award custom action": `action_key`, a customer, and an optional `idempotency_key`.

A blank key means the run's own id, so a run that Flow sends again never awards twice. Every delivery of a run gets the
first answer byte for byte: the answer is made from what the award recorded, never from what is true today; a skip,
which records no award, is kept under the run's id.
"""

from __future__ import annotations

import json
from datetime import datetime

from flow_extensions.actions.runs import Run
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.operations import Activity, award, record_refusal, record_skip
from loyalty.earning.results import AwardResult
from loyalty.errors import Refusal
from loyalty.idempotency.operations import remember
from loyalty.programs.queries import program_id_of


def award_custom_action(run: Run, now: datetime) -> bytes:
    """Awards the action, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was awarded, for a reason the merchant reads in the run log.
    """
    action_key = run.text("action_key", label="Action key", longest=100)
    explicit = run.text("idempotency_key", label="Idempotency key", required=False)
    customer_id = run.customer_id()
    activity = Activity(
        rule=RuleReference(action_key=action_key),
        customer=CustomerReference(shopify_customer_id=customer_id),
        source="flow",
        source_reference=run.id,
        occurred_at=now,
        key=explicit or run.id,
        key_scope="action" if explicit else "flow",
        answered_under=("flow", run.id),
    )
    try:
        result = award(activity=activity, shopify_domain=run.shop_domain, now=now)
    except Refusal as refusal:
        program_id = program_id_of(shopify_domain=run.shop_domain)
        if program_id is not None:
            record_refusal(
                program_id=program_id, door="flow", action_key=action_key, customer=str(customer_id), refusal=refusal,
                now=now,
            )  # fmt: skip
        raise
    if result.first_answer is not None:
        return result.first_answer.encode()
    answer = render(result, run_id=run.id)
    if result.skip_reason is not None:
        program_id = program_id_of(shopify_domain=run.shop_domain)
        assert program_id is not None
        record_skip(
            program_id=program_id, door="flow", action_key=action_key, customer=str(customer_id),
            reason=result.skip_reason, now=now,
        )  # fmt: skip
        return remember(program_id=program_id, scope="flow", key=run.id, body=answer.decode(), now=now).encode()
    return answer


def render(result: AwardResult, *, run_id: str) -> bytes:
    """Returns the answer to a run: a pure function of what was recorded when the award was made."""
    skip = result.skip_reason
    status = "skipped" if skip else "pending" if result.due_at is not None else "awarded"
    value = {
        "status": status,
        "points": result.points,
        "pointsBalance": result.balance_after,
        "awardId": "" if skip else result.public_id,
        "skipReason": skip.value if skip else "",
        "replayed": result.replayed and result.source_reference != run_id,
    }
    return json.dumps({"return_value": value}, separators=(",", ":")).encode()
