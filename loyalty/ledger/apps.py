"""Django application `ledger`."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers `loyalty.ledger` under the label `ledger`."""

    name = "loyalty.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
