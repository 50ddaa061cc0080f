"""The Django app of shops and their tokens."""

from django.apps import AppConfig


class ShopsConfig(AppConfig):
    """Registers `shopify_app.shops` under the label `shops`."""

    name = "shopify_app.shops"
    label = "shops"
