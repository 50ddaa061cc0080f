"""Every route of the URLconf, and what guards it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Routes that answer anybody, each with its reason. A new one is a decision, so it fails the suite until it is listed.
PUBLIC = {
    "": "the demo's front door; in production it only forwards to the embedded app",
    "health": "load balancers ask it; it says ok or unavailable and nothing else",
    "auth/bounce": "the page that fetches a session token: it holds App Bridge and our client id",
    "docs/api": "the reference is for anybody who may write an integration",
    "docs/openapi.json": "the same, for machines",
    "docs/encore.postman_collection.json": "the same, for Postman and Bruno",
    "docs/recipes/<str:name>": "the same, job by job",
    "emails/unsubscribe/<str:token>": "a link in an email: the signed token is all it needs, and ends that member's emails",
    "standalone/login/": "the login itself",
    "standalone/logout/": "ends the caller's own session and nothing else",
}
# What a refusal looks like, by the address a route begins with.
GUARDS = {
    "app/": "session token",
    "standalone/": "Django login",
    "v1/": "API key",
    "flow/": "HMAC over the body",
    "webhooks/": "HMAC over the body",
    "proxy/": "HMAC over the query",
    "exports/": "signed address, good for a minute",
}
ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    """One address, with its arguments unfilled."""

    pattern: str

    @property
    def guard(self) -> str | None:
        """What guards it; None for a public one, and for one that nobody has decided about."""
        return next((guard for start, guard in GUARDS.items() if self.pattern.startswith(start)), None)

    @property
    def arguments(self) -> list[str]:
        """The names of its arguments."""
        return [found["name"] for found in ARGUMENT.finditer(self.pattern)]

    def path(self, **values: Any) -> str:
        """The address with its arguments filled in; what is not given becomes 1 or `x1`."""

        def fill(found: re.Match[str]) -> str:
            return str(values.get(found["name"], "1" if found["converter"] == "int" else "x1"))

        return "/" + ARGUMENT.sub(fill, self.pattern)


@cache
def routes() -> list[Route]:
    """All routes, in the URLconf's order. A catch-all counts as one route with a made-up rest."""
    return [Route(pattern) for pattern in _walk(get_resolver())]


def _walk(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for each in resolver.url_patterns:
        own = str(each.pattern).replace("^.*$", "no-such-address")
        if isinstance(each, URLPattern):
            found.append(prefix + own)
        else:
            found += _walk(each, prefix + own)
    return found
