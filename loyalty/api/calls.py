"""The newest REST calls of a programme with request and answer, for whoever builds against the API.

A help for looking, not a record of what happened: it lives in Redis, encrypted, as one short list per programme that ends by
itself, and when Redis is away nothing is written down. Secrets are masked when a call is read. The ledger and the deliveries
are what proves things.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import redis

from loyalty.encryption import box
from loyalty.outbox.masking import masked, masked_text
from loyalty.windows import redis_client

_log = logging.getLogger(__name__)
KEPT = 500
"""Calls of one programme."""
LIFE = timedelta(days=3)
LONGEST = 16_384
"""Characters of a request or an answer that are kept; what is cut says so."""
CUT = "… (cut)"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what came, what was answered, and how long it took in milliseconds. `key_prefix` names the API key."""

    id: str
    at: str
    method: str
    path: str
    status: int
    milliseconds: int
    key_prefix: str
    request_id: str
    idempotency_key: str
    is_dry_run: bool
    request: str
    answer: str

    @property
    def happened_at(self) -> datetime:
        """When the call came in."""
        return datetime.fromisoformat(self.at)

    @property
    def error_code(self) -> str:
        """The code of the refusal that was answered; empty for a success."""
        try:
            return str(json.loads(self.answer)["errors"][0]["code"])
        except (ValueError, KeyError, IndexError, TypeError):
            return ""


def _key(program_id: int) -> str:
    return f"encore:calls:{program_id}"


def record(*, program_id: int, at: datetime, request: bytes, answer: Any, **about: Any) -> None:
    """Writes one call down; never in the way of the call itself.

    Args:
        request: The body as it came.
        answer: What was answered, as values of JSON.
        about: The other fields of `Call`, but its id.
    """
    call = Call(
        id=secrets.token_hex(8),
        at=at.isoformat(),
        request=_short(request.decode("utf-8", "replace")),
        answer=_short(json.dumps(answer, ensure_ascii=False, default=str)) if answer is not None else "",
        **about,
    )
    try:
        with redis_client().pipeline(transaction=False) as pipe:
            pipe.lpush(_key(program_id), box().encrypt(json.dumps(asdict(call)).encode()))
            pipe.ltrim(_key(program_id), 0, KEPT - 1)
            pipe.expire(_key(program_id), LIFE)
            pipe.execute()
    except redis.RedisError:
        _log.warning("Redis is away: a REST call was not written down")


def newest(*, program_id: int) -> list[Call]:
    """Returns the calls that are kept, newest first, secrets masked; none while Redis is away."""
    try:
        found: list[bytes] = redis_client().lrange(_key(program_id), 0, KEPT - 1)  # type: ignore[assignment]  # no promise here
    except redis.RedisError:
        return []
    return [_shown(json.loads(box().decrypt(each))) for each in found]


def forget(*, program_id: int) -> None:
    """Drops the list of a programme: somebody in it asked to be forgotten.

    Raises:
        redis.RedisError: It could not be dropped; whoever asked tries again.
    """
    redis_client().delete(_key(program_id))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + CUT


def _shown(kept: dict[str, Any]) -> Call:
    return Call(**{**kept, "request": _masked(kept["request"]), "answer": _masked(kept["answer"])})


def _masked(text: str) -> str:
    try:
        return json.dumps(masked(json.loads(text)), ensure_ascii=False)
    except ValueError:
        return masked_text(text)
