"""Which language the admin speaks: the one Shopify's admin is in, else the one the browser asks for.

Shopify names its own on the first load (`locale`), and App Bridge sends it with every fetch as `Accept-Language`
(admin-ui facts, sections 6 and 8). So nothing is remembered: no cookie in the frame, no setting to forget.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

PREFIXES = ("/app/", "/standalone/")
"""The pages for people. Everything else answers in English, to the letter, whoever asks."""


def language_of(request: HttpRequest) -> str:
    """Returns one of `settings.LANGUAGES`: what Shopify said, what the browser prefers, or English."""
    named = request.GET.get("locale", "")
    try:
        return translation.get_supported_language_variant(named)
    except LookupError:
        return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Speaks the caller's language for the length of one request to the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language found, and say which it is."""
        if not request.path.startswith(PREFIXES):
            return self.get_response(request)
        language = language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def direction() -> str:
    """Returns `rtl` or `ltr`: how the language spoken now runs."""
    return "rtl" if translation.get_language_bidi() else "ltr"


def spoken() -> str:
    """Returns the code of the language spoken now, for `lang` of a page."""
    return translation.get_language() or settings.LANGUAGE_CODE
