"""Django application `rewards`."""

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """Registers `loyalty.rewards` under the label `rewards`."""

    name = "loyalty.rewards"
    label = "rewards"
    default_auto_field = "django.db.models.BigAutoField"
