"""One mail to one address, by Django's mail backend, and what each end of it means.

A server's 4xx is "not now", its 5xx "never"; a connection that could not be opened has sent nothing. A line that breaks
once mail was handed over may have delivered it: that is for a person, and never repeated (docs/adr/0025).
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import BadHeaderError

from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry, Unknown, Waits

PATIENCE = timedelta(minutes=1)
"""How long everything waits for a server that takes nothing just now."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent. `message_id` and `headers` are whole, `shown` is what the log of deliveries keeps."""

    sender: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str]
    shown: Mapping[str, Any]


def send(mail: Mail) -> Outcome:
    """Hands a mail to the server and says what came of it; never raises for what the server does."""
    try:
        message = EmailMultiAlternatives(
            mail.subject, mail.text, mail.sender, [mail.to], reply_to=[mail.reply_to] if mail.reply_to else None,
            headers={"Message-ID": mail.message_id, **mail.headers},
        )  # fmt: skip
        message.attach_alternative(mail.html, "text/html")
        message.message()  # a header or an address that is none shows here, before anybody is called
    except (BadHeaderError, ValueError) as error:
        return Dead(error=f"This mail can't be written: {error}"[:500], request=mail.shown)
    server = get_connection()
    try:
        server.open()
    except smtplib.SMTPAuthenticationError as error:
        return Paused(error=f"The mail server does not accept the password: {_said(error)}", status=error.smtp_code)
    except smtplib.SMTPNotSupportedError as error:
        return Paused(error=f"The mail server is not set up as EMAIL_URL says: {error}"[:500])
    except smtplib.SMTPResponseException as error:
        return Waits(error=f"The mail server takes nothing: {_said(error)}", status=error.smtp_code, after=PATIENCE)
    except (OSError, smtplib.SMTPException) as error:
        return Waits(error=f"The mail server could not be reached: {error}"[:500], after=PATIENCE)
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, sentence = next(iter(error.recipients.values()))
        return _refused(code, _text(sentence), mail)
    except smtplib.SMTPSenderRefused as error:
        if error.smtp_code < 500:  # about the server, not about this mail
            return Waits(error=f"Not now: {_said(error)}", status=error.smtp_code, request=mail.shown, after=PATIENCE)
        return _refused(error.smtp_code, _said(error), mail)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, _said(error), mail)
    except (OSError, smtplib.SMTPException) as error:
        return Unknown(error=f"The mail server did not say whether it has the mail: {error}"[:500], request=mail.shown)
    finally:
        _close(server)
    return Done(status=250, request=mail.shown)


def _refused(code: int, sentence: str, mail: Mail) -> Outcome:
    if code < 500:
        return Retry(error=f"Not now: {sentence}", status=code, request=mail.shown)
    return Dead(error=f"The mail server refused: {sentence}", status=code, request=mail.shown)


def _close(server: Any) -> None:
    """The mail is decided: a line that breaks at the goodbye changes nothing."""
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        return


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:400]
