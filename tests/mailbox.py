"""Emails in tests: the sandbox's mail server, and the relay as a worker runs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from loyalty.emails.kinds import KINDS
from loyalty.emails.operations import switch
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery
from loyalty.outbox.ports import Outcome
from tests.a_shop import NOW, AShop
from tests.sandbox_client import Sandbox


class Mailbox:
    """What arrived, and the faults of the server it arrives at."""

    def __init__(self, sandbox: Sandbox, settings: Any) -> None:
        settings.ENCORE_EMAILS_PER_SECOND = 0  # pacing has a test of its own
        settings.EMAIL_BACKEND = (
            "django.core.mail.backends.smtp.EmailBackend"  # Django's tests put another in its place
        )
        self.sandbox = sandbox
        self.forget()

    def forget(self) -> None:
        self.sandbox.call("DELETE", "mails")

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sandbox.call("GET", "mails")["mails"]
        return found

    def faults(self, **switches: Any) -> None:
        self.sandbox.call("PATCH", "mails/faults", switches)


def headers(mail: dict[str, Any]) -> dict[str, str]:
    return dict(mail["headers"])


def switch_on(shop: AShop, *slugs: str) -> None:
    for slug in slugs or KINDS:
        switch(program=shop.program, kind=slug, is_on=True, now=NOW)


def go_round(*slugs: str, now: datetime = NOW) -> list[Outcome]:
    """Fans out what happened and makes every attempt at an email that is due."""
    relay.fan_out(now=now)
    outcomes = []
    for slug in slugs or KINDS:
        while claim := relay.claim(destination=f"email:{slug}", now=now):
            outcomes.append(relay.attempt(claim=claim, now=now))
    return outcomes


def rows() -> list[tuple[str, str]]:
    """Emails in the log: state, and the reason."""
    found = Delivery.objects.filter(destination__startswith="email:").order_by("pk")
    return list(found.values_list("state", "last_error"))
