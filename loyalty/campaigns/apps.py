"""Django application `campaigns`."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Registers `loyalty.campaigns` under the label `campaigns`."""

    name = "loyalty.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
