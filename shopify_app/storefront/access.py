"""The gate of the storefront's pages: forwarded and signed by Shopify, for a shop in which Encore is installed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope

from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member
from loyalty.members.queries import member as find_member
from loyalty.programs.languages import language_for
from loyalty.programs.models import Program
from shopify_app.auth.app_proxy import NotSigned, Visit, visit_of
from shopify_app.auth.policy import plain
from shopify_app.shops.queries import installed_shop

log = structlog.get_logger(__name__)


class StorefrontRequest(HttpRequest):
    """A request that passed the gate."""

    visit: Visit
    program: Program


def visitor_page(*allowed: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Lets a page answer what Shopify forwarded, in the programme's scope; 401 for anything else.

    No cookie of ours exists on a storefront, so there is no session that a foreign form could ride on (hence no CSRF
    token); who is logged in is what Shopify says.

    Args:
        allowed: The page's own parameters.
    """

    def gate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _guard(view, allowed, request, *args, **kwargs)

        return guarded

    return gate


def _guard(
    view: Callable[..., HttpResponse], allowed: Collection[str], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    try:
        visit = visit_of(request.META.get("QUERY_STRING", ""), now_seconds=time.time(), allowed=allowed)
    except NotSigned as reason:
        log.info("storefront request turned away", reason=str(reason), path=request.path)
        return plain("Open this page in the shop.", 401)
    shop = installed_shop(visit.shop_domain)
    if shop is None:
        return plain("This shop does not use Encore.", 401)
    request.visit, request.program = visit, shop.program  # type: ignore[attr-defined]  # StorefrontRequest
    with scope(program=shop.program), translation.override(_language(visit, shop.program)):
        return view(request, *args, **kwargs)


def _language(visit: Visit, program: Program) -> str:
    """The language of a page: the theme's where it says so, else the member's own, among the programme's; else the main one."""
    if "locale" in visit.values:
        return language_for(program.languages, visit.values["locale"][:20])
    if visit.shopify_customer_id is None:
        return program.languages[0]
    member = Member.objects.filter(shopify_customer_id=visit.shopify_customer_id).first()
    return language_for(program.languages, member.locale if member else "")


def in_the_theme(
    request: StorefrontRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Renders a page that Shopify puts into the shop's theme.

    The theme's language would be carried out where it stands in our page, a visitor's words included: it is made plain.
    """
    shell = {
        "program": request.program,
        "visit": request.visit,
        "language": translation.get_language(),
        "root": root_of(request.visit),
    }
    html = render_to_string(template, {**shell, **context})
    inert = html.replace("{{", "&#123;&#123;").replace("{%", "&#123;%")
    answer = HttpResponse(inert, status=status, content_type="application/liquid; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def fragment(
    request: StorefrontRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Renders a piece of HTML that the theme's script puts into the loyalty panel: Shopify passes it on as it is."""
    own = {
        "program": request.program,
        "language": translation.get_language(),
        "panel": f"{request.visit.path_prefix}/panel",
        "referral_page": f"{request.visit.path_prefix}/referral",
        "root": root_of(request.visit),
    }
    html = render_to_string(template, {**own, **context})
    answer = HttpResponse(html, status=status, content_type="text/html; charset=utf-8")
    answer["Cache-Control"], answer["X-Robots-Tag"] = "no-store", "noindex"
    return answer


def root_of(visit: Visit) -> str:
    """Where the shop's own pages begin, by the prefix and the name of our proxy that stand behind it: mostly nothing."""
    return visit.path_prefix.rsplit("/", 2)[0]


def member_of(request: StorefrontRequest) -> Member | None:
    """The member who is logged in to the shop; None for a visitor, or a customer who is none."""
    if request.visit.shopify_customer_id is None:
        return None
    try:
        return find_member(identifier=str(request.visit.shopify_customer_id))
    except CustomerNotFound:
        return None


def address_of(request: HttpRequest) -> str | None:
    """The visitor's network address, as Shopify forwards it: evidence at most, for anybody may claim any."""
    return request.headers.get("X-Forwarded-For", "").split(",")[0].strip() or None
