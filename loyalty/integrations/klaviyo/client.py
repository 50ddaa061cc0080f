"""Klaviyo's HTTP API, revision 2026-10-15.

Source: marketing-platforms facts, sections 2 and 6. Events are dropped by `unique_id` when they come twice, so an event whose
answer was lost is simply sent again. A private key may use half of each limit: the rest is for the account's other tools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from loyalty.integrations.exchange import Exchange, body_of, retry_after
from loyalty.integrations.http import Answer
from loyalty.integrations.klaviyo import mapping
from loyalty.integrations.vendor import Api, Mirrored, Person, Properties, Told
from loyalty.windows import Window

REVISION = "2026-10-15"
MEDIA_TYPE = "application/vnd.api+json"
MINUTE = timedelta(minutes=1)


class KlaviyoClient:
    """See `loyalty.integrations.vendor.Client`."""

    def account_name(self, exchange: Exchange) -> str:
        """Tests the key and returns the organisation's name."""
        answer = exchange.ask("GET", "/api/accounts", pace="accounts")
        try:
            name = body_of(answer)["data"][0]["attributes"]["contact_information"]["organization_name"]
        except (LookupError, TypeError):
            return "Klaviyo account"
        return str(name)

    def tell(self, exchange: Exchange, told: Told) -> None:
        """Sends one event, with the member's state."""
        exchange.ask("POST", "/api/events", pace="events", body=mapping.event(told))

    def mirror(self, exchange: Exchange, person: Person, state: Properties) -> None:
        """Creates or updates one profile."""
        exchange.ask("POST", "/api/profile-import", pace="profiles", body=mapping.profile(person, state))

    def mirror_all(self, exchange: Exchange, people: Sequence[tuple[Person, Properties]]) -> Mirrored:
        """Hands a bulk import over; Klaviyo works it in its own time."""
        exchange.ask("POST", "/api/profile-bulk-import-jobs", pace="imports", body=mapping.import_job(people))
        return Mirrored(len(people))


def _headers(key: str) -> Mapping[str, str]:
    return {
        "Authorization": f"Klaviyo-API-Key {key}", "revision": REVISION, "Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE,
    }  # fmt: skip


def _problem(answer: Answer) -> str:
    """The first error of an answer in one sentence, with the field it points at."""
    try:
        problem = body_of(answer)["errors"][0]
        source = problem.get("source") or {}
        return (
            f"{problem.get('detail') or problem.get('title')} {source.get('pointer') or source.get('parameter') or ''}"
        )
    except (LookupError, TypeError, AttributeError):
        return f"with {answer.status}"


def _patience(answer: Answer, now: datetime, _in_row: int) -> timedelta:
    return retry_after(answer, now, MINUTE)


API = Api(
    url="https://a.klaviyo.com",
    headers=_headers,
    version=REVISION,
    windows={
        "accounts": (Window(5, 1000),),
        "events": (Window(175, 1000), Window(1750, 60_000)),
        "profiles": (Window(37, 1000), Window(350, 60_000)),
        "imports": (Window(2, 1000), Window(37, 60_000)),
    },
    problem=_problem,
    patience=_patience,
)
