"""The `config` application: connects Celery to Django and holds the start-up checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Loads the Celery app, so that `shared_task` finds its broker in every process."""

    name = "config"

    def ready(self) -> None:
        """Import what must exist before the first request or task."""
        from config import celery, checks  # noqa: F401  # imported for their registration only
