"""What may happen to webhook subscriptions."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, NotFound, Refusal
from loyalty.integrations.webhooks.mapping import EVENTS
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id

ROTATION = timedelta(hours=24)
"""How long a replaced secret still signs beside the new one, in the Standard Webhooks header."""
MAX_SUBSCRIPTIONS = 50
MAX_URL = 2048


class TooManySubscriptions(Refusal):
    """The shop has as many subscriptions as it may."""

    code = "limit_reached"

    def __init__(self) -> None:
        super().__init__(_("A shop has at most %(most)s webhook subscriptions") % {"most": MAX_SUBSCRIPTIONS})


class SubscriptionNotFound(NotFound):
    """No such subscription here."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_("Webhook subscription '%(public_id)s' not found") % {"public_id": public_id})


@transaction.atomic
def create_subscription(
    *,
    program: Program,
    url: str,
    events: list[str],
    description: str | None,
    now: datetime,
    keeps_trying: bool = False,
    is_active: bool = True,
) -> tuple[WebhookSubscription, str]:
    """Adds a subscription and returns it with its secret, which is shown this once.

    Raises:
        InvalidField: The url or an event is none.
        TooManySubscriptions: Fifty already.
    """
    check_url(url)
    check_events(events)
    Program.objects.select_for_update().get(pk=program.pk)  # so that two calls at once can't both be the fiftieth
    if WebhookSubscription.objects.count() >= MAX_SUBSCRIPTIONS:
        raise TooManySubscriptions
    secret = secrets.token_hex(32)
    made: WebhookSubscription = WebhookSubscription.objects.create(
        program=program, public_id=new_public_id("whsub"), url=url, events=list(dict.fromkeys(events)),
        description=description, keeps_trying=keeps_trying, is_active=is_active, secret=secret, created_at=now, updated_at=now,
    )  # fmt: skip
    return made, secret


@transaction.atomic
def change_subscription(*, public_id: str, changes: Mapping[str, Any], now: datetime) -> WebhookSubscription:
    """Changes any of `url`, `events`, `is_active`, `description`, `keeps_trying`; the secret stays.

    Raises:
        SubscriptionNotFound: No such subscription.
        InvalidField: The url or an event is none.
    """
    found = _locked(public_id)
    if "url" in changes:
        check_url(changes["url"])
        found.url = changes["url"]
    if "events" in changes:
        check_events(changes["events"])
        found.events = list(dict.fromkeys(changes["events"]))
    found.is_active = changes.get("is_active", found.is_active)
    found.keeps_trying = changes.get("keeps_trying", found.keeps_trying)
    found.description = changes.get("description", found.description)
    found.updated_at = now
    found.save()
    return found


@transaction.atomic
def rotate_secret(*, public_id: str, now: datetime) -> tuple[WebhookSubscription, str]:
    """Replaces the secret at once and returns the new one, which is shown this once.

    In the Standard Webhooks header the old one signs beside it for a day, so that its receivers miss nothing.

    Raises:
        SubscriptionNotFound: No such subscription.
    """
    found = _locked(public_id)
    found.previous_secret, found.previous_secret_until = found.secret, now + ROTATION
    found.secret = secrets.token_hex(32)
    found.updated_at = now
    found.save()
    return found, found.secret


def delete_subscription(*, public_id: str) -> None:
    """Ends a subscription.

    Raises:
        SubscriptionNotFound: No such subscription.
    """
    deleted, _by_model = WebhookSubscription.objects.filter(public_id=public_id).delete()
    if not deleted:
        raise SubscriptionNotFound(public_id)


def check_url(url: object) -> None:
    """Refuses an address that can't be a merchant's public https endpoint; the resolved address is checked on sending.

    Raises:
        InvalidField: Not https, no host, credentials, a fragment, another port, or a bare name.
    """
    local = settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS
    rule = _("url must be a valid https URL")
    if not isinstance(url, str) or not url or len(url) > MAX_URL or not url.isascii() or any(c.isspace() for c in url):
        raise InvalidField("url", rule)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidField("url", rule) from error
    host = parts.hostname or ""
    if (
        parts.scheme not in ({"https", "http"} if local else {"https"})
        or not host
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise InvalidField("url", rule)
    if not local and (port not in (None, 443) or "." not in host.strip(".") or host.endswith(".localhost")):
        raise InvalidField("url", _("url must be a public https address on port 443"))


def check_events(events: object) -> None:
    """Refuses anything but a list of known names.

    Raises:
        InvalidField: Empty, or a name is unknown.
    """
    if not isinstance(events, list) or not events:
        raise InvalidField("events", _("events must be a non-empty array"))
    for name in events:
        if not isinstance(name, str) or name not in EVENTS:
            raise InvalidField("events", _("events holds an unknown event: %(str)s") % {"str": str(name)[:60]})


def _locked(public_id: str) -> WebhookSubscription:
    found: WebhookSubscription | None = (
        WebhookSubscription.objects.select_for_update().filter(public_id=public_id).first()
    )
    if found is None:
        raise SubscriptionNotFound(public_id)
    return found


def secrets_of(row: WebhookSubscription, *, now: datetime) -> list[str]:
    """Returns the secrets that sign now: the present one, then one that was replaced less than a day ago."""
    signing = [str(row.secret)]
    if row.previous_secret is not None and row.previous_secret_until is not None and now < row.previous_secret_until:
        signing.append(str(row.previous_secret))
    return signing


def note_outcome(*, subscription_id: int, is_success: bool, now: datetime) -> None:
    """Notes how an attempt ended, so that a merchant is told of a subscription that fails for a day."""
    row = WebhookSubscription.objects.filter(pk=subscription_id)
    if is_success:
        row.update(last_success_at=now, failing_since=None)
    else:
        row.filter(failing_since=None).update(failing_since=now)
