"""Which address takes which topics, and which file works on them; shopify.app.toml subscribes to the same."""

from collections.abc import Callable

from shopify_app.webhooks.topics import (
    app_scopes_update,
    app_subscriptions_update,
    app_uninstalled,
    customers_create,
    customers_data_request,
    customers_delete,
    customers_merge,
    customers_redact,
    customers_update,
    orders_cancelled,
    orders_create,
    orders_fulfilled,
    orders_paid,
    orders_updated,
    refunds_create,
    shop_redact,
    shop_update,
)
from shopify_app.webhooks.topics.delivery import Delivery

Handler = Callable[[Delivery], None]

GROUPS: dict[str, dict[str, Handler]] = {
    "app": {
        "app/uninstalled": app_uninstalled.handle,
        "app/scopes_update": app_scopes_update.handle,
        "app_subscriptions/update": app_subscriptions_update.handle,
        "shop/update": shop_update.handle,
    },
    "customers": {
        "customers/create": customers_create.handle,
        "customers/update": customers_update.handle,
        "customers/delete": customers_delete.handle,
        "customers/merge": customers_merge.handle,
    },
    "compliance": {
        "customers/data_request": customers_data_request.handle,
        "customers/redact": customers_redact.handle,
        "shop/redact": shop_redact.handle,
    },
    "orders": {
        "orders/create": orders_create.handle,
        "orders/paid": orders_paid.handle,
        "orders/updated": orders_updated.handle,
        "orders/fulfilled": orders_fulfilled.handle,
        "orders/cancelled": orders_cancelled.handle,
        "refunds/create": refunds_create.handle,
    },
}
HANDLERS: dict[str, Handler] = {topic: handle for group in GROUPS.values() for topic, handle in group.items()}
