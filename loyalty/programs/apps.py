"""Django application `programs`."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Registers `loyalty.programs` under the label `programs`."""

    name = "loyalty.programs"
    label = "programs"
    default_auto_field = "django.db.models.BigAutoField"
