"""What is left to do in the shop for one redemption: look, make the code work again, remove it, or give a free reward.

The code is gone before its points come back, so nobody ever has both. Each step may be repeated: a task that dies is
succeeded by the sweep.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from loyalty.ledger import operations as ledger
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.rewards.errors import NotReturnable
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations.ending import locked
from loyalty.rewards.operations.giving import give
from loyalty.rewards.operations.issuing import terms_of
from loyalty.rewards.operations.purchase import new_code
from loyalty.rewards.ports import CodeTaken, DiscountRefused, IssuerUnavailable, discount_issuer

DELAYS = (5, 15, 60, 300, 1800)
"""Seconds between attempts; the last one repeats."""
LEASE = timedelta(seconds=60)
"""How long one attempt has the redemption to itself; the code is made within half of it."""

_State, _FollowUp = Redemption.State, Redemption.FollowUp


def refund_redemption(*, redemption_id: int, now: datetime, actor: str = "") -> Redemption:
    """Removes a code that was not used, then returns its points; a free reward had none. Not inside a transaction.

    While the shop does not confirm that the code is gone, the points wait, and the sweep tries again. A repeat changes
    nothing.

    Args:
        actor: Who asked, for the entry in the history.

    Raises:
        NotReturnable: The code was used, was never made, or was brought along from elsewhere.
    """
    if ask_back(redemption_id=redemption_id, now=now, actor=actor):
        follow_up(redemption_id=redemption_id, now=now)
    done: Redemption = Redemption.objects.get(pk=redemption_id)
    return done


@transaction.atomic
def ask_back(*, redemption_id: int, now: datetime, actor: str = "") -> bool:
    """Notes that a code is to be removed and its points returned, which the sweep then does; see `refund_redemption`.

    Returns:
        Whether that is news; a repeat is none.

    Raises:
        NotReturnable: The code was used, was never made, or was brought along from elsewhere.
    """
    redemption = locked(redemption_id)
    if redemption.is_refunded or redemption.follow_up == _FollowUp.REFUND:
        return False
    unused = redemption.state in (_State.ACTIVE, _State.EXPIRED) and redemption.code is not None
    if not unused or redemption.follow_up or (redemption.hold_id is None and not redemption.is_free):
        raise NotReturnable(redemption.get_state_display())
    redemption.follow_up, redemption.follow_up_attempts = _FollowUp.REFUND, 0
    redemption.next_follow_up_at, redemption.updated_at = now, now
    redemption.refunded_by = actor[:200]
    redemption.save()
    return True


def follow_up(*, redemption_id: int, now: datetime) -> None:
    """Does what is due for one redemption; what the shop does not answer is tried again later."""
    mine = Redemption.objects.filter(pk=redemption_id, next_follow_up_at__lte=now).exclude(follow_up="")
    if not mine.update(next_follow_up_at=now + LEASE):
        return  # done, or another worker's
    redemption: Redemption = Redemption.objects.get(pk=redemption_id)
    if redemption.follow_up == _FollowUp.ISSUE:
        if give(redemption_id=redemption_id, until=now + LEASE / 2, now=now):
            _again_later(redemption, now)
        return
    program = Program.objects.get(pk=redemption.program_id)
    try:
        worked = _in_the_shop(redemption, program, now)
    except IssuerUnavailable:
        _again_later(redemption, now)
        return
    _write_down(redemption, worked, now)


def _again_later(redemption: Redemption, now: datetime) -> None:
    delay = DELAYS[min(redemption.follow_up_attempts, len(DELAYS) - 1)]
    Redemption.objects.filter(pk=redemption.pk, follow_up=redemption.follow_up).update(
        follow_up_attempts=redemption.follow_up_attempts + 1, next_follow_up_at=now + timedelta(seconds=delay)
    )


def _in_the_shop(redemption: Redemption, program: Program, now: datetime) -> bool:
    """Does the part that needs Shopify; returns whether what was asked for came about."""
    issuer, code = discount_issuer(), redemption.code or ""
    which = {"shopify_domain": program.shopify_domain, "code": code, "reference": redemption.public_id}
    over = redemption.expires_at is not None and redemption.expires_at <= now
    if redemption.follow_up == _FollowUp.RECHECK:
        return not over and bool(issuer.uses_left(**which))
    if redemption.follow_up == _FollowUp.REFUND and issuer.uses_left(**which) == 0:
        return False  # it was used after all; its order will say so
    if redemption.follow_up == _FollowUp.REISSUE and over:
        return False
    issuer.delete(**which)
    if redemption.follow_up == _FollowUp.REISSUE:
        try:
            redemption.discount_gid = issuer.create(terms_of(redemption, program, deadline_at=now + LEASE / 2))
        except CodeTaken as taken:  # by somebody else's discount since: another code, at the next attempt
            Redemption.objects.filter(pk=redemption.pk).update(code=new_code(program.code_prefix))
            raise IssuerUnavailable("the code belongs to somebody else by now") from taken
        except DiscountRefused as refusal:
            Redemption.objects.filter(pk=redemption.pk).update(failure=f"Not made again: {refusal}"[:300])
            return False
    return True


@transaction.atomic
def _write_down(worked_on: Redemption, worked: bool, now: datetime) -> None:
    """Writes the end of a follow-up, unless an order has decided otherwise meanwhile."""
    redemption = locked(worked_on.pk)
    if redemption.follow_up != worked_on.follow_up:
        return
    asked, redemption.follow_up, redemption.next_follow_up_at = redemption.follow_up, "", None
    redemption.updated_at = now
    if worked and asked in (_FollowUp.RECHECK, _FollowUp.REISSUE):
        redemption.state, redemption.used_at = _State.ACTIVE, None
        redemption.order_id = redemption.order_number = redemption.ordered_at = None
        redemption.discount_gid = worked_on.discount_gid
    elif worked:
        return_points(redemption, now)
    redemption.save()


def return_points(redemption: Redemption, now: datetime) -> None:
    """Returns the points of a redemption that the caller has locked and saves afterwards; its code is gone.

    Once per redemption: the key is the redemption's own. Points of a member who was merged reach the survivor.
    """
    if not redemption.is_free:
        member = Member.objects.get(pk=redemption.member_id)
        while member.merged_into is not None:
            member = member.merged_into
        assert redemption.hold_id is not None
        about = {"redemption_id": redemption.public_id, "reward_name": redemption.terms["reward_name"]}
        by = {"actor": redemption.refunded_by} if redemption.refunded_by else {}
        ledger.give_back(
            hold_id=redemption.hold_id, account_id=account_id_of(member_id=member.pk), now=now,
            key=f"return:{redemption.public_id}", details={**about, **by}, event=about,
        )  # fmt: skip
    redemption.is_refunded = True
    if redemption.state != _State.USED:
        redemption.state = _State.EXPIRED  # the code is gone
