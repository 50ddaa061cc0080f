"""What may happen to members. Whatever an award depends on changes under the account's lock (`earning`, `tiers`)."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField
from loyalty.events import EventKind
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox.operations import append, forget_member
from loyalty.programs.models import Program

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 8


class Unchanged(Enum):
    """Says of a field that the caller leaves it alone; None clears it."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def normal_email(email: str | None) -> str | None:
    """Returns an address as it is stored and compared: trimmed, lower case; an empty one is None."""
    return (email or "").strip().lower() or None


def draw_code() -> str:
    """Returns a referral code by chance; the database refuses one that is taken."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))


def create_member(*, program: Program, customer: Customer, now: datetime) -> tuple[Member, bool]:
    """Stores a customer as a member, or finds the member they are; two calls at once make one.

    Returns:
        The member, and whether they are new. A customer who was merged away is the member they became.
    """
    for _attempt in range(5):  # a referral code drawn twice, or another call that was first
        found = (
            Member.objects.select_related("merged_into")
            .filter(shopify_customer_id=customer.shopify_customer_id)
            .first()
        )
        if found is not None:
            return found.merged_into or found, False
        try:
            with transaction.atomic():
                return Member.objects.create(
                    program=program,
                    shopify_customer_id=customer.shopify_customer_id,
                    email=normal_email(customer.email),
                    first_name=customer.first_name or None,
                    last_name=customer.last_name or None,
                    tags=sorted(set(customer.tags)),
                    locale=customer.locale[:20],
                    referral_code=draw_code(),
                    enrolled_at=now,
                    created_at=now,
                    updated_at=now,
                ), True
        except IntegrityError:
            continue
    raise AssertionError("five referral codes were taken in a row")


@transaction.atomic
def update_profile(
    *,
    member_id: int,
    now: datetime,
    date_of_birth: date | Unchanged | None = UNCHANGED,
    anniversary_date: date | Unchanged | None = UNCHANGED,
) -> Member:
    """Sets or clears a member's dates; what is not given stays.

    Raises:
        InvalidField: A birthday lies in the future.
    """
    member: Member = Member.objects.select_for_update().get(pk=member_id)
    before = (member.date_of_birth, member.anniversary_date)
    if not isinstance(date_of_birth, Unchanged):
        if date_of_birth is not None and date_of_birth > now.date():
            raise InvalidField("date_of_birth", _("date_of_birth must not be in the future"))
        if date_of_birth != member.date_of_birth:
            member.birthday_saved_at = now if date_of_birth else None
        member.date_of_birth = date_of_birth
    if not isinstance(anniversary_date, Unchanged):
        member.anniversary_date = anniversary_date
    if (member.date_of_birth, member.anniversary_date) != before:
        member.updated_at = now
        member.save(update_fields=["date_of_birth", "birthday_saved_at", "anniversary_date", "updated_at"])
    if member.date_of_birth != before[0]:  # the date itself is told to nobody: who shows it reads it
        append(program_id=member.program_id, kind=EventKind.MEMBER_CHANGED, member_id=member.pk, payload={}, now=now)
    return member


@transaction.atomic
def update_identity(
    *, shopify_customer_id: int, email: str | None, first_name: str | None, last_name: str | None, now: datetime,
    locale: str = "",
) -> Member | None:  # fmt: skip
    """Follows a change of name, e-mail address or language in the shop; the list of test customers follows a changed address.

    A language that is not known leaves the one that was.

    Somebody who is no member is no concern: None.
    """
    _follow_in_test_list(shopify_customer_id, normal_email(email))
    member: Member | None = (
        Member.objects.select_for_update().filter(shopify_customer_id=shopify_customer_id, redacted_at=None).first()
    )
    if member is None:
        return None
    if locale and member.locale != locale[:20]:  # nobody is told: who writes to them reads it
        member.locale = locale[:20]
        member.save(update_fields=["locale"])
    new = (normal_email(email), first_name or None, last_name or None)
    if (member.email, member.first_name, member.last_name) == new:
        return member
    member.email, member.first_name, member.last_name = new
    member.updated_at = now
    member.save()
    append(program_id=member.program_id, kind=EventKind.MEMBER_CHANGED, member_id=member.pk, payload={}, now=now)
    return member


def _follow_in_test_list(shopify_customer_id: int, address: str | None) -> None:
    """Replaces a test customer's old address by their new one. Locks the programme before any member."""
    member = Member.objects.filter(shopify_customer_id=shopify_customer_id, redacted_at=None).first()
    if member is None or member.email is None or member.email == address:
        return
    listed = Program.objects.filter(pk=member.program_id, test_mode_emails__contains=[member.email])
    if not listed.exists():  # hardly ever: then nobody is kept waiting
        return
    program = listed.select_for_update(no_key=True).first()
    if program is not None:
        kept = {*program.test_mode_emails} - {member.email}
        program.test_mode_emails = sorted(kept | {address} if address else kept)
        program.save(update_fields=["test_mode_emails"])


def choose_emails(*, member_id: int, wants: bool, now: datetime) -> None:
    """Writes down that a member wants the programme's emails, or none of them any more. A repeat keeps the first moment."""
    present = Member.objects.living().filter(pk=member_id)
    if wants:
        present.update(emails_stopped_at=None)
    else:
        present.filter(emails_stopped_at=None).update(emails_stopped_at=now)


@transaction.atomic
def redact(*, shopify_customer_id: int, now: datetime) -> bool:
    """Forgets who a member is and keeps what they did, so that every sum still holds.

    What other nouns keep of them is forgotten by `loyalty.earning.operations.forget_customer`, which calls this.

    Returns:
        Whether there was somebody to forget; a repeat finds nobody.
    """
    member = (
        Member.objects.select_for_update().filter(shopify_customer_id=shopify_customer_id, redacted_at=None).first()
    )
    if member is None:
        return False
    member.email = member.first_name = member.last_name = None
    member.date_of_birth = member.birthday_saved_at = member.anniversary_date = None
    member.tags, member.locale, member.emails_stopped_at = [], "", None
    member.status, member.exclusion_reason = Member.Status.EXCLUDED, "redacted"
    member.excluded_by = ""
    # The Shopify id is personal too: a negative number of our own keeps the row unique and says nothing.
    member.shopify_customer_id = -member.pk
    member.redacted_at = member.updated_at = now
    member.save()
    forget_member(member_id=member.pk, now=now)
    return True
