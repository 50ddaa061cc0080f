"""Session tokens: decoded by Shopify's own package, with the checks it leaves out (shopify.md 4 and 13.2, ADR 0005)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from django.conf import settings
from shopify import session_token

from shopify_app.shops.domains import is_shop_domain

ALSO_REQUIRED = ("exp", "nbf", "aud")  # `decode_from_header` requires iss, dest, sub, jti and sid


class InvalidSessionToken(Exception):
    """The token proves nothing. The reason is for logs and tests, not for the caller."""


@dataclass(frozen=True)
class Merchant:
    """Whom a session token vouches for: a user of a shop's admin."""

    shop_domain: str
    user_id: str


def merchant_of(raw: str) -> Merchant:
    """Verify a session token with the current secret, then with the one being retired.

    Raises:
        InvalidSessionToken: wrong signature, algorithm, audience or time; a missing claim; not a shop; two shops.
    """
    claims = _decoded(raw)
    missing = [name for name in ALSO_REQUIRED if claims.get(name) is None]
    if missing:
        raise InvalidSessionToken(f"no {missing[0]}")
    shop = _host(claims["dest"])
    if shop != _host(claims["iss"]):
        raise InvalidSessionToken("issuer and destination differ")
    return Merchant(shop_domain=shop, user_id=str(claims["sub"]))


def _decoded(raw: str) -> dict[str, Any]:
    for secret in settings.SHOPIFY_CLIENT_SECRETS:
        try:
            claims: dict[str, Any] = session_token.decode_from_header(
                f"{session_token.PREFIX}{raw}", settings.SHOPIFY_CLIENT_ID, secret
            )
        except session_token.SessionTokenError as error:
            if isinstance(error.__cause__, jwt.InvalidSignatureError):
                continue
            raise InvalidSessionToken(str(error)) from error
        except (TypeError, ValueError, AttributeError) as error:  # it stumbles over claims that are no text
            raise InvalidSessionToken("a claim has the wrong type") from error
        return claims
    raise InvalidSessionToken("no secret of ours made this signature")


def _host(claim: object) -> str:
    """The whole network location of an https address that is a shop."""
    if not isinstance(claim, str):
        raise InvalidSessionToken("a claim has the wrong type")
    try:
        parts = urlsplit(claim)
    except ValueError as error:
        raise InvalidSessionToken("no address") from error
    host = parts.netloc.lower()
    if parts.scheme != "https" or not is_shop_domain(host):
        raise InvalidSessionToken("not a shop")
    return host
