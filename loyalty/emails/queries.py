"""What may be asked of emails to customers from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.db.models import Max

from loyalty.emails.kinds import FAMILY, Kind
from loyalty.emails.models import EmailSettings, EmailText
from loyalty.emails.texts import TEXTS
from loyalty.emails.writing import Wording
from loyalty.members.models import Member
from loyalty.outbox.models import Delivery
from loyalty.outbox.queries import deliveries
from loyalty.programs.languages import language_for
from loyalty.programs.models import Program


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a programme's emails come from: what is sent, with what was not chosen filled in."""

    name: str
    address: str
    reply_to: str

    @property
    def header(self) -> str:
        """Name and address as a mail's `From` has them."""
        return formataddr((self.name, self.address))


def is_set_up() -> bool:
    """Whether this server can send email at all."""
    return bool(settings.ENCORE_SENDS_EMAIL)


def settings_of(program: Program) -> EmailSettings:
    """Returns a programme's settings; those of a programme that has chosen nothing are not stored."""
    found: EmailSettings | None = EmailSettings.objects.filter(program=program).first()
    return found or EmailSettings(program=program, updated_at=program.created_at)


def sender_of(program: Program, chosen: EmailSettings | None = None) -> Sender:
    """Returns who a programme's emails come from."""
    chosen = chosen or settings_of(program)
    return Sender(
        chosen.sender_name or program.name, chosen.from_address or settings.DEFAULT_FROM_EMAIL, chosen.reply_to
    )


def kinds_on() -> list[str]:
    """Returns the names of the kinds that are on in the programme in scope."""
    found = EmailSettings.objects.values_list("kinds_on", flat=True).first()
    return list(found or [])


def own_texts() -> dict[tuple[str, str], EmailText]:
    """Returns the merchant's own texts, by kind and language."""
    return {(text.kind, text.language): text for text in EmailText.objects.all()}


def wording_of(kind: Kind, language: str) -> Wording:
    """Returns what a kind says in a language: the merchant's text, else ours."""
    own: EmailText | None = EmailText.objects.filter(kind=kind.slug, language=language).first()
    return Wording(language, own.subject, own.body) if own else our_wording(kind, language)


def our_wording(kind: Kind, language: str) -> Wording:
    """Returns our own text of a kind."""
    text = TEXTS[language][kind.slug]
    return Wording(language, text.subject, text.body)


def language_of(member: Member, program: Program) -> str:
    """Returns the language a member is written to in."""
    return language_for(program.languages, member.locale)


def reach(program: Program) -> int:
    """Returns how many members an email would reach today: they take part, have an address, and want them."""
    wanting = Member.objects.living().filter(status=Member.Status.MEMBER, emails_stopped_at=None)
    wanting = wanting.exclude(email=None).exclude(email="")
    if program.test_mode == Program.TestMode.RESTRICT:
        wanting = wanting.filter(email__in=program.test_mode_emails)
    return int(wanting.count())


def unsubscribed() -> int:
    """Returns how many living members have ended the programme's emails."""
    return int(Member.objects.living().filter(emails_stopped_at__isnull=False).count())


def last_sent() -> dict[str, datetime]:
    """Returns when each kind was sent last, by its name; one that never was is left out."""
    done = deliveries(state=Delivery.State.DONE, family=FAMILY).order_by()
    rows = done.values_list("destination").annotate(at=Max("finished_at"))
    return {destination.partition(":")[2]: at for destination, at in rows}
