"""Rewards: list, get, purchase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.explanations import paid_from
from loyalty.api.v1.fields import CustomerIdentifier, VariantIdentifier, WholeNumber, number
from loyalty.api.v1.lists import page, sorted_by, truth, wanted
from loyalty.api.v1.waiting import a_place
from loyalty.instants import instant
from loyalty.members.queries import member
from loyalty.points import MAX_POINTS
from loyalty.rewards import queries
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations import Choice, begin, purchase

SORTS = {"created_at": "created_at", "name": "name", "points_cost": "points_cost", "position": "position"}


class PurchaseBody(serializers.Serializer[Any]):
    """The body of a purchase."""

    customer_identifier = CustomerIdentifier()
    points = WholeNumber(low=1, high=MAX_POINTS, required=False, allow_null=True)
    variant_id = VariantIdentifier(required=False, allow_null=True)


class Rewards(ApiView):
    """`/v1/rewards`."""

    @extend_schema(
        **docs.listing("List rewards", "reward", shapes.RewardAttributes, sorts=SORTS, filters=["is_active"])
    )
    def get(self, request: Request) -> Response:
        """Lists rewards, inactive ones too."""
        rows = queries.rewards()
        if asked := wanted(request.query_params, "is_active"):
            active = truth(asked)
            rows = rows.none() if active is None else rows.filter(is_active=active)
        return page(sorted_by(rows, request.query_params, SORTS), request.query_params, self.present)

    def present(self, rewards: Sequence[Reward]) -> list[dict[str, Any]]:
        """Returns the resource objects of some rewards."""
        return [resource("reward", reward.public_id, attributes(reward)) for reward in rewards]


class OneReward(ApiView):
    """`/v1/rewards/{id}`."""

    @extend_schema(**docs.reading("Get a reward", "reward", shapes.RewardAttributes))
    def get(self, request: Request, public_id: str) -> Response:
        """Returns one reward."""
        reward = queries.reward(public_id=public_id)
        return one("reward", reward.public_id, attributes(reward))


class RewardPurchase(ApiView):
    """`/v1/rewards/{id}/purchase`."""

    @extend_schema(
        **docs.write(
            "Purchase a reward", "reward_history_entry", PurchaseBody, shapes.RewardHistoryAttributes, created=True
        )
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Buys a reward with points; the answer carries a code that works."""
        body = self.fields(PurchaseBody)
        key = self.idempotency_key()
        wanted: dict[str, Any] = {
            "member": member(identifier=body["customer_identifier"]),
            "reward_id": public_id,
            "source": "rest",
            "key": f"{self.header_scope()}:{key}" if key else None,
            "request": self.request_digest() if key else None,
            "now": self.now,
            "choice": Choice(points=body.get("points"), variant=body.get("variant_id")),
        }
        if self.is_dry_run:
            return self._rehearsed(*begin(**wanted))
        with a_place():
            done = purchase(**wanted)
        return one(
            "reward_history_entry",
            done.redemption.public_id,
            history_attributes(done.redemption, self.now),
            status=200 if done.replayed else 201,
            replayed=done.replayed,
        )

    def _rehearsed(self, redemption: Redemption, replayed: bool) -> Response:
        """Answers a dry run: everything but the code, which Shopify is not asked for, and which lots would pay."""
        shown = history_attributes(redemption, self.now)
        if not replayed:
            shown |= {"status": Redemption.State.ACTIVE.value, "discount_code": None}
        explanation = {"lots": paid_from(hold_id=redemption.hold_id)} if redemption.hold_id is not None else {}
        attributes = {**shown, "explanation": explanation}
        status = 200 if replayed else 201
        return one("reward_history_entry", redemption.public_id, attributes, status=status, replayed=replayed)


def attributes(reward: Reward) -> dict[str, Any]:
    """Returns a reward as every endpoint shows it."""
    return {
        "name": reward.name,
        "description": reward.description,
        "discount_type": reward.discount_type,
        "reward_type": reward.reward_type,
        "points_cost": reward.points_cost,
        "discount_amount": _number(reward.discount_amount),
        "redemption_type": reward.redemption_type,
        "amount_per_point": _number(reward.amount_per_point),
        "min_points": reward.points_cost if reward.is_flexible else None,
        "max_points": reward.max_points,
        "minimum_spend": _number(reward.minimum_spend),
        "is_active": reward.is_active,
        "max_redemptions": reward.max_redemptions,
        "expiry_days": reward.expiry_days,
        "vip_tier": reward.tier.name if reward.tier else None,
        "created_at": instant(reward.created_at),
        "updated_at": instant(reward.updated_at),
    }


def _number(value: Decimal | None) -> int | float | None:
    return number(value) if value is not None else None


def history_attributes(redemption: Redemption, now: datetime) -> dict[str, Any]:
    """Returns a line of the reward history as every endpoint shows it."""
    return {
        "reward_id": redemption.reward.public_id if redemption.reward else None,
        "reward_name": redemption.terms["reward_name"],
        "reward_discount_type": redemption.terms["discount_type"],
        "points_spent": redemption.points_spent,
        "discount_code": redemption.code,
        "status": redemption.state_at(now),
        "is_refunded": redemption.is_refunded,
        "discount_code_redeemed_at": instant(redemption.ordered_at),
        "redeemed_at": instant(redemption.used_at),
        "expires_at": instant(redemption.expires_at),
        "created_at": instant(redemption.created_at),
        "updated_at": instant(redemption.updated_at),
    }
