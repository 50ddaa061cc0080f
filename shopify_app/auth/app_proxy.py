"""The app proxy's signature: a shop's storefront forwards a request, and Shopify vouches for its query (shopify.md 10).

The signed text has no separators, so characters can move between parameters without changing the signature. Hence what
decides is checked one by one: no duplicates, digits only, and nothing but the parameters a page names.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings

from shopify_app.shops.domains import is_shop_domain

TOLERANCE_SECONDS = 90
OURS = ("shop", "path_prefix", "timestamp", "logged_in_customer_id", "signature")
PATH = re.compile(r"(/[A-Za-z0-9_-]+)+")


class NotSigned(Exception):
    """The request was not forwarded by Shopify just now. The text is for logs and tests."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What Shopify vouches for: the shop, who is logged in (None: nobody), and where our pages stand in the shop.

    `values` are the visitor's own parameters: signed as they came, and still the visitor's words.
    """

    shop_domain: str
    shopify_customer_id: int | None
    path_prefix: str
    values: Mapping[str, str]


def visit_of(query: str, *, now_seconds: float, allowed: Collection[str]) -> Visit:
    """Returns what a forwarded request's raw query tells.

    Args:
        query: As it came, percent-encoded.
        now_seconds: Unix time; 90 s of difference are tolerated.
        allowed: Names of the visitor's own parameters; any other is a refusal.

    Raises:
        NotSigned: Wrong signature, old, ambiguous, or with a parameter nobody asked for.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=50)
    except ValueError:
        raise NotSigned("unreadable") from None
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or not set(names) <= {*OURS, *allowed}:
        raise NotSigned("a parameter is unknown or comes twice")
    found = dict(pairs)
    if not _is_signed(pairs, found.get("signature", "")):
        raise NotSigned("wrong signature")
    stamp, customer = found.get("timestamp", ""), found.get("logged_in_customer_id", "")
    if not re.fullmatch(r"[0-9]{1,12}", stamp) or abs(now_seconds - int(stamp)) > TOLERANCE_SECONDS:
        raise NotSigned("too old")
    if not re.fullmatch(r"[0-9]{0,18}", customer) or not is_shop_domain(found.get("shop", "")):
        raise NotSigned("no shop, or no customer")
    prefix = found.get("path_prefix", "")
    if not PATH.fullmatch(prefix):
        raise NotSigned("no path")
    own = {name: value for name, value in found.items() if name not in OURS}
    return Visit(found["shop"].lower(), int(customer) if customer else None, prefix, own)


def signature_of(pairs: list[tuple[str, str]], secret: str) -> str:
    """The signature over a query's decoded pairs: each `key=value`, repeated values joined by a comma, sorted by key."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        if name != "signature":
            grouped.setdefault(name, []).append(value)
    message = "".join(f"{name}={','.join(grouped[name])}" for name in sorted(grouped))
    return hmac.new(secret.encode(), message.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _is_signed(pairs: list[tuple[str, str]], given: str) -> bool:
    as_bytes = given.encode("utf-8", "surrogatepass")
    secrets = settings.SHOPIFY_CLIENT_SECRETS
    return any(hmac.compare_digest(signature_of(pairs, secret).encode(), as_bytes) for secret in secrets)
