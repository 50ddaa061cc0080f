"""Django application `earning`."""

from django.apps import AppConfig


class EarningConfig(AppConfig):
    """Registers `loyalty.earning` under the label `earning`."""

    name = "loyalty.earning"
    label = "earning"
    default_auto_field = "django.db.models.BigAutoField"
