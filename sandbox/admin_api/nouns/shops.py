"""The shop and the app's installation in it."""

from typing import Any

from sandbox.admin_api.context import Info
from sandbox.admin_api.nouns.metafields import APP_ID, owned
from sandbox.store.values import gid


def shop(info: Info) -> dict[str, Any]:
    """`shop`."""
    context = info.context
    store, identity = context.store, gid("Shop", context.store["id"])
    url = f"https://{store['domain']}"
    return {
        "__typename": "Shop",
        "id": identity,
        "name": store["name"],
        "email": store["email"],
        "contactEmail": store["email"],
        "myshopifyDomain": store["domain"],
        "currencyCode": store["currency"],
        "ianaTimezone": store["timezone"],
        "shopOwnerName": "Sandbox Owner",
        "createdAt": store["created_at"],
        "url": url,
        # Where customers go: the sandbox's own storefront, since the store's domain leads to Shopify.
        "primaryDomain": {
            "id": gid("Domain", store["id"]),
            "host": store["domain"],
            "url": f"{context.world.settings.admin_origin}/shop/{store['domain'].removesuffix('.myshopify.com')}",
            "sslEnabled": True,
        },
        "plan": {"displayName": "Development", "partnerDevelopment": True, "shopifyPlus": False},
        **owned(context, identity),
    }


def current_app_installation(info: Info) -> dict[str, Any]:
    """`currentAppInstallation`. A development store has no subscription, so there is none to list."""
    context = info.context
    identity = gid("AppInstallation", f"{APP_ID}{context.store['id']}")
    return {
        "__typename": "AppInstallation",
        "id": identity,
        "accessScopes": [{"handle": scope, "description": scope.replace("_", " ")} for scope in sorted(context.scopes)],
        "activeSubscriptions": [],
        "launchUrl": f"https://{context.domain}/admin/apps/{context.world.app.handle}",
        "app": app(info),
        **owned(context, identity),
    }


def app(info: Info, **arguments: Any) -> dict[str, Any] | None:
    """`app`: this one, or null for another's id."""
    context = info.context
    identity = gid("App", APP_ID)
    if arguments.get("id") not in (None, identity):
        return None
    known = context.world.app
    return {
        "__typename": "App",
        "id": identity,
        "apiKey": context.world.settings.client_id,
        "handle": known.handle,
        "title": known.name,
        "embedded": True,
    }
