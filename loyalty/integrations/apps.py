"""Django application `integrations`."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers `loyalty.integrations` under the label `integrations`."""

    name = "loyalty.integrations"
    label = "integrations"
    default_auto_field = "django.db.models.BigAutoField"
