"""What Shopify signs: request bodies, admin queries and session tokens."""

import base64
import hashlib
import hmac
import uuid
from typing import Any
from urllib.parse import urlencode

import jwt

from sandbox.settings import Settings

LIFETIME_SECONDS = 60
LEEWAY_SECONDS = 10
REQUIRED_CLAIMS = ["exp", "nbf", "aud", "iss", "dest", "sub"]


def body_hmac(body: bytes, secret: str) -> str:
    """Sign a raw body: base64 of HMAC-SHA256, for webhooks and Flow."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def signed_query(parameters: dict[str, str], secret: str) -> str:
    """Write the query of an admin link, with `hmac` (hex) over the other parameters, sorted."""
    message = urlencode(sorted(parameters.items()))
    return urlencode({**parameters, "hmac": hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()})


def proxy_signature(pairs: list[tuple[str, str]], secret: str) -> str:
    """Sign an app proxy's query: hex of HMAC-SHA256 over `key=value`, repeated values joined by a comma, sorted, unseparated."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    message = "".join(f"{name}={','.join(grouped[name])}" for name in sorted(grouped))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def session_token(settings: Settings, domain: str, *, now: int, changes: dict[str, Any] | None = None) -> str:
    """Mint a session token as App Bridge gives it; `changes` overrides claims, for tokens that must be refused."""
    claims: dict[str, Any] = {
        "iss": f"https://{domain}/admin",
        "dest": f"https://{domain}",
        "aud": settings.client_id,
        "sub": "42",
        "exp": now + LIFETIME_SECONDS,
        "nbf": now,
        "iat": now,
        "jti": str(uuid.uuid4()),
        "sid": uuid.uuid4().hex,
    }
    return jwt.encode({**claims, **(changes or {})}, settings.client_secrets[0], algorithm="HS256")


def verified_session_token(settings: Settings, token: str, domain: str) -> dict[str, Any]:
    """Check a session token for a store. Raises ValueError when Shopify would answer invalid_subject_token."""
    for secret in settings.client_secrets:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                audience=settings.client_id,
                leeway=LEEWAY_SECONDS,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.PyJWTError as error:
            raise ValueError(str(error)) from error
        if claims["dest"] != f"https://{domain}" or claims["iss"] != f"https://{domain}/admin":
            raise ValueError("the token belongs to another store")
        return claims
    raise ValueError("signature verification failed")
