"""Addresses of the pages for developers."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from shopify_app.docs.collection import FILE, postman_collection
from shopify_app.docs.recipes import recipe
from shopify_app.docs.reference import api_reference

urlpatterns = [
    path("api", api_reference),
    path("recipes/<str:name>", recipe),
    path("openapi.json", SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[])),
    path(FILE, postman_collection),
]
