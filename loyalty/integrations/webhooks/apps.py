"""Django application `webhook_subscriptions`."""

from django.apps import AppConfig


class WebhookSubscriptionsConfig(AppConfig):
    """Registers `loyalty.integrations.webhooks` under the label `webhook_subscriptions`."""

    name = "loyalty.integrations.webhooks"
    label = "webhook_subscriptions"
    default_auto_field = "django.db.models.BigAutoField"
