"""The gate of /app/: a verified session token, or no page (admin-ui.md 7)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone

from shopify_app.admin_api.errors import AdminApiError
from shopify_app.auth.policy import PREFIX, only_framed_by, plain
from shopify_app.auth.session_token import InvalidSessionToken, Merchant, merchant_of
from shopify_app.shops.operations import install
from shopify_app.shops.queries import installed_shop
from shopify_app.shops.tokens import OwnMisconfiguration, SessionTokenRefused

log = structlog.get_logger(__name__)

BOUNCE = "/auth/bounce"
RETRY_HEADER = "X-Shopify-Retry-Invalid-Session-Request"
BEARER = "Bearer "


class SessionTokenMiddleware:
    """Sets `request.shop_domain` and `request.shopify_user_id` from a verified token; listed before the CSRF check.

    A request whose token came in the header needs no CSRF token: no other site can make a browser send that header. A
    token in the query opens a document and nothing else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a vouched-for request through, send a document to the bounce page, refuse the rest."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        header = request.headers.get("Authorization", "")
        try:
            raw = _token(request, header)
            merchant = merchant_of(raw)
            if request.GET.get("shop", merchant.shop_domain) != merchant.shop_domain:
                return plain("This link is for another shop.", 403)
            _ensure_installed(merchant, raw)
        except (InvalidSessionToken, SessionTokenRefused) as refusal:
            log.info("session token refused", reason=str(refusal), path=request.path)
            return refuse(request)
        except (AdminApiError, OwnMisconfiguration) as failure:
            log.warning("shop could not be connected", reason=str(failure))
            return only_framed_by(
                plain("Shopify does not answer just now. Please reload in a moment.", 503), merchant.shop_domain
            )
        request.shop_domain = merchant.shop_domain  # type: ignore[attr-defined]  # read by the dashboard's gate
        request.shopify_user_id = merchant.user_id  # type: ignore[attr-defined]  # likewise
        if header:
            request.csrf_processing_done = True  # type: ignore[attr-defined]  # the flag CsrfViewMiddleware looks at
        return only_framed_by(self.get_response(request), merchant.shop_domain)


def refuse(request: HttpRequest) -> HttpResponse:
    """No valid token: a fetch is told to retry with a fresh one, a document goes through the bounce page."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    fetched = any(name in request.headers for name in ("Authorization", "HX-Request", "X-Requested-With"))
    if fetched or mode != "navigate":
        answer = plain("Your session has ended. Reload the page to go on.", 401)
        answer[RETRY_HEADER] = "1"
        return answer
    if request.method != "GET":
        return plain("Open Encore from the Shopify admin.", 401)
    query = request.GET.copy()
    query.pop("id_token", None)
    query.pop("shopify-reload", None)
    target = f"{settings.APP_URL}{request.path}{'?' if query else ''}{query.urlencode()}"
    return HttpResponseRedirect(f"{BOUNCE}?{urlencode([*_pairs(query), ('shopify-reload', target)])}")


def _pairs(query: QueryDict) -> list[tuple[str, str]]:
    """What the bounce page needs of the query: the shop for its policy, the host for App Bridge."""
    return [(name, str(query[name])) for name in ("shop", "host", "embedded") if name in query]


def _token(request: HttpRequest, header: str) -> str:
    if header:
        if not header.startswith(BEARER):
            raise InvalidSessionToken("no bearer token")
        return header.removeprefix(BEARER)
    raw = request.GET.get("id_token", "") if request.method == "GET" else ""
    if not raw:
        raise InvalidSessionToken("no token")
    return raw


def _ensure_installed(merchant: Merchant, raw: str) -> None:
    """Managed install: the first page load connects the shop, and so does the first one after a lost grant."""
    shop = installed_shop(merchant.shop_domain)
    if shop is None or not shop.is_connected:
        install(domain=merchant.shop_domain, id_token=raw, now=timezone.now())
