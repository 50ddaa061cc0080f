"""Django application `analytics`."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Registers `loyalty.analytics` under the label `analytics`."""

    name = "loyalty.analytics"
    label = "analytics"
    default_auto_field = "django.db.models.BigAutoField"
