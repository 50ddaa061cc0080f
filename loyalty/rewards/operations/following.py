"""Codes followed from orders: used when their order is paid, and what becomes of them when it is undone.

An order tells everything it knows each time, so what is decided depends on the order as it stands and on what was acted
on before, never on which delivery came first. What needs the shop is left to `follow_up`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from loyalty.events import EventKind
from loyalty.orders.models import Order
from loyalty.outbox.operations import append
from loyalty.programs.models import Program
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations.ending import locked

_State, _FollowUp = Redemption.State, Redemption.FollowUp


@transaction.atomic
def follow_order(*, order: Order, codes: Sequence[str], now: datetime) -> None:
    """Marks our codes of an order as used once it is paid, and acts once when it is cancelled or refunded in full.

    Then the reward's own option to work again decides, else the programme's `codes_on_refund`; a cancelled order leaves a
    kept code usable if the shop gives its use back. A partial refund never touches a code. Repeats change nothing.

    Args:
        order: As it was recorded last.
        codes: The discount codes on it, in any case; codes of others are ignored.
    """
    program = Program.objects.get(pk=order.program_id)
    for redemption_id in _concerned(order, codes, program.code_prefix):
        redemption = locked(redemption_id)
        if redemption.state in (_State.HOLDING, _State.FAILED):
            continue
        if _is_undone(order):
            _undo(redemption, order, program, now)
        elif order.paid_at is not None:
            _use(redemption, order, now)


def _concerned(order: Order, codes: Sequence[str], prefix: str) -> list[int]:
    """Redemptions by their codes, or by an order that they are known to be used on; by account, the order of locks."""
    spelled = {code for given in codes for code in (given.strip(), given.strip().upper())}
    # The part we draw is in capitals, the merchant's prefix as they wrote it.
    spelled |= {prefix + code[len(prefix) :].upper() for code in spelled if code.upper().startswith(prefix.upper())}
    found = Redemption.objects.filter(Q(code__in=spelled) | Q(order_id=order.shopify_order_id))
    return list(found.order_by("member__account__pk", "pk").values_list("pk", flat=True))


def _is_undone(order: Order) -> bool:
    given_back = order.total_minor > 0 and order.refunded_minor >= order.total_minor
    return order.cancelled_at is not None or given_back


def _use(redemption: Redemption, order: Order, now: datetime) -> None:
    """The code was used. One use: a second order counts only after the first was undone."""
    number = order.shopify_order_id
    first_stands = redemption.order_id is not None and redemption.order_id not in redemption.undone_order_ids
    if first_stands or number in redemption.undone_order_ids:
        return
    _note_use(redemption, order, now)
    redemption.follow_up, redemption.next_follow_up_at = "", None  # whatever was to make it work again has worked
    redemption.save()
    append(
        program_id=redemption.program_id, kind=EventKind.REWARD_USED, member_id=redemption.member_id, now=now,
        payload={
            "redemption_id": redemption.public_id, "reward_name": redemption.terms["reward_name"],
            "reward_id": redemption.reward.public_id if redemption.reward else None,
            "reward_number": redemption.terms.get("reward_number"), "discount_code": redemption.code,
            "order_number": order.name, "points": redemption.points_spent,
        },
        is_test=redemption.is_test,
    )  # fmt: skip


def _note_use(redemption: Redemption, order: Order, now: datetime) -> None:
    redemption.state, redemption.used_at, redemption.updated_at = _State.USED, now, now
    redemption.order_id, redemption.order_number = order.shopify_order_id, order.name[:40]
    redemption.ordered_at = order.placed_at


def _undo(redemption: Redemption, order: Order, program: Program, now: datetime) -> None:
    number = order.shopify_order_id
    if number in redemption.undone_order_ids:
        return
    if redemption.order_id not in (None, number) and redemption.order_id not in redemption.undone_order_ids:
        return  # another order uses the code now
    action = _action(redemption, order, program)
    if order.paid_at is None and action in ("", _FollowUp.RECHECK):
        return  # never paid, so never marked as used: there is nothing to take back
    if redemption.state != _State.USED or redemption.order_id != number:
        _note_use(redemption, order, now)
    redemption.undone_order_ids = [*redemption.undone_order_ids, number]
    if action and not redemption.is_refunded:
        redemption.follow_up, redemption.follow_up_attempts, redemption.next_follow_up_at = action, 0, now
    redemption.updated_at = now
    redemption.save()


def _action(redemption: Redemption, order: Order, program: Program) -> str:
    """What the undone order asks for; the terms that the code was bought under come first."""
    policy = program.codes_on_refund
    if redemption.terms.get("reactivates_on_refund"):
        policy = Program.CodesOnRefund.REACTIVATE
    if policy == Program.CodesOnRefund.REACTIVATE:
        return _FollowUp.REISSUE
    if policy == Program.CodesOnRefund.RETURN_POINTS:
        # What was given for nothing, or brought along from elsewhere, was not paid for here.
        return _FollowUp.RETURN_POINTS if redemption.hold_id is not None else ""
    return _FollowUp.RECHECK if order.cancelled_at is not None else ""
