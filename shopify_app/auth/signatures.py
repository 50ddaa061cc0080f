"""HMAC over a raw body: webhooks and Flow actions (shopify.md 6.2)."""

import base64
import hashlib
import hmac

from django.conf import settings

HEADER = "X-Shopify-Hmac-Sha256"


def body_is_signed(raw_body: bytes, header: str | None) -> bool:
    """Whether Shopify signed these bytes with our current secret or the one being retired.

    Compared as bytes in constant time; a header with other characters than ASCII is merely wrong. The HMAC covers no
    header: topic and shop domain are to be checked against the body.
    """
    given = (header or "").encode("utf-8", "surrogateescape")
    return any(hmac.compare_digest(signature_of(raw_body, secret), given) for secret in settings.SHOPIFY_CLIENT_SECRETS)


def signature_of(raw_body: bytes, secret: str) -> bytes:
    """The header's value for a body: base64 of HMAC-SHA256."""
    return base64.b64encode(hmac.new(secret.encode(), raw_body, hashlib.sha256).digest())
