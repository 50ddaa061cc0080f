"""Attentive's HTTP API, v1.

Source: marketing-platforms facts, section 10, and Attentive's published reference: 150 calls a second per key and endpoint,
and after a 429 no word of how long to wait, but advice to wait ever longer and not to the beat. That an event which comes
twice is dropped by its id is promised nowhere, so one whose end nobody saw is never repeated by itself. Nothing here
subscribes, opts out or deletes anybody. The bulk endpoint (v2, in beta) is left alone: it wants the right to subscribe people.

Unverified: confirm against the live API:
- the body of a refusal: only a deletion's is published (`error`), so whatever was said is shown;
- what is answered about somebody Attentive does not know; the reference says they need not be subscribed;
- what is answered for an event type that another app of the merchant's sent first, for it belongs to that app. A 403 would
  read as a key without rights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from loyalty.integrations.attentive import mapping
from loyalty.integrations.exchange import Exchange, body_of, doubling
from loyalty.integrations.http import Answer
from loyalty.integrations.mirroring import one_by_one
from loyalty.integrations.vendor import Api, Mirrored, Person, Properties, Told
from loyalty.windows import Window

EVENTS = "/v1/events/custom"
ATTRIBUTES = "/v1/attributes/custom"


class AttentiveClient:
    """See `loyalty.integrations.vendor.Client`."""

    def account_name(self, exchange: Exchange) -> str:
        """Tests the key and returns the company's name."""
        answer = exchange.ask("GET", "/v1/me", pace="live")
        return str(body_of(answer).get("companyName") or "Attentive company")

    def tell(self, exchange: Exchange, told: Told) -> None:
        """Sends one event, after the state: a message it starts shows the new balance."""
        with exchange.room_for(2, pace="live"):
            if told.state is not None:
                self.mirror(exchange, told.person, told.state)
            exchange.ask("POST", EVENTS, pace="live", body=mapping.event(told), is_repeatable=False)

    def mirror(self, exchange: Exchange, person: Person, state: Properties) -> None:
        """Writes the state as custom attributes."""
        exchange.ask("POST", ATTRIBUTES, pace="live", body=mapping.attributes(person, state))

    def mirror_all(self, exchange: Exchange, people: Sequence[tuple[Person, Properties]]) -> Mirrored:
        """Writes one by one, at the back-fill's pace."""

        def write(person: Person, state: Properties) -> None:
            exchange.ask("POST", ATTRIBUTES, pace="back_fill", body=mapping.attributes(person, state))

        return one_by_one(people, write)


def _headers(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {key}", "Accept": "application/json"}


def _problem(answer: Answer) -> str:
    body = body_of(answer)
    return str(body.get("message") or body.get("error") or answer.text[:200] or f"with {answer.status}")


def _patience(_answer: Answer, _now: datetime, in_row: int) -> timedelta:
    return doubling(in_row)


# Half of an endpoint's limit for what is live, a quarter for the back-fill: both of them at once still leave room.
API = Api(
    url="https://api.attentivemobile.com",
    headers=_headers,
    version="v1",
    windows={"live": (Window(75, 1000),), "back_fill": (Window(37, 1000),)},
    problem=_problem,
    patience=_patience,
)
