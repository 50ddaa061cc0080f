"""What may happen to a programme's emails: who writes, which are on, what they say, and a test of one."""

from __future__ import annotations

from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.emails import queries
from loyalty.emails.filling import check, one_line
from loyalty.emails.kinds import KINDS, Kind, kind_named
from loyalty.emails.models import EmailSettings, EmailText
from loyalty.emails.sending import Mail, send
from loyalty.emails.writing import Wording, Written, write
from loyalty.errors import InvalidField, Refusal
from loyalty.outbox.ports import Outcome
from loyalty.programs.languages import LANGUAGES
from loyalty.programs.models import Program


class NoMailServer(Refusal):
    """This server cannot send email."""

    code = "no_mail_server"

    def __init__(self) -> None:
        super().__init__(_("This server can’t send email yet: set EMAIL_URL and EMAIL_FROM where Encore runs"))


def change_sender(
    *, program: Program, sender_name: str, from_address: str, reply_to: str, now: datetime
) -> EmailSettings:
    """Sets who the programme's emails come from; what is empty is the shop's name, the server's address, and nobody else.

    Raises:
        InvalidField: A name on several lines, or an address that is none; nothing changed.
    """
    if one_line(sender_name) != sender_name.strip() or len(sender_name) > 100:
        raise InvalidField("sender_name", _("The name is one line of at most 100 characters"))
    wanted = {"from_address": from_address.strip(), "reply_to": reply_to.strip()}
    for field, address in wanted.items():
        if address:
            _check_address(field, address)
    changed: EmailSettings
    changed, _is_new = EmailSettings.objects.update_or_create(
        program=program, defaults={"sender_name": sender_name.strip(), **wanted, "updated_at": now}
    )
    return changed


@transaction.atomic
def switch(*, program: Program, kind: str, is_on: bool, now: datetime) -> None:
    """Switches one kind on or off, for what happens from now on; what waits of one that is off is not sent.

    Raises:
        NotFound: There is no such kind.
        NoMailServer: It is to go on and nothing could be sent; nothing changed.
    """
    kind_named(kind)
    if is_on and not queries.is_set_up():
        raise NoMailServer
    EmailSettings.objects.get_or_create(program=program, defaults={"updated_at": now})
    chosen = EmailSettings.objects.select_for_update().get(program=program)
    on = {*chosen.kinds_on, kind} if is_on else {*chosen.kinds_on} - {kind}
    chosen.kinds_on, chosen.updated_at = [slug for slug in KINDS if slug in on], now
    chosen.save(update_fields=["kinds_on", "updated_at"])


def save_text(*, program: Program, kind: str, language: str, subject: str, body: str, now: datetime) -> None:
    """Keeps the merchant's own text of a kind in a language; our own text, unchanged, is not kept, so that it stays ours.

    Raises:
        NotFound: There is no such kind.
        InvalidField: No such language, an empty or too long text, or a placeholder that is not offered; nothing changed.
    """
    known = kind_named(kind)
    wording = checked(known, language, subject, body)
    if wording == queries.our_wording(known, language):
        EmailText.objects.filter(kind=kind, language=language).delete()
        return
    EmailText.objects.update_or_create(
        program=program, kind=kind, language=language,
        defaults={"subject": wording.subject, "body": wording.body, "updated_at": now},
    )  # fmt: skip


def back_to_ours(*, kind: str, language: str) -> None:
    """Forgets the merchant's own text: ours is sent again. A repeat is no change."""
    EmailText.objects.filter(kind=kind, language=language).delete()


def checked(kind: Kind, language: str, subject: str, body: str) -> Wording:
    """Returns a text that may be sent, its lines trimmed.

    Raises:
        InvalidField: See `save_text`.
    """
    if language not in LANGUAGES:
        raise InvalidField("language", _("There is no language '%(language)s'") % {"language": language})
    subject, body = subject.strip(), "\n".join(line.rstrip() for line in body.strip().splitlines())
    if not 0 < len(subject) <= 150 or one_line(subject) != " ".join(subject.split()) or "\n" in subject:
        raise InvalidField("subject", _("The subject is one line of 1 to 150 characters"))
    if not 0 < len(body) <= 5000:
        raise InvalidField("body", _("The text has 1 to 5,000 characters"))
    for field, text in (("subject", subject), ("body", body)):
        check(text, field=field, known=kind.placeholders)
    return Wording(language, subject, body)


def example(*, program: Program, kind: Kind, wording: Wording) -> Written:
    """Returns an email of a kind with the placeholders' examples, as a member would see it; its links lead to the shop."""
    values = {name: each.example for name, each in kind.placeholders.items()}
    return write(
        program=program, kind=kind, wording=wording, values={**values, "shop_name": program.name},
        payload=kind.sample or {}, link=program.storefront, unsubscribe_url=program.storefront,
    )  # fmt: skip


def send_test(*, program: Program, kind: str, wording: Wording, to: str, now: datetime) -> Outcome:
    """Sends an example to an address of the merchant's own, at once and once; it says that it is a test.

    Raises:
        NotFound: There is no such kind.
        InvalidField: It is no address.
        NoMailServer: Nothing can be sent.
    """
    known = kind_named(kind)
    _check_address("to", to)
    if not queries.is_set_up():
        raise NoMailServer
    written, sender = example(program=program, kind=known, wording=wording), queries.sender_of(program)
    return send(
        Mail(
            sender=sender.header, to=to, reply_to=sender.reply_to, subject=f"[Test] {written.subject}", text=written.text,
            html=written.html, message_id=make_msgid(domain=urlsplit(settings.APP_URL).hostname),
            headers={"Auto-Submitted": "auto-generated"}, shown={"to": to},
        )
    )  # fmt: skip


def forget_emails() -> None:
    """Deletes what a programme has set up, for `shop/redact`. None is no change."""
    EmailText.objects.all().delete()
    EmailSettings.objects.all().delete()


def _check_address(field: str, address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidField(field, _("Enter a whole e-mail address, such as hello@example.com")) from None
