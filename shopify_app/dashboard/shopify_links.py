"""Addresses of a shop's own pages in the Shopify admin, each opened beside Encore.

Form as documented for the admin; that the frame lets them open is unverified: confirm in a development store.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from loyalty.programs.models import Program

ADMIN = "https://admin.shopify.com/store"


def customer(program: Program, shopify_customer_id: int) -> str:
    """The customer's page."""
    return f"{ADMIN}/{_handle(program)}/customers/{shopify_customer_id}"


def order(program: Program, shopify_order_id: int | str) -> str:
    """The order's page."""
    return f"{ADMIN}/{_handle(program)}/orders/{shopify_order_id}"


def discount(program: Program, discount_gid: str) -> str:
    """The page of a discount, by its global id."""
    return f"{ADMIN}/{_handle(program)}/discounts/{discount_gid.rpartition('/')[2]}"


def theme_editor(program: Program, embed: str) -> str:
    """Where a merchant switches an app embed of ours on in the shop's theme.

    Args:
        embed: The name of its file in `theme_extension/blocks`. Unverified: older material has the extension's own id in place
            of the client id (admin-ui facts, section 13).
    """
    asked = {"context": "apps", "template": "index", "activateAppId": f"{settings.SHOPIFY_CLIENT_ID}/{embed}"}
    return f"https://{program.shopify_domain}/admin/themes/current/editor?{urlencode(asked)}"


def _handle(program: Program) -> str:
    return program.shopify_domain.removesuffix(".myshopify.com")


def pricing(program: Program) -> str:
    """Shopify's page of the app's plans, which takes the frame's place; in the demo, the sandbox's stand-in."""
    origin = f"{settings.SANDBOX_URL}/store" if settings.SANDBOX_URL else ADMIN
    return f"{origin}/{_handle(program)}/charges/{settings.SHOPIFY_APP_HANDLE}/pricing_plans"
