"""Addresses Shopify Flow calls."""

from __future__ import annotations

from django.urls import path

from flow_extensions.actions.endpoint import receive
from flow_extensions.callbacks.trigger_lifecycle.endpoint import lifecycle

urlpatterns = [
    path("actions/<slug:handle>", receive, name="flow-action"),
    path("lifecycle", lifecycle, name="flow-lifecycle"),
]
