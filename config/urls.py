"""Every address of Encore.

A route answers to nobody by default: tests/architecture lists the public ones with their reasons.
"""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import health
from shopify_app.auth.bounce import bounce
from shopify_app.dashboard import urls as dashboard
from shopify_app.dashboard.exports import export_file
from shopify_app.dashboard.front_door import front_door
from shopify_app.storefront.unsubscribe import unsubscribe
from shopify_app.webhooks.views import receive

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health),
    path("auth/bounce", bounce),
    path("flow/", include("flow_extensions.urls")),
    path("v1/", include("loyalty.api.v1.urls")),
    path("", front_door),
    path("app/", include(dashboard.embedded, namespace="embedded")),
    path("exports/<str:token>", export_file, name="export_file"),  # a download carries no session token
    path("docs/", include("shopify_app.docs.urls")),
    # one address per topic group, written out: an address that is not here does not exist
    path("webhooks/app", receive, {"group": "app"}),
    path("webhooks/customers", receive, {"group": "customers"}),
    path("webhooks/compliance", receive, {"group": "compliance"}),
    path("webhooks/orders", receive, {"group": "orders"}),
    path("emails/unsubscribe/<str:token>", unsubscribe, name="unsubscribe"),
    path("proxy/", include("shopify_app.storefront.urls")),
]
if settings.ENCORE_STANDALONE:
    urlpatterns.append(path("standalone/", include(dashboard.standalone, namespace="standalone")))
