"""Omnisend's HTTP API, version 2026-03-15.

Source: marketing-platforms facts, sections 3 and 6. A live event that comes twice may send two e-mails, so one whose end
nobody saw is never repeated by itself. The limit of 400 a minute is the brand's, shared with the merchant's other apps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from loyalty.integrations.exchange import Exchange, body_of, clamped
from loyalty.integrations.http import Answer
from loyalty.integrations.omnisend import mapping
from loyalty.integrations.vendor import Api, Mirrored, Person, Properties, Told
from loyalty.windows import Window

VERSION = "2026-03-15"
MINUTE = timedelta(minutes=1)
NOT_FOUND = 404


class OmnisendClient:
    """See `loyalty.integrations.vendor.Client`."""

    def account_name(self, exchange: Exchange) -> str:
        """Tests the key and returns the brand's name."""
        answer = exchange.ask("GET", "/api/brands/current", pace="live")
        return str(body_of(answer).get("name") or "Omnisend brand")

    def tell(self, exchange: Exchange, told: Told) -> None:
        """Sends one event, with the contact's state."""
        exchange.ask("POST", "/api/events", pace="live", body=mapping.event(told), is_repeatable=False)

    def mirror(self, exchange: Exchange, person: Person, state: Properties) -> None:
        """Writes the state onto a contact; one that Omnisend does not know is made, not subscribed to anything."""
        path = f"/api/contacts?email={quote(person.email or '', safe='')}"
        with exchange.room_for(2, pace="live"):
            answer = exchange.ask("PATCH", path, pace="live", body=mapping.patch(state), also=(NOT_FOUND,))
            if answer.status == NOT_FOUND and any(value is not None for value in state.values()):
                exchange.ask("POST", "/api/contacts", pace="live", body=mapping.contact(person, state))

    def mirror_all(self, exchange: Exchange, people: Sequence[tuple[Person, Properties]]) -> Mirrored:
        """Hands a batch of contacts over; Omnisend works it in its own time."""
        exchange.ask("POST", "/api/batches", pace="batches", body=mapping.batch(people))
        return Mirrored(len(people))


def _headers(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Omnisend-API-Key {key}", "Omnisend-Version": VERSION, "Accept": "application/json"}


def _problem(answer: Answer) -> str:
    """The first field error of an answer, else its detail."""
    body = body_of(answer)
    try:
        first = body["errors"][0]
        return f"{first['field']}: {first['message']}"
    except (LookupError, TypeError):
        return str(body.get("detail") or body.get("title") or f"with {answer.status}")


def _patience(answer: Answer, _now: datetime, _in_row: int) -> timedelta:
    try:
        return clamped(float(body_of(answer)["retryAfter"]), MINUTE)
    except (LookupError, TypeError, ValueError):
        return MINUTE


API = Api(
    url="https://api.omnisend.com",
    headers=_headers,
    version=VERSION,
    windows={"live": (Window(200, 60_000),), "batches": (Window(100, 60_000),)},
    problem=_problem,
    patience=_patience,
)
