"""Every address of Encore.

A route answers to nobody by default: tests/architecture lists the public ones with their reasons.
"""

from django.urls import URLPattern, URLResolver, path

from config import health
from shopify_app.auth.bounce import bounce
from shopify_app.webhooks.views import receive

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health),
    path("auth/bounce", bounce),
    # one address per topic group, written out: an address that is not here does not exist
    path("webhooks/app", receive, {"group": "app"}),
    path("webhooks/customers", receive, {"group": "customers"}),
    path("webhooks/compliance", receive, {"group": "compliance"}),
    path("webhooks/orders", receive, {"group": "orders"}),
]
