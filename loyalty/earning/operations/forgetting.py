"""Forgetting a customer everywhere below the doors: who they are goes, what they did stays under nobody's name.

Source: reliability facts, section 11. What the webhook inbox keeps is forgotten by the topic that calls this.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from loyalty.earning.models import ActionCall, Award
from loyalty.ledger.operations import forget_words, lock_account, stop_testing
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.members.operations import normal_email, redact
from loyalty.programs.models import Program
from loyalty.skips import operations as skips

FORGOTTEN = "The customer asked to be forgotten"


@transaction.atomic
def forget_customer(
    *, program: Program, shopify_customer_id: int, now: datetime, email: str | None = None
) -> list[int]:
    """Forgets a customer, and everybody who was merged into them: identity, notes, metadata, keys, calls, deliveries.

    Args:
        email: The address the shop knows them by; calls about somebody who was never a member may hold it.

    Returns:
        Our numbers of the members that were forgotten; a repeat finds none and still clears calls.
    """
    found = Member.objects.filter(shopify_customer_id=shopify_customer_id, redacted_at=None).first()
    members = _everyone_who_is(found) if found is not None else []
    names = _names(shopify_customer_id, email)
    for member in members:
        names |= _names(member.shopify_customer_id, member.email)
    # A lookup table of addresses is no place for somebody who asked to be forgotten. The programme is locked before accounts.
    locked = Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    locked.test_mode_emails = [address for address in locked.test_mode_emails if address not in names]
    locked.save(update_fields=["test_mode_emails"])
    for member in members:
        _forget(member, now)
    about = Q(member__in=members) | Q(customer__in=names)
    for name in names:
        about |= Q(customer__iexact=name) | Q(sentence__icontains=f"'{name}'")
    _clear(ActionCall.objects.filter(about))
    return [member.pk for member in members]


@transaction.atomic
def forget_everyone(*, program: Program, now: datetime) -> list[int]:
    """Forgets every member of a programme, and every call; returns our numbers of the members."""
    program.test_mode_emails = []
    program.save(update_fields=["test_mode_emails"])
    members = list(Member.objects.filter(redacted_at=None).order_by("pk"))
    for member in members:
        _forget(member, now)
    _clear(ActionCall.objects.all())
    return [member.pk for member in members]


def _everyone_who_is(member: Member) -> list[Member]:
    """The member and everybody merged into them, however often."""
    found, latest = [member], [member]
    while latest:
        latest = list(Member.objects.filter(merged_into__in=latest, redacted_at=None).order_by("pk"))
        found += latest
    return found


def _forget(member: Member, now: datetime) -> None:
    """Forgets one member under the account's lock, so that no award slips through beside it."""
    account_id = account_id_of(member_id=member.pk)
    lock_account(account_id=account_id)
    stop_testing(account_id=account_id)
    redact(shopify_customer_id=member.shopify_customer_id, now=now)
    Award.objects.filter(member_id=member.pk).update(note=None, metadata=None, idempotency_key=None)
    forget_words(account_id=account_id)
    skips.forget_member(member_id=member.pk, now=now)


def _names(shopify_customer_id: int, email: str | None) -> set[str]:
    """What a call may have called them."""
    spelled = {str(shopify_customer_id), f"gid://shopify/Customer/{shopify_customer_id}"}
    return spelled | ({address} if (address := normal_email(email)) else set())


def _clear(calls: QuerySet[ActionCall]) -> None:
    calls.update(customer="", sentence=FORGOTTEN, member=None)
