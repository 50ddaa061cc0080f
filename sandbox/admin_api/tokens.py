"""Access tokens: exchanging a session token, refreshing, and judging the one a call brings."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sandbox.signing import verified_session_token
from sandbox.store.database import Database, Record
from sandbox.store.values import parsed_instant
from sandbox.world import World

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
ACCESS_SECONDS = 3600
ONLINE_SECONDS = 86399
REFRESH_SECONDS = 7_776_000
GRACE_SECONDS = 10


class TokenRefused(Exception):
    """The token endpoint says no; `error` is OAuth's code."""

    def __init__(self, error: str, description: str) -> None:
        """Name the code and one sentence."""
        super().__init__(description)
        self.error, self.description = error, description


def issue(world: World, store: Record, body: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Answer `POST /admin/oauth/access_token`. Raises TokenRefused with Shopify's code."""
    if (
        body.get("client_id") != world.settings.client_id
        or body.get("client_secret") not in world.settings.client_secrets
    ):
        raise TokenRefused("invalid_client", "The client credentials are not valid.")
    grant = body.get("grant_type")
    if grant == EXCHANGE:
        return _exchange(world, store, body, now=now)
    if grant == "refresh_token":
        return _refresh(world, store, str(body.get("refresh_token") or ""), now=now)
    raise TokenRefused("unsupported_grant_type", f"The grant type {grant} is not supported.")


def valid(world: World, store: Record, token: str, *, now: datetime) -> bool:
    """Judge an access token: known to this store, not expired, not revoked, app installed."""
    if not store["installed"] or store["faults"]["revoked"]:
        return False
    found = world.database.get(store["domain"], "access_token", token)
    return found is not None and parsed_instant(found["expires_at"]) > now


def revoke_all(database: Database, domain: str) -> None:
    """End every token of a store, as uninstalling does."""
    for kind in ("access_token", "refresh_token"):
        database.delete_all(domain, kind)


def age(database: Database, domain: str, *, access: bool, refresh: bool, grace: bool) -> None:
    """Let time pass for a store's tokens: end the access tokens, the refresh tokens, or the grace of used ones."""
    with database.transaction():
        for kind, wanted in (("access_token", access), ("refresh_token", refresh)):
            for record in database.list(domain, kind) if wanted else []:
                record["expires_at"] = "2000-01-01T00:00:00+00:00"
                database.put(domain, kind, record["token"], record)
        for record in database.list(domain, "refresh_token") if grace else []:
            if record["used_at"]:
                database.put(
                    domain, "refresh_token", record["token"], {**record, "used_at": "2000-01-01T00:00:00+00:00"}
                )


def _exchange(world: World, store: Record, body: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    if body.get("subject_token_type") != ID_TOKEN:
        raise TokenRefused("invalid_request", "The subject_token_type is not supported.")
    try:
        claims = verified_session_token(world.settings, str(body.get("subject_token") or ""), store["domain"])
    except ValueError as error:
        raise TokenRefused("invalid_subject_token", f"The subject token is not valid: {error}.") from error
    if not store["installed"]:
        raise TokenRefused("invalid_subject_token", "The app is not installed.")
    wanted = body.get("requested_token_type")
    if wanted == ONLINE:
        return _online(world, store, claims, now=now)
    if wanted != OFFLINE:
        raise TokenRefused("invalid_request", "The requested_token_type is not supported.")
    if str(body.get("expiring")) not in ("1", "True", "true"):
        raise TokenRefused("invalid_request", "Non-expiring offline access tokens are no longer issued.")
    with world.database.transaction():
        world.database.delete_all(store["domain"], "refresh_token")
        return _offline(world, store, now=now)


def _refresh(world: World, store: Record, token: str, *, now: datetime) -> dict[str, Any]:
    refused = TokenRefused("invalid_grant", "The refresh token is not valid, expired or was used before.")
    with world.database.transaction():
        found = world.database.get(store["domain"], "refresh_token", token)
        if (
            found is None
            or not store["installed"]
            or store["faults"]["revoked"]
            or parsed_instant(found["expires_at"]) <= now
        ):
            raise refused
        if found["used_at"]:
            if parsed_instant(found["used_at"]) + timedelta(seconds=GRACE_SECONDS) < now:
                raise refused
            return dict(found["answer"])
        answer = _offline(world, store, now=now)
        found.update(used_at=now.isoformat(), answer=answer)
        world.database.put(store["domain"], "refresh_token", token, found)
        return answer


def _offline(world: World, store: Record, *, now: datetime) -> dict[str, Any]:
    access, refresh = f"shpat_{secrets.token_hex(16)}", f"shprt_{secrets.token_hex(16)}"
    _keep(world.database, store, "access_token", access, now + timedelta(seconds=ACCESS_SECONDS))
    _keep(world.database, store, "refresh_token", refresh, now + timedelta(seconds=REFRESH_SECONDS))
    return {
        "access_token": access,
        "scope": _scope(world, store),
        "expires_in": ACCESS_SECONDS,
        "refresh_token": refresh,
        "refresh_token_expires_in": REFRESH_SECONDS,
    }


def _online(world: World, store: Record, claims: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    access = f"shpua_{secrets.token_hex(16)}"
    _keep(world.database, store, "access_token", access, now + timedelta(seconds=ONLINE_SECONDS))
    user = {
        "id": int(claims["sub"]),
        "first_name": "Sandbox",
        "last_name": "Owner",
        "email": store["email"],
        "account_owner": True,
    }
    user |= {"locale": "en", "collaborator": False, "email_verified": True}
    scope = _scope(world, store)
    return {
        "access_token": access,
        "scope": scope,
        "expires_in": ONLINE_SECONDS,
        "associated_user_scope": scope,
        "associated_user": user,
    }


def _scope(world: World, store: Record) -> str:
    return ",".join([*world.app.scopes, *(store["optional_scopes"] or [])])


def _keep(database: Database, store: Record, kind: str, token: str, expires: datetime) -> None:
    body = {"token": token, "expires_at": expires.isoformat(), "used_at": None, "answer": None}
    database.put(store["domain"], kind, token, body)
