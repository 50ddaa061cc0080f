"""The Django app of the admin's pages; it stores only who may log in without Shopify."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Named `dashboard`; its address names live in the app namespace of the same name."""

    name = "shopify_app.dashboard"
    label = "dashboard"
