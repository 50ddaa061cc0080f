"""Django application `test_mode`."""

from django.apps import AppConfig


class TestModeConfig(AppConfig):
    """Registers `loyalty.test_mode` under the label `test_mode`."""

    name = "loyalty.test_mode"
    label = "test_mode"
    default_auto_field = "django.db.models.BigAutoField"
