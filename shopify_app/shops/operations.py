"""What may happen to a shop: install, a token renewed, the need to reconnect, uninstall."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django_scopes import scope
from psycopg.errors import LockNotAvailable

from loyalty.integrations.operations import disconnect
from loyalty.integrations.queries import connections
from loyalty.programs.models import Program
from loyalty.programs.operations import tell_of_change
from shopify_app.admin_api.client import execute
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError, NothingSent
from shopify_app.shops import tokens
from shopify_app.shops.listening import forget_listening
from shopify_app.shops.models import Shop


class NeedsReauth(NothingSent):
    """Shopify no longer accepts the shop's tokens; the merchant has to open the app. Nothing was sent."""


def install(*, domain: str, id_token: str, now: datetime) -> Shop:
    """Connect a shop: exchange its session token, read its details, open its programme. Also reinstalls and reconnects.

    Replay: a second call exchanges again and stores the newer tokens. Two at once run one after the other, because a
    second exchange ends the first one's refresh token.

    Raises:
        SessionTokenRefused, OwnMisconfiguration: see `tokens`.
        AdminApiError: Shopify is not to be reached; nothing is stored.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:  # a new shop has no row to lock yet
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('install:' || %s, 0))", [domain])
        found = Shop.objects.select_related("program").filter(domain=domain).first()
        if found is not None and found.is_connected and found.has_fresh_token(now=now):
            return found  # another first page load got here before us
        given = tokens.exchange(domain, id_token, now=now)
        details = execute(domain, given.access_token, "ShopDetails", {}).data["shop"]
        program = _open_program(domain=domain, details=details, now=now)
        shop = found or Shop(domain=domain, installed_at=now)
        shop.program = program
        if shop.uninstalled_at is not None:
            shop.uninstalled_at, shop.installed_at = None, now
            forget_listening(shop=shop)
        _keep(shop, given)
        with scope(program=program):
            tell_of_change(program_id=program.pk, of="settings", now=now)  # nothing was written into this shop yet
        return shop


def access_token_for(
    shop: Shop, *, now: datetime, after_refusal_of: str | None = None, deadline: Deadline | None = None
) -> str:
    """The shop's access token, renewed under a lock on its row when less than five minutes remain.

    Args:
        shop: the shop, as read at any time before.
        now: the present.
        after_refusal_of: a token that Shopify has just refused: when it is still the stored one, it is renewed
            whatever its end.
        deadline: a renewal neither waits for another one nor begins past it. One that has begun is seen through, for
            at most `tokens.LONGEST_SECONDS`: a renewal that is cut off has spent the shop's only refresh token.

    Raises:
        NeedsReauth: no token, or the grant has ended (remembered in the row).
        NothingSent: the token has ended and Shopify is not to be reached. It is about the renewal, so what the caller
            wanted to send was not sent.
    """
    if shop.is_connected and after_refusal_of is None and shop.has_fresh_token(now=now):
        return str(shop.access_token)
    try:
        with transaction.atomic():
            row = _locked(shop, deadline)
            if not row.is_connected:
                raise NeedsReauth(f"{row.domain} has to be opened in Shopify's admin once")
            if row.has_fresh_token(now=now) and row.access_token != after_refusal_of:
                return str(row.access_token)  # someone else has just renewed it
            if row.refresh_token is None:
                raise tokens.GrantEnded("there is no refresh token")
            _keep(row, tokens.refresh(row.domain, row.refresh_token, now=now))
            return str(row.access_token)
    except tokens.GrantEnded as ended:
        mark_needs_reauth(shop, now=now)
        raise NeedsReauth(f"{shop.domain} has to be opened in Shopify's admin once") from ended
    except NeedsReauth:
        raise
    except (AdminApiError, tokens.OwnMisconfiguration) as failure:
        if after_refusal_of is None and shop.is_connected and shop.lives_until(now):
            return str(shop.access_token)  # it has a few minutes left: use them
        raise NothingSent(f"the access token could not be renewed: {failure}") from failure


def _locked(shop: Shop, deadline: Deadline | None) -> Shop:
    """The shop's row under its lock.

    Raises:
        NothingSent: somebody else held it until the deadline.
    """
    if deadline is None:
        return Shop.objects.select_for_update().get(pk=shop.pk)
    deadline.check()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{max(1, int(deadline.left() * 1000))}ms"])
        try:
            row = Shop.objects.select_for_update().get(pk=shop.pk)
        except OperationalError as fault:
            if isinstance(fault.__cause__, LockNotAvailable):
                raise NothingSent("somebody else has been renewing the access token all the while") from fault
            raise
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    deadline.check()
    return row


def mark_needs_reauth(shop: Shop, *, now: datetime) -> None:
    """Remember that only the merchant can reconnect this shop. Replay: keeps the first time."""
    Shop.objects.filter(pk=shop.pk, needs_reauth_at=None).update(needs_reauth_at=now)


@transaction.atomic
def uninstall(*, domain: str, now: datetime) -> bool:
    """Forget the tokens and the vendors' keys and close the doors; the data stays for a reinstall until `shop/redact`.

    Returns:
        False when the shop is unknown or was uninstalled before (a replay).
    """
    shop = Shop.objects.select_for_update().filter(domain=domain, uninstalled_at=None).first()
    if shop is None:
        return False
    shop.forget_tokens()
    shop.uninstalled_at = now
    shop.save()
    Program.objects.filter(pk=shop.program_id).update(is_installed=False, updated_at=now)
    with scope(program=shop.program_id):
        for connected in connections():
            disconnect(program=shop.program, vendor=connected.vendor, now=now)
    return True


def _keep(shop: Shop, given: tokens.Tokens) -> None:
    """Write both tokens at once; whatever was wrong with the old ones is over."""
    shop.access_token, shop.access_token_expires_at = given.access_token, given.access_token_expires_at
    shop.refresh_token, shop.refresh_token_expires_at = given.refresh_token, given.refresh_token_expires_at
    shop.scopes, shop.needs_reauth_at = given.scopes or shop.scopes, None
    shop.save()


def _open_program(*, domain: str, details: dict[str, object], now: datetime) -> Program:
    """The shop's programme, opened with the shop's own name, currency and time zone; an existing one only reopens."""
    program, is_new = Program.objects.get_or_create(
        shopify_domain=domain,
        defaults={
            "name": str(details["name"]),
            # Until Shopify has said what the shop pays for, it pays for nothing.
            "plan": Program.Plan.NONE if settings.ENCORE_ASKS_FOR_PLAN else settings.ENCORE_PLAN,
            "currency": str(details["currencyCode"]),
            "time_zone": str(details["ianaTimezone"]),
            "storefront_url": _address(details),
            "created_at": now,
            "updated_at": now,
        },
    )
    if not is_new and not program.is_installed:
        program.is_installed, program.updated_at = True, now
        program.save(update_fields=["is_installed", "updated_at"])
    return program


def _address(details: dict[str, object]) -> str:
    domain = details.get("primaryDomain")
    return str(domain.get("url") or "") if isinstance(domain, dict) else ""
