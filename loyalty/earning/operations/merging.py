"""Two customers of the shop became one: so do the members. Points move by entries, nobody's history is rewritten.

Source: programme-rules facts, section 14.12.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.earning.activity import fingerprint_of
from loyalty.earning.models import Award
from loyalty.earning.operations.birthdays import hand_over_birthday
from loyalty.earning.operations.orders import settle_earlier_orders
from loyalty.events import EventKind
from loyalty.ledger.operations import merge_accounts, open_account
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.orders.locks import lock_customer
from loyalty.orders.operations import hand_over_orders
from loyalty.outbox.operations import append
from loyalty.programs.models import Program
from loyalty.skips import operations as skips
from loyalty.tiers.operations import merge_standing


@transaction.atomic
def merge_customers(*, program: Program, gone: int, kept: int, now: datetime) -> tuple[int, int] | None:
    """Makes one member of two customers, by their Shopify ids. The old id finds the survivor from then on.

    Balances, lots with their age and end, awards, orders and tier rewards go to the survivor. Both keep what they were
    granted once per customer, and the survivor is not granted it again. Without a member on the one side the other one
    is the survivor under the kept id. A repeat changes nothing.

    Returns:
        Our numbers of the member that went and of the survivor, for what stands beside earning; None when nobody moved.

    Raises:
        AccountBusy: The one that goes is buying a reward at this moment; nothing has changed, and a retry will succeed.
    """
    for customer_id in sorted((gone, kept)):
        lock_customer(program_id=program.pk, shopify_customer_id=customer_id)
    source, target = _member(gone), _member(kept)
    moved: tuple[int, int] | None = None
    if source is not None and target is not None and source.pk != target.pk:
        _merge(source, target, now)
        moved = source.pk, target.pk
    elif source is not None and target is None:
        _rename(source, kept, now)
        target = source
    hand_over_orders(from_customer_id=gone, into_customer_id=kept, member=target, now=now)
    if moved is not None:  # now that the orders are theirs, which may count towards their tier
        merge_standing(from_member_id=moved[0], into_member_id=moved[1], now=now)
    if target is not None:
        settle_earlier_orders(member=target, now=now)
    return moved


def _member(shopify_customer_id: int) -> Member | None:
    """The member a customer is now, or None."""
    found: Member | None = Member.objects.filter(shopify_customer_id=shopify_customer_id, redacted_at=None).first()
    while found is not None and found.merged_into_id is not None:
        found = Member.objects.get(pk=found.merged_into_id)
    return found


def _merge(source: Member, target: Member, now: datetime) -> None:
    merge_accounts(
        from_account_id=account_id_of(member_id=source.pk), into_account_id=account_id_of(member_id=target.pk),
        key=f"merge:{source.pk}:{target.pk}", now=now,
    )  # fmt: skip
    # Both accounts are locked from here on.
    taken = Award.objects.filter(member=target, occurrence__isnull=False).values_list("occurrence", flat=True)
    moving = Award.objects.filter(member=source)
    moving.filter(occurrence__in=list(taken)).update(occurrence=None)  # the survivor's own award keeps the slot
    by_member = moving.filter(idempotency_key__isnull=False, is_manual=False)
    _keep_keys(list(by_member.exclude(idempotency_key__startswith="header:")), target)
    moving.update(member=target)
    skips.hand_over(from_member_id=source.pk, into_member_id=target.pk)
    hand_over_birthday(from_member_id=source.pk, into_member_id=target.pk)
    Member.objects.filter(merged_into=source).update(merged_into=target)
    if target.date_of_birth is None:
        target.date_of_birth, target.birthday_saved_at = source.date_of_birth, source.birthday_saved_at
    target.anniversary_date = target.anniversary_date or source.anniversary_date
    target.emails_stopped_at = target.emails_stopped_at or source.emails_stopped_at  # one person: a no stays one
    target.updated_at = source.updated_at = now
    target.save(
        update_fields=["date_of_birth", "birthday_saved_at", "anniversary_date", "emails_stopped_at", "updated_at"]
    )
    source.merged_into = target
    source.save(update_fields=["merged_into", "updated_at"])


def _keep_keys(awards: list[Award], target: Member) -> None:
    """Lets a call that is repeated after the merge find its award: who it is about is a part of the request."""
    for award in awards:
        is_stated = award.breakdown.get("base_from") == "caller"
        award.fingerprint = fingerprint_of(
            rule_id=award.rule_id, member_id=target.pk, stated_points=int(award.base_points) if is_stated else None
        )
        award.save(update_fields=["fingerprint"])


def _rename(member: Member, shopify_customer_id: int, now: datetime) -> None:
    """Lets a member go on under the id that was kept; the old id stays as a member without points who leads here."""
    old_id, member.shopify_customer_id, member.updated_at = member.shopify_customer_id, shopify_customer_id, now
    member.save(update_fields=["shopify_customer_id", "updated_at"])
    trace = Member.objects.create(
        program_id=member.program_id, shopify_customer_id=old_id, merged_into=member, status=member.status,
        referral_code=f"MERGED{member.pk}X{old_id}"[-20:], enrolled_at=member.enrolled_at, created_at=member.created_at,
        updated_at=now,
    )  # fmt: skip
    open_account(member=trace, now=now)
    append(program_id=member.program_id, kind=EventKind.MEMBER_CHANGED, member_id=member.pk, payload={}, now=now)
