"""How the endpoints describe themselves: attribute shapes, and the arguments of `extend_schema` built from them.

Output serializers here describe; what is sent is made by the resources' own `attributes` functions, and a test holds the
two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers as s

Shape = dict[str, s.Field[Any, Any, Any, Any]]


def _text(*, null: bool = False) -> Any:
    return s.CharField(allow_null=null)


def _moment(*, null: bool = False) -> Any:
    return s.DateTimeField(allow_null=null)


def _times() -> dict[str, Any]:
    return {"created_at": _moment(), "updated_at": _moment()}


def _shape(name: str, fields: dict[str, Any]) -> type[s.Serializer[Any]]:
    return type(name, (s.Serializer,), {"__doc__": f"Attributes: {name}.", **fields})


TierOfCustomer = _shape(
    "TierOfCustomer",
    {
        "id": _text(), "name": _text(), "points_required": s.IntegerField(), "points_multiplier": s.FloatField(),
        "badge_image_url": _text(null=True), "badge_color": _text(null=True),
    },
)  # fmt: skip
CustomerAttributes = _shape(
    "CustomerAttributes",
    {
        "shopify_customer_id": _text(), "email": _text(null=True), "first_name": _text(null=True),
        "last_name": _text(null=True), "current_points": s.IntegerField(), "lifetime_points": s.IntegerField(),
        "redeemed_points": s.IntegerField(), "loyalty_status": s.ChoiceField(choices=["member", "excluded"]),
        "date_of_birth": _moment(null=True), "anniversary_date": _moment(null=True), "referral_url": _text(),
        "referral_code": _text(), "vip_tier": TierOfCustomer(allow_null=True), "points_expire_at": _moment(null=True),
        **_times(),
    },
)  # fmt: skip
AdjustmentAttributes = _shape(
    "AdjustmentAttributes",
    {
        "shopify_customer_id": _text(), "adjustment": s.IntegerField(), "applied_adjustment": s.IntegerField(),
        "points_before": s.IntegerField(), "points_after": s.IntegerField(), "current_points": s.IntegerField(),
        "note": _text(null=True),
    },
)  # fmt: skip
_AWARD = {
    "earning_rule_id": _text(null=True), "action": _text(), "points": s.IntegerField(), "base_points": s.IntegerField(),
    "points_multiplier": s.FloatField(),
}  # fmt: skip
_AWARD_TIMES = {
    "points_due_at": _moment(null=True), "points_given_at": _moment(null=True), "points_expiry_at": _moment(null=True),
}  # fmt: skip
EarningHistoryAttributes = _shape(
    "EarningHistoryAttributes",
    {
        **_AWARD, "status": s.ChoiceField(choices=["pending", "approved", "rejected"]), "order_id": _text(null=True),
        "order_number": _text(null=True), "shopify_date": _moment(null=True), **_AWARD_TIMES,
        "manual_intervention": s.BooleanField(), "is_test": s.BooleanField(), **_times(),
    },
)  # fmt: skip
_STATUS = s.ChoiceField(choices=["pending", "approved", "rejected", "skipped"])
AwardAttributes = _shape(
    "AwardAttributes",
    {**_AWARD, "status": _STATUS, "skip_reason": s.CharField(required=False), **_AWARD_TIMES, **_times()},
)
ActionAttributes = _shape(
    "ActionAttributes",
    {
        **_AWARD, "status": _STATUS, "skip_reason": s.CharField(required=False), "points_balance": s.IntegerField(),
        "idempotency_key": _text(null=True), "replayed": s.BooleanField(), **_AWARD_TIMES, **_times(),
    },
)  # fmt: skip
EarningRuleAttributes = _shape(
    "EarningRuleAttributes",
    {
        "name": _text(), "description": _text(null=True), "action": _text(), "category": _text(),
        "is_active": s.BooleanField(), "points_to_give": s.IntegerField(), "customer_facing_label": _text(null=True),
        "call_to_action_url": _text(null=True), "action_key": _text(null=True), "action_id": s.IntegerField(),
        "frequency": s.ChoiceField(choices=["once", "unlimited"]), "approval_time": s.IntegerField(), **_times(),
    },
)  # fmt: skip
_REWARD = {
    "name": _text(), "description": _text(null=True), "discount_type": _text(), "reward_type": _text(),
    "points_cost": s.IntegerField(), "discount_amount": s.FloatField(allow_null=True),
    "minimum_spend": s.FloatField(allow_null=True), "is_active": s.BooleanField(),
    "max_redemptions": s.IntegerField(allow_null=True), "expiry_days": s.IntegerField(allow_null=True),
    "vip_tier": _text(null=True), **_times(),
}  # fmt: skip
RewardAttributes = _shape("RewardAttributes", _REWARD)
RewardOfTier = _shape("RewardOfTier", {"id": _text(), **_REWARD})
RewardHistoryAttributes = _shape(
    "RewardHistoryAttributes",
    {
        "reward_id": _text(null=True), "reward_name": _text(), "reward_discount_type": _text(),
        "points_spent": s.IntegerField(), "discount_code": _text(null=True),
        "status": s.ChoiceField(choices=["active", "used", "expired"]), "is_refunded": s.BooleanField(),
        "discount_code_redeemed_at": _moment(null=True), "redeemed_at": _moment(null=True),
        "expires_at": _moment(null=True), **_times(),
    },
)  # fmt: skip
VipTierAttributes = _shape(
    "VipTierAttributes",
    {
        "name": _text(), "description": _text(null=True), "points_required": s.IntegerField(),
        "points_multiplier": s.FloatField(), "badge_image_url": _text(null=True), "badge_color": _text(null=True),
        "entry_method": s.ChoiceField(choices=["points", "spend", "purchases"]), "rewards": RewardOfTier(many=True),
        **_times(),
    },
)  # fmt: skip
_SUBSCRIPTION = {
    "url": _text(), "events": s.ListField(child=s.CharField()), "is_active": s.BooleanField(),
    "description": _text(null=True), **_times(),
}  # fmt: skip
SubscriptionAttributes = _shape("SubscriptionAttributes", _SUBSCRIPTION)
SubscriptionSecretAttributes = _shape("SubscriptionSecretAttributes", {**_SUBSCRIPTION, "secret": _text()})
SubscriptionInput = _shape(
    "SubscriptionInput",
    {
        "url": s.URLField(), "events": s.ListField(child=s.CharField(), min_length=1),
        "is_active": s.BooleanField(required=False), "description": s.CharField(required=False, allow_null=True),
    },
)  # fmt: skip
Problem = inline_serializer(
    "Problem", {"status": _text(), "title": _text(), "detail": _text(), "code": _text()}, many=True
)
Errors = inline_serializer("Errors", {"errors": Problem})
Meta = inline_serializer(
    "Meta",
    {
        "total": s.IntegerField(),
        "page": s.IntegerField(),
        "per_page": s.IntegerField(),
        "total_pages": s.IntegerField(),
    },
)


@lru_cache
def _resource(type_: str, attributes: type[s.Serializer[Any]]) -> type[s.Serializer[Any]]:
    name = attributes.__name__.removesuffix("Attributes")
    return _shape(name, {"type": s.CharField(default=type_), "id": _text(), "attributes": attributes()})


@lru_cache
def _answer(type_: str, attributes: type[s.Serializer[Any]], *, many: bool = False, paged: bool = False) -> Any:
    found = _resource(type_, attributes)
    shape: dict[str, Any] = {"data": found(many=many)}
    if paged:
        shape["meta"] = Meta
    return inline_serializer(found.__name__ + ("List" if many else "Answer"), shape)


def _operation_id(summary: str) -> str:
    return "_".join(summary.lower().split())


def _errors(*codes: int) -> dict[int, Any]:
    return dict.fromkeys((401, 403, 404, 405, 429, 500, *codes), Errors)


def listing(
    summary: str,
    type_: str,
    attributes: type[s.Serializer[Any]],
    *,
    sorts: Iterable[str] = (),
    filters: Iterable[str] = (),
) -> dict[str, Any]:
    """Returns the description of a paged list."""
    parameters = [
        OpenApiParameter("page[number]", OpenApiTypes.INT, description="Page, from 1."),
        OpenApiParameter("page[size]", OpenApiTypes.INT, description="Rows per page, 1 to 100; default 20."),
    ]
    if keys := list(sorts):
        both = [sign + key for key in keys for sign in ("", "-")]
        parameters.append(OpenApiParameter("sort", str, description="One of: " + ", ".join(both) + "."))
    parameters += [OpenApiParameter(f"filter[{name}]", str) for name in filters]
    answer = _answer(type_, attributes, many=True, paged=True)
    return {
        "operation_id": _operation_id(summary),
        "summary": summary,
        "tags": [type_],
        "parameters": parameters,
        "responses": {200: answer, **_errors()},
    }


def reading(
    summary: str, type_: str, attributes: type[s.Serializer[Any]], *, query: Iterable[str] = (), many: bool = False
) -> dict[str, Any]:
    """Returns the description of a read that is no paged list."""
    parameters = [OpenApiParameter(name, bool) for name in query]
    answer = _answer(type_, attributes, many=many)
    return {
        "operation_id": _operation_id(summary),
        "summary": summary,
        "tags": [type_],
        "parameters": parameters,
        "responses": {200: answer, **_errors()},
    }


def write(
    summary: str,
    type_: str,
    body: type[s.Serializer[Any]] | None,
    attributes: type[s.Serializer[Any]],
    *,
    created: bool = False,
) -> dict[str, Any]:
    """Returns the description of a write; `created` says that a first call answers 201 and a repeat 200."""
    answer = _answer(type_, attributes)
    responses = {**({201: answer} if created else {}), 200: answer, **_errors(400, 409, 422, 503)}
    parameters = [
        OpenApiParameter(
            "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key never does the same thing twice."
        )
    ]
    return {
        "operation_id": _operation_id(summary),
        "summary": summary,
        "tags": [type_],
        "request": body,
        "parameters": parameters,
        "responses": responses,
    }
