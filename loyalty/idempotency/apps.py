"""Django application `idempotency`."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Registers `loyalty.idempotency` under the label `idempotency`."""

    name = "loyalty.idempotency"
    label = "idempotency"
    default_auto_field = "django.db.models.BigAutoField"
