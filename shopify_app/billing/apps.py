"""The Django app of contracts."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Registers `shopify_app.billing` under the label `billing`."""

    name = "shopify_app.billing"
    label = "billing"
