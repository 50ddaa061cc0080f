"""The Django app of the public pages for developers."""

from django.apps import AppConfig


class DocsConfig(AppConfig):
    """Stores nothing."""

    name = "shopify_app.docs"
    label = "docs"
