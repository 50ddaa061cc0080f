"""The bounce page: App Bridge and nothing else. It loads `shopify-reload` again, with a fresh token."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shopify_app.auth.policy import PREFIX, only_framed_by, plain
from shopify_app.shops.domains import is_shop_domain


@require_GET
def bounce(request: HttpRequest) -> HttpResponse:
    """The page, or 400 when it would load anything but a page of our own.

    The one place where `shop` is used without a token: for the policy alone, and only in the shape of a shop's domain.
    """
    target = request.GET.get("shopify-reload", "").removeprefix(settings.APP_URL)
    if not target.startswith(PREFIX) or "\\" in target:
        return plain("Open Encore from the Shopify admin.", 400)
    page = render(
        request,
        "auth/bounce.html",
        {"client_id": settings.SHOPIFY_CLIENT_ID, "app_bridge_url": settings.APP_BRIDGE_URL},
    )
    shop = request.GET.get("shop", "")
    return only_framed_by(page, shop if is_shop_domain(shop) else None)
