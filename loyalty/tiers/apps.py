"""Django application `tiers`."""

from django.apps import AppConfig


class TiersConfig(AppConfig):
    """Registers `loyalty.tiers` under the label `tiers`."""

    name = "loyalty.tiers"
    label = "tiers"
    default_auto_field = "django.db.models.BigAutoField"
