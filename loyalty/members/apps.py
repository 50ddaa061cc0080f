"""Django application `members`."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Registers `loyalty.members` under the label `members`."""

    name = "loyalty.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"
