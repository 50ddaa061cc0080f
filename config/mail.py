"""A mail server as one address, `smtp+tls://user:password@host:port`, taken apart. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
"""Plain, STARTTLS, and TLS from the first byte; with their usual ports."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """What Django's `EMAIL_…` settings are made of."""

    backend: str = "django.core.mail.backends.dummy.EmailBackend"
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def mail_server(url: str) -> MailServer:
    """Returns the mail server an address names; of an empty one none: nothing is sent.

    Raises:
        ValueError: It is no address of a mail server; the sentence says what one looks like.
    """
    if not url:
        return MailServer()
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path.strip("/"):
        raise ValueError("EMAIL_URL reads smtp+tls://user:password@host:587 (or smtps:// and smtp://)")
    return MailServer(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or SCHEMES[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp+tls",
        is_tls=parts.scheme == "smtps",
    )
