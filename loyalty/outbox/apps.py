"""Django application `outbox`."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Registers `loyalty.outbox` under the label `outbox`."""

    name = "loyalty.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
