"""Django application `imports`."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Registers `loyalty.imports` under the label `imports`."""

    name = "loyalty.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"
