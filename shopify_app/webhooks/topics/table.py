"""Which address takes which topics, and which file works on them; shopify.app.toml subscribes to the same."""

from collections.abc import Callable

from shopify_app.webhooks.topics import (
    app_uninstalled,
    customers_data_request,
    customers_redact,
    customers_update,
    shop_redact,
)
from shopify_app.webhooks.topics.delivery import Delivery

Handler = Callable[[Delivery], None]

GROUPS: dict[str, dict[str, Handler]] = {
    "app": {"app/uninstalled": app_uninstalled.handle},
    "customers": {"customers/update": customers_update.handle},
    "compliance": {
        "customers/data_request": customers_data_request.handle,
        "customers/redact": customers_redact.handle,
        "shop/redact": shop_redact.handle,
    },
    "orders": {},  # orders and refunds come with purchases
}
HANDLERS: dict[str, Handler] = {topic: handle for group in GROUPS.values() for topic, handle in group.items()}
