"""Sliding windows in Redis: at most so many within so long, counted over every process.

A refused attempt takes no place. When Redis is away the way is open, with a warning: a limit is not worth an outage.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import redis
from django.conf import settings

_log = logging.getLogger(__name__)
# KEYS: one per window; ARGV: limit and length in ms of each. Answers the microseconds to wait, and the places left in the first.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wait, left = 0, 0
for i, key in ipairs(KEYS) do
    local limit, span = tonumber(ARGV[2 * i - 1]), ARGV[2 * i] * 1000
    redis.call('ZREMRANGEBYSCORE', key, 0, now - span)
    local used = redis.call('ZCARD', key)
    if i == 1 then left = limit - used - 1 end
    if used >= limit then
        local oldest = redis.call('ZRANGE', key, used - limit, used - limit, 'WITHSCORES')
        local free = oldest[2] and oldest[2] + span - now or span
        if free > wait then wait = free end
    end
end
if wait > 0 then return {wait, 0} end
for i, key in ipairs(KEYS) do
    redis.call('ZADD', key, now, now .. ':' .. redis.call('ZCARD', key))
    redis.call('PEXPIRE', key, ARGV[2 * i] * 2)
end
return {0, left}
"""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` (1 or more) within `milliseconds`, however they are spread."""

    limit: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether there was a place; how many are left in the first window, and how long until there is one again."""

    allowed: bool
    remaining: int
    wait: timedelta = timedelta(0)


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25)


def take(name: str, windows: Sequence[Window]) -> Verdict:
    """Takes a place in every window of a name, or in none.

    Args:
        name: Whose windows they are, unique in the installation.
        windows: One or more, of different lengths.
    """
    keys = [f"encore:rate:{name}:{window.milliseconds}" for window in windows]
    numbers = [number for window in windows for number in (window.limit, window.milliseconds)]
    try:
        wait, remaining = _client().eval(_SCRIPT, len(keys), *keys, *numbers)
    except redis.RedisError:
        _log.warning("Redis is away: the limit of %s is not kept", name.partition(":")[0], exc_info=True)
        return Verdict(allowed=True, remaining=windows[0].limit)
    return Verdict(not wait, int(remaining), timedelta(microseconds=int(wait)))
