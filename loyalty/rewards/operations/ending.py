"""How a redemption ends, once: with its code in Shopify, or with its points back; of what was free none were taken."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from loyalty.events import EventKind
from loyalty.ledger import operations as ledger
from loyalty.ledger.queries import account_id_of
from loyalty.outbox.operations import append
from loyalty.rewards.models import Redemption

SETTLING = timedelta(seconds=60)
"""After the deadline a request that was already on its way may still reach Shopify; a code is only surely gone when a
removal is confirmed this much later."""


def locked(redemption_id: int) -> Redemption:
    """Locks the member's account, then reads the redemption: the ledger's order of locks."""
    member_id = Redemption.objects.values_list("member_id", flat=True).get(pk=redemption_id)
    ledger.lock_account(account_id=account_id_of(member_id=member_id))
    redemption: Redemption = Redemption.objects.select_related("reward").get(pk=redemption_id)
    return redemption


@transaction.atomic
def finish(*, redemption_id: int, discount_gid: str, now: datetime) -> Redemption:
    """Captures the points: the code exists, or the store credit was given, which is used at once. A repeat changes nothing.

    What was given for nothing is told as `reward.issued`. If the purchase was given up meanwhile, the code is marked for
    removal instead and the points stay where they are.
    """
    redemption = locked(redemption_id)
    if redemption.state == Redemption.State.FAILED and redemption.code is not None:
        redemption.code_needs_removal, redemption.next_removal_at, redemption.updated_at = True, now, now
        redemption.save()
    if redemption.state != Redemption.State.HOLDING:
        return redemption
    if redemption.is_free:
        _tell(redemption, now)
    else:
        _capture(redemption, now)
    redemption.state, redemption.discount_gid = Redemption.State.ACTIVE, discount_gid
    redemption.deadline_at, redemption.updated_at = None, now
    redemption.follow_up, redemption.next_follow_up_at = "", None
    if redemption.credit_state:
        redemption.state, redemption.credit_state, redemption.used_at = (
            Redemption.State.USED,
            Redemption.Credit.DONE,
            now,
        )
    redemption.save()
    return redemption


def _capture(redemption: Redemption, now: datetime) -> None:
    assert redemption.hold_id is not None
    redemption.captured_at = now
    redemption.entry_id, _ = ledger.capture(
        program_id=redemption.program_id,
        hold_id=redemption.hold_id,
        key=f"redemption:{redemption.public_id}",
        source="reward",
        details={
            "redemption_id": redemption.public_id,
            "reward_name": redemption.terms["reward_name"],
            "door": redemption.terms.get("source"),
        },
        event=_about(redemption),
        now=now,
    )


def _tell(redemption: Redemption, now: datetime) -> None:
    account = ledger.lock_account(account_id=account_id_of(member_id=redemption.member_id))
    append(
        program_id=redemption.program_id,
        kind=EventKind.REWARD_ISSUED,
        member_id=redemption.member_id,
        sequence=account.sequence,
        payload={"points": 0, "source": redemption.terms["source"], **_about(redemption)},
        is_test=redemption.is_test,
        now=now,
    )


def _about(redemption: Redemption) -> dict[str, object]:
    return {
        "redemption_id": redemption.public_id,
        "reward_id": redemption.reward.public_id if redemption.reward else None,
        "reward_number": redemption.terms["reward_number"],
        "reward_name": redemption.terms["reward_name"],
        "discount_type": redemption.terms["discount_type"],
        "discount_amount": redemption.terms.get("discount_amount"),
        "discount_code": redemption.code,
        "expires_at": redemption.expires_at.isoformat() if redemption.expires_at else None,
    }


@transaction.atomic
def fail(*, redemption_id: int, reason: str, now: datetime, nothing_was_given: bool = False) -> Redemption:
    """Gives a purchase up: the points go back, and the code is removed until Shopify confirms that it is gone.

    The caller's key is free again, so a retry is judged afresh. A redemption that has ended already is returned as it is,
    and so is a store credit that may have been given: its points stay held until the account has been looked at.

    Args:
        nothing_was_given: Of a store credit that was sent: it is known that the shop gave none.
    """
    redemption = locked(redemption_id)
    may_be_given = redemption.credit_state in (Redemption.Credit.SENT, Redemption.Credit.UNCLEAR)
    if redemption.state != Redemption.State.HOLDING or (may_be_given and not nothing_was_given):
        return redemption
    if not redemption.is_free:
        assert redemption.hold_id is not None
        ledger.release(program_id=redemption.program_id, hold_id=redemption.hold_id, now=now)
    redemption.state, redemption.failure, redemption.idempotency_key = Redemption.State.FAILED, reason[:300], None
    redemption.follow_up, redemption.next_follow_up_at, redemption.updated_at = "", None, now
    if redemption.code is not None:
        redemption.code_needs_removal, redemption.next_removal_at = True, now
    redemption.save()
    append(
        program_id=redemption.program_id,
        kind=EventKind.REDEMPTION_FAILED,
        member_id=redemption.member_id,
        payload={
            "redemption_id": redemption.public_id,
            "reward_name": redemption.terms["reward_name"],
            "points": redemption.points_spent,
            "reason": reason,
        },
        is_test=redemption.is_test,
        now=now,
    )
    return redemption


@transaction.atomic
def choose_another_code(*, redemption_id: int, code: str, now: datetime) -> Redemption:
    """Gives a purchase in flight another code, because the first belongs to somebody else's discount."""
    redemption = locked(redemption_id)
    if redemption.state == Redemption.State.HOLDING:
        redemption.code, redemption.updated_at = code, now
        redemption.save()
    return redemption
