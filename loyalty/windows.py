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
# KEYS: one per window; ARGV: how many places, then limit and length in ms of each window. Answers the microseconds to wait,
# and the places left in the first.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wanted, wait, left = tonumber(ARGV[1]), 0, 0
for i, key in ipairs(KEYS) do
    local limit, span = tonumber(ARGV[2 * i]), ARGV[2 * i + 1] * 1000
    redis.call('ZREMRANGEBYSCORE', key, 0, now - span)
    local used = redis.call('ZCARD', key)
    local places = math.min(wanted, limit)
    if i == 1 then left = limit - used - places end
    if used + places > limit then
        local last = used + places - limit - 1
        local oldest = redis.call('ZRANGE', key, last, last, 'WITHSCORES')
        local free = oldest[2] and oldest[2] + span - now or span
        if free > wait then wait = free end
    end
end
if wait > 0 then return {wait, 0} end
for i, key in ipairs(KEYS) do
    for _ = 1, math.min(wanted, tonumber(ARGV[2 * i])) do
        redis.call('ZADD', key, now, now .. ':' .. redis.call('ZCARD', key))
    end
    redis.call('PEXPIRE', key, ARGV[2 * i + 1] * 2)
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
def redis_client() -> redis.Redis:
    """Returns the process's client for what may be lost: it gives up after a quarter of a second."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25)


def take(name: str, windows: Sequence[Window], *, places: int = 1) -> Verdict:
    """Takes places in every window of a name, or in none.

    Args:
        name: Whose windows they are, unique in the installation.
        windows: One or more, of different lengths.
        places: 1 or more; a window that never holds so many gives all it has.
    """
    keys = _keys(name, windows)
    numbers = [number for window in windows for number in (window.limit, window.milliseconds)]
    try:
        wait, remaining = redis_client().eval(_SCRIPT, len(keys), *keys, places, *numbers)
    except redis.RedisError:
        _log.warning("Redis is away: the limit of %s is not kept", name.partition(":")[0], exc_info=True)
        return Verdict(allowed=True, remaining=windows[0].limit)
    return Verdict(not wait, int(remaining), timedelta(microseconds=int(wait)))


def give_back(name: str, windows: Sequence[Window], *, places: int) -> None:
    """Gives places back that were taken and not used."""
    try:
        for key in _keys(name, windows):
            redis_client().zpopmax(key, places)
    except redis.RedisError:
        _log.warning("Redis is away: places of %s were not given back", name.partition(":")[0])


def _keys(name: str, windows: Sequence[Window]) -> list[str]:
    return [f"encore:rate:{name}:{window.milliseconds}" for window in windows]
