"""The Django app of received webhooks."""

from django.apps import AppConfig


class ReceivedWebhooksConfig(AppConfig):
    """Registers `shopify_app.webhooks` under the label `received_webhooks`."""

    name = "shopify_app.webhooks"
    label = "received_webhooks"
