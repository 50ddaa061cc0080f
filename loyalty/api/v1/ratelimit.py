"""The rate limit: a sliding window of one second per key, in Redis; a refused request takes no place in it.

When Redis is away the door stays open, with a warning: a limit is not worth an outage.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings

WINDOW_MS = 1000
_log = logging.getLogger(__name__)
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - ARGV[2] * 1000)
local used = redis.call('ZCARD', KEYS[1])
if used >= tonumber(ARGV[1]) then return {0, 0} end
redis.call('ZADD', KEYS[1], now, now .. ':' .. used)
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
return {1, ARGV[1] - used - 1}
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may go on, and how many more may follow it within the window."""

    allowed: bool
    remaining: int


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25)


def take(*, key_id: int, limit: int) -> Verdict:
    """Takes one place in the key's window if there is one.

    Args:
        limit: Requests per second.
    """
    try:
        allowed, remaining = _client().eval(_SCRIPT, 1, f"encore:rate:{key_id}", limit, WINDOW_MS)
    except redis.RedisError:
        _log.warning("Redis is away: the REST rate limit is not kept", exc_info=True)
        return Verdict(allowed=True, remaining=limit)
    return Verdict(allowed=bool(allowed), remaining=int(remaining))
