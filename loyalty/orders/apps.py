"""Django application `orders`."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Registers `loyalty.orders` under the label `orders`."""

    name = "loyalty.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"
