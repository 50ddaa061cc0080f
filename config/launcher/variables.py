"""The environment that the demo's processes run in."""

import os
from collections.abc import Mapping

from config.launcher import Refusal

# Passed on when set, so that a developer or a conformance run can choose them.
PASSED_ON = (
    "LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS", "LOYALTY_WEBHOOK_RETRY_DELAYS", "ENCORE_VENDORS_URL", "ENCORE_DELIVERY_PACE",
    "LOG_LEVEL",
)  # fmt: skip

# The sandbox answers the Partner API too: there a shop's plan is chosen on its page.
PARTNER = {
    "SHOPIFY_PARTNER_ORGANIZATION_ID": "4242", "SHOPIFY_PARTNER_TOKEN": "prtapi_of-the-sandbox-it-opens-nothing",
    "SHOPIFY_APP_ID": "gid://shopify/App/1234567", "SHOPIFY_APP_HANDLE": "encore",
}  # fmt: skip


def port(environ: Mapping[str, str]) -> int:
    """PORT, 8000 when unset; the sandbox takes the next one, and its mail server the one after.

    Raises:
        Refusal: not a number from 1 to 65533.
    """
    text = environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65533:
        raise Refusal(f"PORT must be a number from 1 to 65533, not {text!r}.")
    return int(text)


def demo_environment(
    *,
    web_port: int,
    sandbox_port: int,
    mail_port: int,
    home: str,
    database_url: str,
    redis_url: str,
    keys: Mapping[str, str],
) -> dict[str, str]:
    """All variables Encore's processes and the sandbox read (config/settings.py, sandbox/), the sandbox's included.

    The app is on 127.0.0.1 and the sandbox's admin on localhost: two sites to a browser, as in production.
    """
    sandbox = f"http://localhost:{sandbox_port}"
    gateway = f"http://127.0.0.1:{sandbox_port}"
    chosen = {
        "ENCORE_ENVIRONMENT": "demo",
        "ENCORE_HOME": home,
        "PORT": str(web_port),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "APP_URL": f"http://127.0.0.1:{web_port}",
        "SANDBOX_URL": sandbox,
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_MAIL_PORT": str(mail_port),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "EMAIL_FROM": "loyalty@encore.example",
        "SHOPIFY_GATEWAY": gateway,
        "ENCORE_VENDORS_URL": f"{gateway}/vendors",
        **PARTNER,
        "APP_BRIDGE_URL": f"{sandbox}/app-bridge.js",
        "POLARIS_URL": "/static/encore/polaris-standin.js",
        "FRAME_ANCESTORS": f"https://admin.shopify.com {sandbox}",
        **keys,
    }
    return {**chosen, **{name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}}


def child_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What a child gets: ours on top of the machine's own (PATH, HOME, certificates and the like)."""
    return {
        **os.environ,
        **variables,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "REMAP_SIGTERM": "SIGQUIT",  # Celery: a soft shutdown that lets running tasks finish (reliability.md 8)
    }
