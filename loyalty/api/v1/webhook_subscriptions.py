"""Webhook subscriptions: list, create, get, update, delete, rotate secret; their deliveries, and sending them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.fields import Instant, Text, YesNo
from loyalty.api.v1.lists import page, wanted
from loyalty.errors import InvalidField
from loyalty.instants import instant
from loyalty.integrations.webhooks import operations, queries, replaying
from loyalty.integrations.webhooks.destinations import family_of, parts_of
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.outbox import queries as outbox
from loyalty.outbox.models import Delivery
from loyalty.programs.plans import Feature, require


class SubscriptionBody(serializers.Serializer[Any]):
    """The body of create and update; url and events are checked by the operation."""

    url = serializers.JSONField(required=False)
    events = serializers.JSONField(required=False)
    is_active = YesNo(required=False)
    description = Text(required=False, allow_null=True, allow_blank=True, max_length=500)
    keeps_trying = YesNo(required=False)


class ReplayBody(serializers.Serializer[Any]):
    """The body of a replay."""

    since = Instant()
    include_delivered = YesNo(required=False)


class Subscriptions(ApiView):
    """`/v1/webhook-subscriptions`."""

    @extend_schema(**docs.listing("List webhook subscriptions", "webhook_subscription", shapes.SubscriptionAttributes))
    def get(self, request: Request) -> Response:
        """Lists subscriptions, newest first, without secrets."""
        return page(queries.subscriptions(), request.query_params, self.present)

    @extend_schema(
        **docs.write(
            "Create a webhook subscription", "webhook_subscription", shapes.SubscriptionInput,
            shapes.SubscriptionSecretAttributes, created=True, keyed=False,
        )
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Creates a subscription; the secret is in this answer only."""
        fields = self.fields(SubscriptionBody)
        require(self.program.plan, Feature.WEBHOOKS)
        for name in ("url", "events"):
            if name not in fields:
                raise InvalidField(name, f"{name} is required")
        made, secret = operations.create_subscription(
            program=self.program,
            url=fields["url"],
            events=fields["events"],
            description=fields.get("description"),
            keeps_trying=fields.get("keeps_trying", False),
            now=self.now,
        )
        return one("webhook_subscription", made.public_id, {**attributes(made), "secret": secret}, status=201)

    def present(self, rows: Sequence[WebhookSubscription]) -> list[dict[str, Any]]:
        """Returns the resource objects of some subscriptions."""
        return [resource("webhook_subscription", row.public_id, attributes(row)) for row in rows]


class Subscription(ApiView):
    """`/v1/webhook-subscriptions/{id}`."""

    http_method_names = ["get", "head", "put", "delete", "options"]

    @extend_schema(**docs.reading("Get a webhook subscription", "webhook_subscription", shapes.SubscriptionAttributes))
    def get(self, request: Request, public_id: str) -> Response:
        """Returns one subscription, without its secret."""
        found = queries.subscription(public_id=public_id)
        return one("webhook_subscription", found.public_id, attributes(found))

    @extend_schema(
        **docs.write(
            "Update a webhook subscription",
            "webhook_subscription",
            shapes.SubscriptionChange,
            shapes.SubscriptionAttributes,
            keyed=False,
        )
    )
    def put(self, request: Request, public_id: str) -> Response:
        """Changes what is given; null clears the description."""
        fields = self.fields(SubscriptionBody)
        found = operations.change_subscription(public_id=public_id, changes=fields, now=self.now)
        return one("webhook_subscription", found.public_id, attributes(found))

    @extend_schema(**docs.removal("Delete a webhook subscription", "webhook_subscription"))
    def delete(self, request: Request, public_id: str) -> Response:
        """Ends a subscription; the answer has no body."""
        operations.delete_subscription(public_id=public_id)
        return Response(status=204)


class SubscriptionSecret(ApiView):
    """`/v1/webhook-subscriptions/{id}/rotate-secret`."""

    @extend_schema(
        **docs.write(
            "Rotate the secret", "webhook_subscription", None, shapes.SubscriptionSecretAttributes, keyed=False
        )
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Replaces the secret at once; the new one is in this answer only."""
        found, secret = operations.rotate_secret(public_id=public_id, now=self.now)
        return one("webhook_subscription", found.public_id, {**attributes(found), "secret": secret})


class SubscriptionDeliveries(ApiView):
    """`/v1/webhook-subscriptions/{id}/deliveries`."""

    @extend_schema(
        **docs.listing(
            "List the deliveries of a webhook subscription", "webhook_delivery", shapes.DeliveryAttributes,
            filters=["state"],
        )
    )  # fmt: skip
    def get(self, request: Request, public_id: str) -> Response:
        """Lists deliveries, newest first, each with what was sent and answered last; kept 90 days."""
        family = family_of(queries.subscription(public_id=public_id).pk)
        rows = outbox.deliveries(family=family)
        if (state := wanted(request.query_params, "state")) is not None:
            rows = rows.filter(state=state)
        return page(rows, request.query_params, lambda found: [delivery(row) for row in found])


class SubscriptionReplay(ApiView):
    """`/v1/webhook-subscriptions/{id}/replay`."""

    @extend_schema(
        **docs.write(
            "Replay missed events", "webhook_replay", shapes.ReplayInput, shapes.ReplayAttributes, keyed=False,
        )
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        """Sends everything the subscription has missed since a date, under the events' own ids.

        Missed is what failed, and what happened while the subscription was off or did not exist. One call takes up to
        10,000 events of each name: call again while `has_more` is true.
        """
        fields = self.fields(ReplayBody)
        done = replaying.replay_since(
            public_id=public_id, since=fields["since"], now=self.now,
            also_delivered=fields.get("include_delivered", False),
        )  # fmt: skip
        return one("webhook_replay", public_id, {"queued": done.queued, "has_more": done.has_more})


class DeliveryReplay(ApiView):
    """`/v1/webhook-deliveries/{id}/replay`."""

    @extend_schema(**docs.write("Replay a delivery", "webhook_delivery", None, shapes.DeliveryAttributes, keyed=False))
    def post(self, request: Request, delivery_id: str) -> Response:
        """Sends one delivery again: the same body, the same event id, a fresh signature."""
        number = delivery_id.removeprefix("whd_")
        if not (number.isascii() and number.isdigit()) or len(number) > 18:
            raise replaying.DeliveryNotFound(delivery_id)
        resource_ = delivery(replaying.replay(delivery_id=int(number), now=self.now))
        return one("webhook_delivery", resource_["id"], resource_["attributes"])


def delivery(row: Delivery) -> dict[str, Any]:
    """Returns the resource object of a delivery."""
    sent = row.last_request or {}
    told = {
        "event": parts_of(row.destination)[1],
        "event_id": str(row.event_id),
        "state": row.state,
        "attempts": row.attempts,
        "created_at": instant(row.created_at),
        "finished_at": instant(row.finished_at),
        "next_attempt_at": instant(row.next_attempt_at) if row.state == Delivery.State.PENDING else None,
        "request": {"url": sent["url"], "headers": sent["headers"], "body": sent["body"]} if sent else None,
        "response_status": row.last_status,
        "response_body": row.last_response or None,
        "error": row.last_error or None,
    }
    return resource("webhook_delivery", f"whd_{row.pk}", told)


def attributes(row: WebhookSubscription) -> dict[str, Any]:
    """Returns a subscription without its secret."""
    return {
        "url": row.url,
        "events": row.events,
        "is_active": row.is_active,
        "description": row.description,
        "keeps_trying": row.keeps_trying,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }
