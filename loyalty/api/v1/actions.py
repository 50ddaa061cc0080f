"""Custom actions: the call a merchant's backend makes when something happened."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import ROUND_FLOOR
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one
from loyalty.api.v1.explanations import of_award
from loyalty.api.v1.fields import CustomerIdentifier, Text, WholeNumber, number
from loyalty.earning.errors import CustomActionNotFound, PointsOverrideNotAllowed
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.operations import Activity, award, record_refusal, record_skip
from loyalty.earning.operations.rules import ACTION_KEY
from loyalty.earning.queries import action_key_of, awards_of
from loyalty.earning.results import AwardResult
from loyalty.errors import InvalidField, Refusal
from loyalty.instants import instant
from loyalty.points import MAX_POINTS
from loyalty.programs.models import ApiKey

MAX_METADATA = 16 * 1024
"""Bytes of JSON."""


@extend_schema_field({"type": "object", "additionalProperties": {}, "description": "At most 16 KiB."})
class Metadata(serializers.JSONField):
    """A JSON object kept with the award."""

    default_error_messages = {"invalid": "must be an object"}

    def to_internal_value(self, data: Any) -> Any:
        """Returns the object.

        Raises:
            ValidationError: It is no object, or over 16 KiB.
        """
        if not isinstance(data, dict):
            self.fail("invalid")
        if len(json.dumps(data).encode()) > MAX_METADATA:
            raise serializers.ValidationError("must be at most 16 KiB")
        return data


@extend_schema_field({"type": ["integer", "string"], "description": "The fixed number beside a custom action's key."})
class ActionNumber(WholeNumber):
    """The fixed number of a custom action, as a number or as digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(low=1, high=2**63 - 1, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Returns the number."""
        digits = isinstance(data, str) and data.isascii() and data.isdecimal() and len(data) < 20
        return super().to_internal_value(int(data) if digits else data)


class ActionBody(serializers.Serializer[Any]):
    """The body of a custom action call. `action_id` and `email` are the spellings of Lootly's call."""

    action_key = Text(required=False, allow_null=True, max_length=100)
    action_id = ActionNumber(required=False, allow_null=True)
    email = Text(required=False, allow_null=True, max_length=254)
    customer_id = CustomerIdentifier(required=False, allow_null=True)
    customer_email = Text(required=False, allow_null=True, max_length=254)
    idempotency_key = Text(required=False, allow_null=True, max_length=255)
    metadata = Metadata(required=False, allow_null=True)
    points = WholeNumber(required=False, allow_null=True, low=1, high=MAX_POINTS)


class Actions(ApiView):
    """`/v1/actions`."""

    @extend_schema(
        **docs.write(
            "Trigger a custom action", "earning_history_entry", ActionBody, shapes.ActionAttributes, created=True
        )
    )
    def post(self, request: Request) -> Response:
        """Awards a custom action: 201 the first time, 200 on a replay of the same key."""
        fields = self.fields(ActionBody)
        activity = activity_of(fields, key=self._key(fields), api_key=self.api_key, now=self.now)
        try:
            result = award(activity=activity, program_id=self.program.pk, now=self.now)
        except Refusal as refusal:
            note(activity, refusal, program_id=self.program.pk, now=self.now)
            raise
        note(activity, result, program_id=self.program.pk, now=self.now)
        attributes = {**attributes_of(result), **(rehearsed(result) if self.is_dry_run else {})}
        return one(
            "earning_history_entry", result.public_id, attributes, status=status_of(result), replayed=result.replayed
        )

    def _key(self, fields: dict[str, Any]) -> str | None:
        """Returns the idempotency key, from the body or the header."""
        header, body = self.idempotency_key(), (fields.get("idempotency_key") or "").strip() or None
        if header is not None and body is not None and header != body:
            raise InvalidField(
                "idempotency_key",
                "idempotency_key and the Idempotency-Key header differ; send one, or the same in both",
            )
        return body or header


def activity_of(
    fields: dict[str, Any], *, key: str | None, api_key: ApiKey, now: datetime, key_scope: str = "action"
) -> Activity:
    """Returns what the fields of a call tell.

    Raises:
        InvalidField: There is no action or no customer in them.
        CustomActionNotFound: No action has the number given.
        PointsOverrideNotAllowed: Points are stated, and the key may not.
    """
    action_key, customer = _action_key(fields), _customer(fields)
    if fields.get("points") is not None and not api_key.may_set_points:
        raise PointsOverrideNotAllowed("This API key may not set the number of points")
    return Activity(
        rule=RuleReference(action_key=action_key),
        customer=customer,
        source="rest",
        actor=f"API key {api_key.name}",
        occurred_at=now,
        key=key,
        key_scope=key_scope,
        stated_points=fields.get("points"),
        metadata=fields.get("metadata"),
    )


def note(activity: Activity, answer: AwardResult | Refusal, *, program_id: int, now: datetime) -> None:
    """Writes a call that awarded nothing into the merchant's log."""
    about: dict[str, Any] = {
        "program_id": program_id, "door": "rest", "action_key": str(activity.rule.action_key),
        "customer": str(activity.customer), "now": now,
    }  # fmt: skip
    if isinstance(answer, Refusal):
        record_refusal(refusal=answer, **about)
    elif answer.skip_reason is not None:
        record_skip(reason=answer.skip_reason, **about)


def status_of(result: AwardResult) -> int:
    """Returns 201 for a first award; a replay and a skip are 200."""
    return 200 if result.replayed or result.skip_reason is not None else 201


def attributes_of(result: AwardResult) -> dict[str, Any]:
    """Returns what a call of a custom action answers."""
    return {
        **award_attributes(result),
        "points_balance": result.balance,
        "idempotency_key": result.idempotency_key,
        "replayed": result.replayed,
    }


def _action_key(fields: dict[str, Any]) -> str:
    """Returns which action the call is for; the key decides when its number is given too.

    Raises:
        InvalidField: Neither is given, or the key can be none.
        CustomActionNotFound: No action has this number.
    """
    if (key := fields.get("action_key")) is not None:
        if not ACTION_KEY.fullmatch(key):
            raise InvalidField("action_key", "action_key may hold lower-case letters, digits and underscores only")
        return str(key)
    if (number := fields.get("action_id")) is not None:
        found = action_key_of(number=number)
        if found is None:
            raise CustomActionNotFound(str(number))
        return found
    raise InvalidField("action_key", "action_key is required")


def _customer(fields: dict[str, Any]) -> CustomerReference:
    """Returns who the call is about; the id decides when both are given.

    Raises:
        InvalidField: Neither is given, or the one that counts is no customer.
    """
    if (identifier := fields.get("customer_id")) is not None:
        digits = identifier.removeprefix("gid://shopify/Customer/")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            raise InvalidField("customer_id", "customer_id must be a numeric Shopify customer id")
        return CustomerReference(shopify_customer_id=int(digits))
    if (email := fields.get("customer_email") or fields.get("email")) is not None:
        if "@" not in email:
            raise InvalidField("customer_email", "customer_email must be an email address")
        return CustomerReference(email=email.strip().lower())
    raise InvalidField("customer_id", "customer_id or customer_email is required")


def rehearsed(result: AwardResult) -> dict[str, Any]:
    """Returns what a dry run adds to an award: why it would be what it would be; a skip says it all by itself."""
    award = awards_of(member_id=result.member_id).filter(public_id=result.public_id).first()
    return {"explanation": of_award(award)} if award is not None else {}


def award_attributes(result: AwardResult) -> dict[str, Any]:
    """Returns an award as both award endpoints show it."""
    return {
        "earning_rule_id": result.rule_id,
        "action": result.action,
        "points": result.points,
        "base_points": int(result.base_points.to_integral_value(rounding=ROUND_FLOOR)),
        "points_multiplier": number(result.multiplier),
        "status": result.status,
        **({"skip_reason": result.skip_reason.value} if result.skip_reason else {}),
        "points_given_at": instant(result.given_at),
        "points_due_at": instant(result.due_at),
        "points_expiry_at": instant(result.expires_at),
        "created_at": instant(result.created_at),
        "updated_at": instant(result.updated_at),
    }
