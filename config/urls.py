"""Every address of Encore.

A route answers to nobody by default: tests/architecture lists the public ones with their reasons.
"""

from django.urls import URLPattern, URLResolver, path

from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health),
]
