"""Django application `referrals`."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Registers `loyalty.referrals` under the label `referrals`."""

    name = "loyalty.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"
