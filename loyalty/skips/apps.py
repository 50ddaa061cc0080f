"""Django application `skips`."""

from django.apps import AppConfig


class SkipsConfig(AppConfig):
    """Registers `loyalty.skips` under the label `skips`."""

    name = "loyalty.skips"
    label = "skips"
    default_auto_field = "django.db.models.BigAutoField"
