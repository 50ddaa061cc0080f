"""Checks that keep development conveniences out of production.

`manage.py` runs them as Django's system checks; the web server and Celery, which run no checks of their own, call
`refuse_to_start_open` (config/wsgi.py, config/celery.py).
"""

import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

SHOPIFYS_SITES = ("shopify.com", "myshopify.com")
"""Only pages of these may frame Encore."""


@register()
def production_is_closed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production: no sandbox, no local webhook targets, nobody else's scripts or frames, https, no password login."""
    if settings.ENCORE_ENVIRONMENT != "production":
        return []
    found: list[CheckMessage] = []
    if settings.SHOPIFY_GATEWAY:
        found.append(Error("SHOPIFY_GATEWAY sends every Shopify request to a stand-in: unset it.", id="encore.E001"))
    if settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS:
        found.append(Error("LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS opens the inner network: unset it.", id="encore.E002"))
    if not all(is_shopifys(origin) for origin in settings.FRAME_ANCESTORS):
        found.append(
            Error("FRAME_ANCESTORS names an origin that is not Shopify's over https: unset it.", id="encore.E003")
        )
    if settings.APP_BRIDGE_URL != settings.SHOPIFY_APP_BRIDGE_URL:
        found.append(Error("APP_BRIDGE_URL is not Shopify's: it mints session tokens, unset it.", id="encore.E004"))
    if not settings.APP_URL.startswith("https://"):
        found.append(Error("APP_URL must be an https:// origin.", id="encore.E005"))
    if settings.POLARIS_URL != settings.SHOPIFY_POLARIS_URL:
        found.append(Error("POLARIS_URL is not Shopify's: its script sees every page, unset it.", id="encore.E006"))
    if settings.ENCORE_VENDORS_URL:
        found.append(Error("ENCORE_VENDORS_URL sends keys and customers to a stand-in: unset it.", id="encore.E007"))
    if missing := partner_settings_missing():
        found.append(Error(f"The plan cannot be asked for without {' and '.join(missing)}.", id="encore.E009"))
    if not set(settings.SHOPIFY_PLAN_HANDLES.values()) <= {"starter", "growth"}:
        found.append(Error("SHOPIFY_PLAN_HANDLES leads to a plan there is not: starter or growth.", id="encore.E010"))
    if settings.ENCORE_DELIVERY_PACE != 1:
        found.append(Error("ENCORE_DELIVERY_PACE breaks the vendors' limits: unset it.", id="encore.E008"))
    return found


@register()
def emails_can_be_sent(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production: a mail server and an address to send from; without them the Emails page says so and sends nothing."""
    if settings.ENCORE_ENVIRONMENT != "production" or settings.ENCORE_SENDS_EMAIL:
        return []
    missing = " and ".join(
        name
        for name, is_there in (("EMAIL_URL", settings.EMAIL_URL), ("EMAIL_FROM", settings.DEFAULT_FROM_EMAIL))
        if not is_there
    )
    sentence = f"Emails to customers cannot be sent: set {missing or 'an EMAIL_BACKEND that sends'}."
    return [Warning(sentence, id="encore.W001")]


def partner_settings_missing() -> list[str]:
    """The settings of the Partner API that are not given although others of them are; none when all or none of them are."""
    names = ("SHOPIFY_PARTNER_ORGANIZATION_ID", "SHOPIFY_PARTNER_TOKEN", "SHOPIFY_APP_ID", "SHOPIFY_APP_HANDLE")
    missing = [name for name in names if not getattr(settings, name)]
    return missing if len(missing) < len(names) else []


def is_shopifys(origin: str) -> bool:
    """Whether an origin is a site of Shopify's over https, on the usual port."""
    parts = urlsplit(origin)
    host = parts.netloc.removeprefix("*.")
    return parts.scheme == "https" and any(host == site or host.endswith(f".{site}") for site in SHOPIFYS_SITES)


def refuse_to_start_open() -> None:
    """End this process with the sentences of `production_is_closed`, if there are any."""
    if found := production_is_closed(None):
        sys.exit("\n".join(f"Encore does not start: {each.msg}" for each in found))
