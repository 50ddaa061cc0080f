"""Deliveries: everything that goes out. List, get, replay one, replay all of a filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.fields import CustomerIdentifier, Instant, Text, moment_of
from loyalty.api.v1.lists import page, wanted
from loyalty.deliveries import operations, queries
from loyalty.deliveries.families import inner_name
from loyalty.deliveries.showing import Outgoing, Shown, shown
from loyalty.errors import InvalidField
from loyalty.events import EventKind
from loyalty.instants import instant
from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member
from loyalty.members.queries import member
from loyalty.outbox.filters import SYNC, Wanted
from loyalty.outbox.models import Attempt, Delivery
from loyalty.outbox.queries import attempts

FILTERS = ("destination", "state", "event", "customer", "from", "until")
NOBODY = 0
"""The number of no member."""


class ReplayAllBody(serializers.Serializer[Any]):
    """The body of a replay of many."""

    destination = Text(required=False, max_length=120)
    state = Text(required=False, max_length=20)
    event = Text(required=False, max_length=40)
    customer = CustomerIdentifier(required=False)
    since = Instant(required=False)
    until = Instant(required=False)
    ended_before = Instant(required=False)


class Deliveries(ApiView):
    """`/v1/deliveries`."""

    @extend_schema(
        **docs.listing(
            "List deliveries", "delivery", shapes.OutgoingAttributes, sorts=["created_at"], filters=FILTERS,
        )
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Lists what went out and what waits to, newest first.

        `filter[destination]` is a family (`klaviyo`, `flow`, `webhook`, `shopify`) or a whole destination. Discount codes and
        store credit are listed by themselves, as `codes` and `friend-codes`. `filter[event]` is a kind of event, or `sync` for
        what mirrors a state. `filter[customer]` is a Shopify customer id or an e-mail address. `filter[from]` and
        `filter[until]` are moments; the second is the first that is left out.
        """
        rows = queries.outgoing(_wanted(request.query_params))
        if request.query_params.get("sort") == "created_at":
            rows = rows.reverse()
        return page(rows, request.query_params, self.present)

    def present(self, rows: Sequence[Outgoing]) -> list[dict[str, Any]]:
        """Returns the resource objects of some rows."""
        found = shown(rows)
        customers = _customers(found)
        return [resource("delivery", each.id, attributes(each, customers)) for each in found]


class DeliveriesReplay(ApiView):
    """`/v1/deliveries/replay`."""

    @extend_schema(
        **docs.write(
            "Replay deliveries", "delivery_replay", shapes.ReplayAllInput, shapes.ReplayAllAttributes, keyed=False,
        )
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Sends everything again that matches and has come to an end, oldest first, each under its event's own id.

        What is waiting is left alone. One call takes up to 10,000 (500 codes): call again while `has_more` is true, with the
        same body and `ended_before` as this answer tells it. They leave about ten a second to each destination.
        """
        fields = self.fields(ReplayAllBody)
        for name, known in (("state", {*Delivery.State.values}), ("event", {*EventKind, SYNC})):
            if name in fields and fields[name] not in known:
                raise InvalidField(name, f"{name} must be one of: {', '.join(sorted(known))}")
        before = fields.get("ended_before", self.now)
        asked = Wanted(
            to=inner_name(fields.get("destination", "")), state=fields.get("state", ""), kind=fields.get("event", ""),
            member_id=member(identifier=fields["customer"]).pk if "customer" in fields else None,
            since=fields.get("since"), until=fields.get("until"), ended_before=before,
        )  # fmt: skip
        done = operations.replay_all(wanted=asked, program_id=self.program.pk, now=self.now)
        told = {"queued": done.queued, "has_more": done.has_more, "ended_before": instant(before)}
        return one("delivery_replay", fields.get("destination") or fields["state"], told)


class OneDelivery(ApiView):
    """`/v1/deliveries/{id}`."""

    @extend_schema(**docs.reading("Get a delivery", "delivery", shapes.OutgoingDetailAttributes))
    def get(self, request: Request, delivery_id: str) -> Response:
        """Returns one delivery with its last request and answer, secrets masked, and its attempts of the last 30 days."""
        return _told(queries.find(delivery_id))


class OneDeliveryReplay(ApiView):
    """`/v1/deliveries/{id}/replay`."""

    @extend_schema(**docs.write("Replay one delivery", "delivery", None, shapes.OutgoingDetailAttributes, keyed=False))
    def post(self, request: Request, delivery_id: str) -> Response:
        """Sends one delivery again whatever came of it, or has a code made again that failed. What waits goes at once."""
        return _told(operations.replay(id_=delivery_id, now=self.now))


def _told(row: Outgoing) -> Response:
    (found,) = shown([row])
    log = attempts(delivery_id=row.pk) if isinstance(row, Delivery) else []
    told = {
        **attributes(found, _customers([found])),
        "request": found.request,
        "response_body": found.response or None,
        "log": [_attempt(each) for each in log],
    }
    return one("delivery", found.id, told)


def _attempt(row: Attempt) -> dict[str, Any]:
    return {
        "number": row.number, "at": instant(row.at), "milliseconds": row.milliseconds, "outcome": row.outcome,
        "response_status": row.status, "error": row.error or None,
    }  # fmt: skip


def _customers(found: Sequence[Shown]) -> dict[int, str]:
    """The Shopify ids of those that deliveries are about, by our own number."""
    ids = {each.member_id for each in found if each.member_id}
    rows = Member.objects.filter(pk__in=ids, shopify_customer_id__isnull=False)
    return {pk: str(customer) for pk, customer in rows.values_list("pk", "shopify_customer_id")}


def attributes(row: Shown, customers: Mapping[int, str]) -> dict[str, Any]:
    """Returns an outgoing thing as every endpoint shows it."""
    return {
        "destination": row.destination,
        "label": row.label,
        "event": row.kind,
        "event_id": row.event_id,
        "name": row.what,
        "customer_id": customers.get(row.member_id or NOBODY),
        "state": row.state.value,
        "attempts": row.attempts,
        "created_at": instant(row.created_at),
        "finished_at": instant(row.finished_at),
        "next_attempt_at": instant(row.next_attempt_at),
        "response_status": row.status,
        "error": row.error or None,
        "is_test": row.is_test,
    }


def _wanted(parameters: QueryDict) -> Wanted:
    """Reads the filters of a list, which never fail: what means nothing finds nothing."""
    said = {name: wanted(parameters, name) for name in FILTERS}
    moments = {name: moment_of(said[name]) if said[name] else None for name in ("from", "until")}
    is_vain = any(said[name] and moments[name] is None for name in moments)
    return Wanted(
        to=inner_name(said["destination"] or ""),
        state=said["state"] or "",
        kind=said["event"] or "",
        member_id=NOBODY if is_vain else _member(said["customer"]),
        since=moments["from"],
        until=moments["until"],
    )


def _member(identifier: str | None) -> int | None:
    if identifier is None:
        return None
    try:
        return int(member(identifier=identifier).pk)
    except CustomerNotFound:
        return NOBODY
