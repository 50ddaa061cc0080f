"""The Django app of the on-site display."""

from django.apps import AppConfig


class DisplayConfig(AppConfig):
    """Registers `shopify_app.display` under the label `display`."""

    name = "shopify_app.display"
    label = "display"
