"""Points of a customer: adjustments by hand, and both histories."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.explanations import of_award
from loyalty.api.v1.fields import Text, WholeNumber, YesNo, number
from loyalty.api.v1.lists import page, sorted_by, wanted
from loyalty.api.v1.rewards import history_attributes
from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points
from loyalty.earning.queries import awards_of
from loyalty.instants import instant
from loyalty.ledger.queries import balances_of
from loyalty.members import queries
from loyalty.points import MAX_POINTS
from loyalty.rewards.models import Redemption
from loyalty.rewards.queries import in_state, redemptions_of

EARNING_SORTS = {"created_at": "created_at", "points": "points", "points_given_at": "given_at"}
REWARD_SORTS = {"created_at": "created_at", "points_spent": "points_spent"}


class AdjustmentBody(serializers.Serializer[Any]):
    """The body of an adjustment. `send_email` is for the mails a merchant switches on."""

    adjustment = WholeNumber(low=-MAX_POINTS, high=MAX_POINTS, nonzero=True)
    note = Text(required=False, allow_null=True, max_length=1000, allow_blank=True)
    update_lifetime_points = YesNo(required=False)
    send_email = YesNo(required=False)


class Points(ApiView):
    """`/v1/customers/{identifier}/points`."""

    @extend_schema(**docs.write("Adjust points", "points_adjustment", AdjustmentBody, shapes.AdjustmentAttributes))
    def post(self, request: Request, identifier: str) -> Response:
        """Adds or deducts points; a deduction stops at 0."""
        fields = self.fields(AdjustmentBody)
        key = self.idempotency_key()
        member = queries.member(identifier=identifier)
        done = adjust_points(
            member=member,
            points=fields["adjustment"],
            note=fields.get("note"),
            update_lifetime=fields.get("update_lifetime_points", True),
            source="rest",
            actor=f"API key {self.api_key.name}",
            key=f"{self.header_scope()}:{key}" if key else None,
            request=self.request_digest() if key else None,
            now=self.now,
        )
        customer_id = str(member.shopify_customer_id)
        attributes = {
            "shopify_customer_id": customer_id,
            "adjustment": fields["adjustment"],
            "applied_adjustment": done.points_after - done.points_before,
            "points_before": done.points_before,
            "points_after": done.points_after,
            "current_points": balances_of(member_id=member.pk, now=self.now).available,
            "note": fields.get("note"),
        }
        if self.is_dry_run:
            attributes["explanation"] = of_award(awards_of(member_id=member.pk).get(public_id=done.award_id))
        return one("points_adjustment", customer_id, attributes, replayed=done.replayed)


class EarningHistory(ApiView):
    """`/v1/customers/{identifier}/earning-history`."""

    @extend_schema(
        **docs.listing(
            "Earning history",
            "earning_history_entry",
            shapes.EarningHistoryAttributes,
            sorts=EARNING_SORTS,
            filters=["status"],
        )
    )
    def get(self, request: Request, identifier: str) -> Response:
        """Lists what the customer earned, and what was taken back."""
        rows = awards_of(member_id=queries.member(identifier=identifier).pk)
        if status := wanted(request.query_params, "status"):
            rows = rows.filter(status=status)
        return page(sorted_by(rows, request.query_params, EARNING_SORTS), request.query_params, self.present)

    def present(self, awards: Sequence[Award]) -> list[dict[str, Any]]:
        """Returns the resource objects of some awards."""
        return [resource("earning_history_entry", award.public_id, earning_attributes(award)) for award in awards]


class RewardHistory(ApiView):
    """`/v1/customers/{identifier}/reward-history`."""

    @extend_schema(
        **docs.listing(
            "Reward history",
            "reward_history_entry",
            shapes.RewardHistoryAttributes,
            sorts=REWARD_SORTS,
            filters=["status"],
        )
    )
    def get(self, request: Request, identifier: str) -> Response:
        """Lists what the customer redeemed."""
        rows = redemptions_of(member_id=queries.member(identifier=identifier).pk)
        if status := wanted(request.query_params, "status"):
            rows = in_state(rows, status, now=self.now)
        return page(sorted_by(rows, request.query_params, REWARD_SORTS), request.query_params, self.present)

    def present(self, redemptions: Sequence[Redemption]) -> list[dict[str, Any]]:
        """Returns the resource objects of some redemptions."""
        return [
            resource("reward_history_entry", row.public_id, history_attributes(row, self.now)) for row in redemptions
        ]


def earning_attributes(award: Award) -> dict[str, Any]:
    """Returns a line of the earning history as every endpoint shows it."""
    return {
        "earning_rule_id": award.rule.public_id if award.rule else None,
        "action": award.action,
        "points": award.points,
        "base_points": int(award.base_points.to_integral_value(rounding=ROUND_FLOOR)),
        "points_multiplier": number(award.multiplier),
        "status": award.status,
        "order_id": str(award.order_id) if award.order_id is not None else None,
        "order_number": award.order_number,
        "shopify_date": instant(award.ordered_at),
        "points_due_at": instant(award.due_at),
        "points_given_at": instant(award.given_at),
        "points_expiry_at": instant(award.expires_at),
        "manual_intervention": award.is_manual,
        "is_test": award.is_test,
        "created_at": instant(award.created_at),
        "updated_at": instant(award.updated_at),
    }
