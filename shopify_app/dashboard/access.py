"""Who may see a page: the one gate of the admin. It turns a verified request into a programme and opens its scope.

Embedded, the shop comes from the session token (`shopify_app.auth` has verified it and set `request.shop_domain`);
standalone, from the Django login. Nothing in a request chooses between the two but its address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect
from django_scopes import scope

from loyalty.programs.models import Program
from shopify_app.dashboard.models import StandaloneLogin


class AdminRequest(HttpRequest):
    """A request that passed the gate."""

    program: Program
    actor: str


View = Callable[..., HttpResponse]


def is_embedded(request: HttpRequest) -> bool:
    """Whether the page runs inside the Shopify admin: judged by its address alone."""
    return request.path.startswith("/app/")


def program_of(request: HttpRequest) -> Program | None:
    """The programme the caller may see, or None when nobody vouches for the request."""
    if is_embedded(request):
        domain = getattr(request, "shop_domain", None)
        return Program.objects.filter(shopify_domain=domain).first() if domain else None
    if not request.user.is_authenticated:
        return None
    login = StandaloneLogin.objects.select_related("program").filter(user=request.user).first()
    return login.program if login else None


def page(view: View) -> View:
    """Lets only known callers through; the view runs with `request.program` set and its scope open."""

    @wraps(view)
    def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        program = program_of(request)
        if program is None:
            return _turned_away(request)
        admitted = cast(AdminRequest, request)
        admitted.program = program
        admitted.actor = f"shopify:{request.shopify_user_id}" if is_embedded(request) else str(request.user)  # type: ignore[attr-defined]  # set by the session-token middleware
        with scope(program=program):
            return view(admitted, *args, **kwargs)

    return gated


def _turned_away(request: HttpRequest) -> HttpResponse:
    """The login for standalone callers; a plain 403 for a shop without a programme."""
    if is_embedded(request) or request.user.is_authenticated:
        return render(request, "dashboard/no_program.html", status=403)
    target = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(target)
    return HttpResponseRedirect(target)
