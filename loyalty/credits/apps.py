"""Django application `credits`."""

from django.apps import AppConfig


class CreditsConfig(AppConfig):
    """Registers `loyalty.credits` under the label `credits`."""

    name = "loyalty.credits"
    label = "credits"
    default_auto_field = "django.db.models.BigAutoField"
