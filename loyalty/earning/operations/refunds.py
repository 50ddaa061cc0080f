"""Taking back what an order earned, from the recorded award and never by today's rule."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.earning.models import Award
from loyalty.earning.operations.approval import reject
from loyalty.earning.reversal import taken_back
from loyalty.ledger import operations as ledger
from loyalty.ledger.queries import account_id_of, reversed_of
from loyalty.orders.models import Order
from loyalty.orders.queries import shares_of
from loyalty.programs.models import Program
from loyalty.tiers.operations import requalify

CANCELLED, REFUNDED = "The order was cancelled", "The order was refunded"


@transaction.atomic
def take_back(*, order: Order, now: datetime) -> None:
    """Takes back, of each award of an order, what refunds and cancelling have come to so far.

    What the member has spent already is written off or becomes a debt, as the programme says. A pending award shrinks,
    and is rejected with its last point. A repeat changes nothing.
    """
    awards = Award.objects.filter(order_id=order.shopify_order_id, entry_id__isnull=False)
    for award in awards.exclude(status=Award.Status.REJECTED).order_by("pk"):
        take_back_of(award=award, order=order, now=now)


@transaction.atomic
def take_back_of(*, award: Award, order: Order, now: datetime) -> None:
    """Takes back of one award what refunds and cancelling of an order have come to so far; see `take_back`.

    The award need not be the order's own: an advocate's award follows the order of the friend.
    """
    is_whole = order.cancelled_at is not None
    refunds = shares_of(order)
    if refunds or is_whole:
        due = taken_back(points=award.points, total_minor=order.total_minor, refunds_minor=refunds, is_whole=is_whole)
        _take_back_to(award, due, now=now, reason=CANCELLED if is_whole else REFUNDED)


def _take_back_to(award: Award, due: int, *, now: datetime, reason: str) -> None:
    """Reverses what is missing to `due` points. The key names the figure reached, so that each is reached once."""
    ledger.lock_account(account_id=account_id_of(member_id=award.member_id))
    award.refresh_from_db()
    assert award.entry_id is not None  # those without one were left out
    before = reversed_of(entry_id=award.entry_id)
    if award.status == Award.Status.REJECTED or due <= before:
        return
    if award.status == Award.Status.PENDING and due >= award.points:
        reject(public_id=award.public_id, now=now, reason=reason, door="order")
        return
    rule = award.rule
    policy = Program.objects.values_list("refund_policy", flat=True).get(pk=award.program_id)
    ledger.reverse(
        entry_id=award.entry_id, points=due - before, key=f"refund:{award.public_id}:{due}", now=now,
        shortfall=ledger.Shortfall.WRITE_OFF if policy == Program.RefundPolicy.FLOOR else ledger.Shortfall.DEBT,
        details={"reason": reason, "order_number": award.order_number, "door": "order"},
        event={
            "rule_id": rule.public_id if rule else None, "rule_number": rule.pk if rule else None,
            "rule_name": rule.name if rule else None, "action": award.action, "source": "earning_rule",
            "award_id": award.public_id, "reason": reason, "order_number": award.order_number,
        },
    )  # fmt: skip
    award.updated_at = now
    award.save(update_fields=["updated_at"])
    if award.member.merged_into_id is None:
        requalify(member_id=award.member_id, now=now)
