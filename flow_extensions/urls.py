"""Addresses Shopify Flow calls."""

from __future__ import annotations

from django.urls import path

from flow_extensions.actions.endpoint import receive

urlpatterns = [path("actions/<slug:handle>", receive, name="flow-action")]
