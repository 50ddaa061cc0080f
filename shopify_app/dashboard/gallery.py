"""Every element in every state on one page: what the stand-in's tests open, and what a designer looks at."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved, show


@require_http_methods(["GET", "POST"])
@page
def gallery(request: AdminRequest) -> HttpResponse:
    """Shows the elements; a POST stores nothing and says which fields arrived."""
    if request.method == "POST":
        names = sorted(name for name in {*request.POST, *request.FILES} if name != "csrfmiddlewaretoken")
        return saved(request, link(request, "gallery"), f"Received: {', '.join(names)}.")
    return show(request, "dashboard/gallery.html", {"heading": "Element gallery"})
