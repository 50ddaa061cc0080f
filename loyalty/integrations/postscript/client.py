"""Postscript's HTTP API, v2.

Source: marketing-platforms facts, sections 4 and 6. Somebody is found first and their number kept, so that no phone number
is ever needed; who is no subscriber is left alone. Events are not known to be dropped when they come twice: one whose end
nobody saw is never repeated by itself. Nothing here subscribes, unsubscribes or redacts anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from loyalty.integrations import people as known
from loyalty.integrations.exchange import Ended, Exchange, body_of, doubling
from loyalty.integrations.http import Answer
from loyalty.integrations.mirroring import one_by_one
from loyalty.integrations.postscript import mapping
from loyalty.integrations.vendor import Api, Mirrored, Person, Properties, Told
from loyalty.outbox.ports import Skipped
from loyalty.windows import Window

SLUG = "postscript"
NOT_FOUND = 404
LOOKUPS = 2
"""Calls it may take to find somebody."""


class PostscriptClient:
    """See `loyalty.integrations.vendor.Client`."""

    def account_name(self, exchange: Exchange) -> str:
        """Tests the key and returns the shop's name."""
        answer = exchange.ask("GET", "/api/v2/me", pace="live")
        return str(body_of(answer).get("resource_name") or "Postscript shop")

    def tell(self, exchange: Exchange, told: Told) -> None:
        """Sends one event, after the state: a message it starts shows the new balance."""
        kept = self._kept(exchange, told.person)
        with exchange.room_for(LOOKUPS * (not kept) + 2, pace="live"):
            number = kept or self._found(exchange, told.person)
            if told.state is not None:
                self._write(exchange, told.person, number, told.state, pace="live")
            body = mapping.event(told, subscriber_id=number)
            answer = exchange.ask(
                "POST", "/api/v2/events", pace="live", body=body, is_repeatable=False, also=(NOT_FOUND,)
            )
            self._sure(exchange, told.person, answer)

    def mirror(self, exchange: Exchange, person: Person, state: Properties) -> None:
        """Writes the state onto a subscriber."""
        kept = self._kept(exchange, person)
        with exchange.room_for(LOOKUPS * (not kept) + 1, pace="live"):
            self._write(exchange, person, kept or self._found(exchange, person), state, pace="live")

    def mirror_all(self, exchange: Exchange, people: Sequence[tuple[Person, Properties]]) -> Mirrored:
        """Finds everybody in one call, then writes one by one: Postscript has no bulk endpoint."""
        numbers = self._numbers(exchange, [person for person, _ in people])

        def write(person: Person, state: Properties) -> None:
            number = numbers.get(person.member_id or 0)
            if not number:
                raise Ended(Skipped(error="Not a subscriber"))
            self._write(exchange, person, number, state, pace="back_fill")

        return one_by_one(people, write)

    def _write(self, exchange: Exchange, person: Person, number: str, state: Properties, *, pace: str) -> None:
        path = f"/api/v2/subscribers/{quote(number, safe='')}"
        body = mapping.patch(state)
        self._sure(exchange, person, exchange.ask("PATCH", path, pace=pace, body=body, also=(NOT_FOUND,)))

    def _sure(self, exchange: Exchange, person: Person, answer: Answer) -> None:
        """Forgets the number of somebody Postscript no longer knows."""
        if answer.status == NOT_FOUND:
            self._remember(exchange, {person.member_id: ""})
            raise Ended(Skipped(error="Not a subscriber", status=NOT_FOUND, response=answer.text))

    def _kept(self, exchange: Exchange, person: Person) -> str | None:
        """The subscriber's number as it was found before; None when nobody has looked, or not for a day."""
        kept = known.remembered(vendor=SLUG, member_ids=[person.member_id or 0], now=exchange.now)
        number = kept.get(person.member_id or 0)
        if number == "":
            raise Ended(Skipped(error="Not a subscriber"))
        return number

    def _found(self, exchange: Exchange, person: Person) -> str:
        """The subscriber's number, asked for by the customer's id, then by the address; what came of it is kept."""
        wanted = [("shopify_customer_id__eq", str(person.shopify_customer_id))] if person.shopify_customer_id else []
        wanted += [("email__eq", person.email)] if person.email else []
        for field, value in wanted:
            answer = exchange.ask("GET", f"/api/v2/subscribers?{field}={quote(value, safe='')}", pace="live")
            for row in body_of(answer).get("subscribers") or []:
                self._remember(exchange, {person.member_id: str(row["id"])})
                return str(row["id"])
        self._remember(exchange, {person.member_id: ""})
        raise Ended(Skipped(error="Not a subscriber"))

    def _numbers(self, exchange: Exchange, people: Sequence[Person]) -> dict[int, str]:
        """The numbers of many, asked for in one call by the customers' ids; who has none is remembered too."""
        ids = [person.member_id for person in people if person.member_id is not None]
        kept = known.remembered(vendor=SLUG, member_ids=ids, now=exchange.now)
        asked = {str(each.shopify_customer_id): each.member_id for each in people if each.member_id not in kept}
        if not asked:
            return kept
        numbers = {
            str(row.get("shopify_customer_id")): str(row["id"]) for row in self._subscribers(exchange, list(asked))
        }
        found = {member: numbers.get(customer, "") for customer, member in asked.items() if member is not None}
        known.remember(vendor=SLUG, numbers=found, now=exchange.now)
        return {**kept, **found}

    def _subscribers(self, exchange: Exchange, customer_ids: Sequence[str]) -> list[Any]:
        rows: list[Any] = []
        page = pages = 1
        while page <= pages:
            path = f"/api/v2/subscribers?shopify_customer_id__in={','.join(customer_ids)}&page={page}"
            body = body_of(exchange.ask("GET", path, pace="back_fill"))
            rows += body.get("subscribers") or []
            page, pages = page + 1, int((body.get("page_info") or {}).get("total_pages") or 1)
        return rows

    def _remember(self, exchange: Exchange, numbers: Mapping[int | None, str]) -> None:
        members = {member: number for member, number in numbers.items() if member is not None}
        known.remember(vendor=SLUG, numbers=members, now=exchange.now)


def _headers(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {key}", "Accept": "application/json"}


def _problem(answer: Answer) -> str:
    """Refusals have no published shape: what was said, to the letter."""
    return str(body_of(answer).get("error_message") or answer.text[:200] or f"with {answer.status}")


def _patience(_answer: Answer, _now: datetime, in_row: int) -> timedelta:
    """Postscript says nothing itself."""
    return doubling(in_row)


API = Api(
    url="https://api.postscript.io",
    headers=_headers,
    version="v2",
    windows={"live": (Window(8, 1000),), "back_fill": (Window(4, 1000),)},
    problem=_problem,
    patience=_patience,
)
