"""Buying a reward: hold first, issue second, capture third (architecture, section 4).

`purchase` is what a door calls: it begins, wakes the worker and waits a few seconds for it; `start` does not wait.
Whoever gives up first does so under the account's lock, so a redemption ends once: with its code in Shopify, or with its
points back.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_noop

from loyalty.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import InsufficientPoints, RedeemingSuspended
from loyalty.ledger.models import Account
from loyalty.ledger.queries import account_id_of, balances_of
from loyalty.members.models import Member
from loyalty.programs.calendar import start_of_day_after
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id
from loyalty.rewards.errors import NoCode, ProductUnavailable, RewardTooExpensive
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations.buyable import Choice, Offer, buyable
from loyalty.rewards.operations.ending import fail
from loyalty.rewards.ports import stock

PATIENCE = timedelta(seconds=6)
"""How long a caller waits for the code. Afterwards nothing is created any more and the points are back."""
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase, finished or just begun, and whether an earlier call under the same key had made it."""

    redemption: Redemption
    replayed: bool


AS_IT_IS = Choice()


def purchase(
    *,
    member: Member,
    reward_id: str,
    now: datetime,
    source: str,
    key: str | None = None,
    request: str | None = None,
    choice: Choice = AS_IT_IS,
) -> Purchase:
    """Buys a reward for a member and returns it with its working code. Must not be called inside a transaction.

    Args:
        reward_id: The reward's public id.
        key: The caller's idempotency key, already unique within its door and path; a replay returns the first purchase.
        request: What makes two calls under the key the same request; None is the member, the reward and the choice.
        choice: How many points of a flexible reward, and which variant of a free product.

    Raises:
        InvalidField: The choice is not one the reward offers; nothing changed.
        RewardNotFound, ProgramDisabled, CustomerExcluded, TierRequired, NotForSale, LimitReached, RewardTooExpensive:
            Nothing changed.
        ProductUnavailable: The shop has nothing left of the free product; nothing changed.
        ShopUnreachable: Whether it has is not known; nothing changed.
        IdempotencyKeyReused: The key belongs to another request.
        IdempotencyKeyInUse: The first purchase under the key has not ended: whether its store credit was given is unclear.
        NoCode: Shopify gave no code in time; the points are back and no code will work. Of a store credit whose answer
            was lost, the points stay held until it is known whether it was given; the same key then tells.
    """
    begun = start(member=member, reward_id=reward_id, now=now, source=source, key=key, request=request, choice=choice)
    redemption, replayed = begun.redemption, begun.replayed
    if redemption.state == Redemption.State.HOLDING:
        redemption = _wait(redemption)
    if replayed and redemption.state == Redemption.State.HOLDING:
        raise IdempotencyKeyInUse
    if redemption.state in (Redemption.State.FAILED, Redemption.State.HOLDING):
        raise NoCode
    return Purchase(redemption, replayed)


def start(
    *,
    member: Member,
    reward_id: str,
    now: datetime,
    source: str,
    key: str | None = None,
    request: str | None = None,
    choice: Choice = AS_IT_IS,
) -> Purchase:
    """Buys a reward without waiting for its code: the worker is at it, and whoever asks again sees what became of it.

    What nobody waits for is given up by the sweep after its deadline, and the points are back. Must not be called inside a
    transaction. See `purchase` for arguments and refusals; `NoCode` here is a queue that could not be reached.
    """
    # The intent must be committed before anything leaves this machine.
    assert not connection.in_atomic_block, "start() inside a transaction"
    _require_stock(member, reward_id, now=now, source=source, key=key, request=request, choice=choice)
    redemption, replayed = begin(
        member=member, reward_id=reward_id, now=now, source=source, key=key, request=request, choice=choice
    )
    if redemption.state == Redemption.State.HOLDING and not replayed:
        _wake_worker(redemption)
    return Purchase(redemption, replayed)


@transaction.atomic
def begin(
    *,
    member: Member,
    reward_id: str,
    now: datetime,
    source: str,
    key: str | None = None,
    request: str | None = None,
    choice: Choice = AS_IT_IS,
) -> tuple[Redemption, bool]:
    """Checks, holds the points and stores the intent with its code. See `purchase` for what it refuses."""
    account_id = account_id_of(member_id=member.pk)
    account = ledger.lock_account(account_id=account_id)
    program, offer = _look(account, member, reward_id, now=now, source=source, key=key, request=request, choice=choice)
    if isinstance(offer, Redemption):
        return offer, True
    reward, public_id = offer.reward, new_public_id("cr")
    is_credit = reward.discount_type == Reward.DiscountType.STORE_CREDIT
    try:
        held = ledger.hold(
            program_id=program.pk, account_id=account_id, key=f"redemption:{public_id}", points=offer.points, now=now
        )
    except InsufficientPoints as refusal:
        raise RewardTooExpensive(available=refusal.facts["available"], cost=offer.points) from refusal
    try:
        with transaction.atomic():
            redemption = Redemption.objects.create(
                program=program, public_id=public_id, member=member, reward=reward, hold_id=held.hold_id,
                points_spent=offer.points, terms=offer.terms, is_test=held.is_test,
                code=None if is_credit else new_code(program.code_prefix),
                idempotency_key=key, fingerprint=request or _same_request(member, reward_id, choice), deadline_at=now + PATIENCE,
                created_at=now, updated_at=now,
                expires_at=end_of(reward, program, now=now),
            )  # fmt: skip
    except IntegrityError as error:
        if key is not None and Redemption.objects.filter(idempotency_key=key).exists():
            raise IdempotencyKeyReused from error  # by another member's purchase, which held another account's lock
        raise
    return redemption, False


def end_of(reward: Reward, program: Program, *, now: datetime) -> datetime | None:
    """Returns when a code that is issued now stops working: the shop's midnight its days later; None is never."""
    return start_of_day_after(now, days=reward.expiry_days, zone=program.zone) if reward.expiry_days else None


def _look(
    account: Account, member: Member, reward_id: str, *, now: datetime, source: str, key: str | None, request: str | None,
    choice: Choice,
) -> tuple[Program, Redemption | Offer]:  # fmt: skip
    """Returns what an earlier call under the key bought, or else what may be bought now. The account is locked."""
    program: Program = Program.objects.get(pk=member.program_id)
    if key is not None and (first := Redemption.objects.filter(idempotency_key=key).first()):
        if first.fingerprint != (request or _same_request(member, reward_id, choice)):
            raise IdempotencyKeyReused
        return program, first
    if account.debt and program.refund_policy == Program.RefundPolicy.BLOCK:
        raise RedeemingSuspended(debt=account.debt)
    offer = buyable(reward_id=reward_id, member=member, program=program, choice=choice, source=source, now=now)
    return program, offer


def _same_request(member: Member, reward_id: str, choice: Choice) -> str:
    return f"{member.pk}:{reward_id}{choice}"


def _require_stock(
    member: Member, reward_id: str, *, now: datetime, source: str, key: str | None, request: str | None, choice: Choice
) -> None:
    """Asks the shop whether a free product can be had, with nothing locked and only if it would otherwise be bought.

    One variant that can be had is enough, unless the buyer chose which.
    """
    if not Reward.objects.filter(public_id=reward_id, discount_type=Reward.DiscountType.FREE_PRODUCT).exists():
        return
    with transaction.atomic():
        account = ledger.lock_account(account_id=account_id_of(member_id=member.pk))
        program, found = _look(
            account, member, reward_id, now=now, source=source, key=key, request=request, choice=choice
        )
    if isinstance(found, Redemption) or balances_of(member_id=member.pk, now=now).available < found.points:
        return
    if not stock().available(shopify_domain=program.shopify_domain, variant_gids=found.variants):
        raise ProductUnavailable(is_chosen=choice.variant is not None)


def new_code(prefix: str) -> str:
    """Returns a code nobody can guess or mistype: the shop's prefix and eight unambiguous characters (40 bits)."""
    return prefix + "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _wake_worker(redemption: Redemption) -> None:
    """Nudges the worker. If the broker is away the points come back at the deadline."""
    try:
        current_app.send_task(
            "loyalty.rewards.tasks.issue",
            kwargs={"program_id": redemption.program_id, "redemption_id": redemption.pk},
            queue="purchase",
            retry=False,
        )
    except Exception as error:  # any broker fault: nobody will issue the code, so don't keep the customer waiting
        fail(
            redemption_id=redemption.pk,
            reason=gettext_noop("The queue could not be reached"),
            now=redemption.created_at,
        )
        raise NoCode from error


def _wait(redemption: Redemption) -> Redemption:
    """Waits for the worker until the deadline, then gives up. Reads the wall clock: waiting is what it is for."""
    pause, give_up_at = 0.01, time.monotonic() + PATIENCE.total_seconds()
    while True:
        current: Redemption = Redemption.objects.get(pk=redemption.pk)
        if current.state != Redemption.State.HOLDING:
            return current
        if time.monotonic() >= give_up_at:
            assert redemption.deadline_at is not None
            return fail(
                redemption_id=redemption.pk,
                reason=gettext_noop("Shopify gave no code in time"),
                now=redemption.deadline_at,
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
