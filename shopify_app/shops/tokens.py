"""The token endpoint of a shop: exchange of a session token, and refresh (shopify.md 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import NothingSent, UnknownOutcome
from shopify_app.admin_api.transport import HttpAnswer, post

LONGEST_SECONDS = 12.0  # for one answer of the token endpoint, whoever waits for it
PATH = "/admin/oauth/access_token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105  # the name of a kind of token, no token
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


class SessionTokenRefused(Exception):
    """Shopify does not take the session token: it is too old, or not of this shop. A fresh one helps."""


class GrantEnded(Exception):
    """The refresh token is spent, revoked or 90 days old. Only the merchant, by opening the app, gives a new one."""


class OwnMisconfiguration(Exception):
    """Shopify does not know our client id and secret. Says nothing about the shop."""


@dataclass(frozen=True)
class Tokens:
    """What the endpoint gives: an offline access token and the token that renews it, with their ends."""

    access_token: str
    access_token_expires_at: datetime | None
    refresh_token: str | None
    refresh_token_expires_at: datetime | None
    scopes: str


def exchange(shop_domain: str, id_token: str, *, now: datetime) -> Tokens:
    """Turn a session token into an expiring offline access token.

    Raises:
        SessionTokenRefused, OwnMisconfiguration: see there.
        NothingSent, UnknownOutcome: Shopify is not to be reached; the shop is none the worse.
    """
    answer = _ask(
        shop_domain,
        {
            "grant_type": EXCHANGE,
            "subject_token": id_token,
            "subject_token_type": ID_TOKEN,
            "requested_token_type": OFFLINE,
            "expiring": 1,
        },
    )
    if answer.status in (400, 401):
        raise SessionTokenRefused(_error(answer))
    return _tokens(answer, now)


def refresh(shop_domain: str, refresh_token: str, *, now: datetime) -> Tokens:
    """Turn a refresh token into a new pair. The old one is spent by it.

    Raises:
        GrantEnded, OwnMisconfiguration: see there.
        NothingSent, UnknownOutcome: Shopify is not to be reached; the shop is none the worse.
    """
    answer = _ask(shop_domain, {"grant_type": "refresh_token", "refresh_token": refresh_token})
    if answer.status in (400, 401):
        raise GrantEnded(_error(answer))
    return _tokens(answer, now)


def _ask(shop_domain: str, body: Mapping[str, Any]) -> HttpAnswer:
    keys = {"client_id": settings.SHOPIFY_CLIENT_ID, "client_secret": settings.SHOPIFY_CLIENT_SECRETS[0]}
    answer = post(shop_domain, PATH, {**keys, **body}, {}, deadline=Deadline.after(LONGEST_SECONDS))
    if answer.status in (400, 401) and _error(answer) == "invalid_client":
        raise OwnMisconfiguration("Shopify does not know our client id and secret")
    if answer.status in (429, 430):
        raise NothingSent("Shopify asks to wait before giving tokens")
    return answer


def _tokens(answer: HttpAnswer, now: datetime) -> Tokens:
    if answer.status != 200 or not isinstance(answer.body, dict) or not answer.body.get("access_token"):
        raise UnknownOutcome(f"Shopify's token endpoint answered {answer.status}")
    body = answer.body

    def end(name: str) -> datetime | None:
        return now + timedelta(seconds=int(body[name])) if body.get(name) is not None else None

    return Tokens(
        access_token=str(body["access_token"]),
        access_token_expires_at=end("expires_in"),
        refresh_token=body.get("refresh_token"),
        refresh_token_expires_at=end("refresh_token_expires_in"),
        scopes=str(body.get("scope") or ""),
    )


def _error(answer: HttpAnswer) -> str:
    return str(answer.body.get("error", "")) if isinstance(answer.body, dict) else ""
