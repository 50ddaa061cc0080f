"""System checks that keep development conveniences out of production."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def production_is_closed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start in production with a sandbox, local webhook targets, a frame ancestor over http or no keys."""
    if settings.ENCORE_ENVIRONMENT != "production":
        return []
    found: list[CheckMessage] = []
    if settings.SHOPIFY_GATEWAY:
        found.append(Error("SHOPIFY_GATEWAY sends every Shopify request to a stand-in: unset it.", id="encore.E001"))
    if settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS:
        found.append(Error("LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS opens the inner network: unset it.", id="encore.E002"))
    if any(origin.startswith("http://") for origin in settings.FRAME_ANCESTORS):
        found.append(Error("FRAME_ANCESTORS holds an http:// origin: only https may frame Encore.", id="encore.E003"))
    if settings.APP_BRIDGE_URL != settings.SHOPIFY_APP_BRIDGE_URL:
        found.append(Error("APP_BRIDGE_URL is not Shopify's: it mints session tokens, unset it.", id="encore.E004"))
    if not settings.APP_URL.startswith("https://"):
        found.append(Error("APP_URL must be an https:// origin.", id="encore.E005"))
    return found
