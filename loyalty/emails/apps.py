"""Django application `emails`."""

from django.apps import AppConfig


class EmailsConfig(AppConfig):
    """Registers `loyalty.emails` under the label `emails`."""

    name = "loyalty.emails"
    label = "emails"
    default_auto_field = "django.db.models.BigAutoField"
