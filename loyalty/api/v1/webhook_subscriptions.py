"""Webhook subscriptions: list, create, get, update, delete, rotate secret."""

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
from loyalty.api.v1.fields import Text, YesNo, checked, instant
from loyalty.api.v1.lists import page
from loyalty.errors import InvalidField
from loyalty.integrations.webhooks import operations, queries
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.programs.plans import Feature, require


class SubscriptionBody(serializers.Serializer[Any]):
    """The body of create and update; url and events are checked by the operation."""

    url = serializers.JSONField(required=False)
    events = serializers.JSONField(required=False)
    is_active = YesNo(required=False)
    description = Text(required=False, allow_null=True, allow_blank=True, max_length=500)


class Subscriptions(ApiView):
    """`/v1/webhook-subscriptions`."""

    @extend_schema(**docs.listing("List webhook subscriptions", "webhook_subscription", shapes.SubscriptionAttributes))
    def get(self, request: Request) -> Response:
        """Lists subscriptions, newest first, without secrets."""
        return page(queries.subscriptions(), request.query_params, self.present)

    @extend_schema(
        **docs.write(
            "Create a webhook subscription", "webhook_subscription", shapes.SubscriptionInput,
            shapes.SubscriptionSecretAttributes, created=True,
        )
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Creates a subscription; the secret is in this answer only."""
        fields = checked(SubscriptionBody(data=self.body()))
        require(self.program.plan, Feature.WEBHOOKS)
        for name in ("url", "events"):
            if name not in fields:
                raise InvalidField(name, f"{name} is required")
        made, secret = operations.create_subscription(
            program=self.program,
            url=fields["url"],
            events=fields["events"],
            description=fields.get("description"),
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
        )
    )
    def put(self, request: Request, public_id: str) -> Response:
        """Changes what is given; null clears the description."""
        fields = checked(SubscriptionBody(data=self.body()))
        found = operations.change_subscription(public_id=public_id, changes=fields, now=self.now)
        return one("webhook_subscription", found.public_id, attributes(found))

    @extend_schema(**docs.removal("Delete a webhook subscription", "webhook_subscription"))
    def delete(self, request: Request, public_id: str) -> Response:
        """Ends a subscription; the answer has no body."""
        operations.delete_subscription(public_id=public_id)
        return Response(status=204)


class SubscriptionSecret(ApiView):
    """`/v1/webhook-subscriptions/{id}/rotate-secret`."""

    @extend_schema(**docs.write("Rotate the secret", "webhook_subscription", None, shapes.SubscriptionSecretAttributes))
    def post(self, request: Request, public_id: str) -> Response:
        """Replaces the secret at once; the new one is in this answer only."""
        found, secret = operations.rotate_secret(public_id=public_id, now=self.now)
        return one("webhook_subscription", found.public_id, {**attributes(found), "secret": secret})


def attributes(row: WebhookSubscription) -> dict[str, Any]:
    """Returns a subscription without its secret."""
    return {
        "url": row.url,
        "events": row.events,
        "is_active": row.is_active,
        "description": row.description,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
    }
