"""The signed address by which a member ends the programme's emails: it names them, and nobody can make one up."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from loyalty.members.models import Member
from loyalty.programs.models import Program

SALT = "encore.emails.unsubscribe"


def url_for(*, program_id: int, member_id: int) -> str:
    """Returns the address a member's emails carry; it works for as long as the signing key does."""
    token = signing.Signer(salt=SALT).sign(f"{program_id}-{member_id}")
    return f"{settings.APP_URL}{reverse('unsubscribe', args=[token])}"


def member_of(token: str) -> tuple[Program, int] | None:
    """Returns the programme and the member's number that an address names; None for one we did not sign."""
    try:
        program_id, _, member_id = signing.Signer(salt=SALT).unsign(token).partition("-")
    except signing.BadSignature:
        return None
    program = Program.objects.filter(pk=int(program_id)).first()
    return (program, int(member_id)) if program else None


def living(member_id: int) -> Member | None:
    """Returns the member of the programme in scope, the survivor of one who was merged away; None who was forgotten."""
    found: Member | None = Member.objects.select_related("merged_into").filter(pk=member_id, redacted_at=None).first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found if found is not None and found.redacted_at is None else None
