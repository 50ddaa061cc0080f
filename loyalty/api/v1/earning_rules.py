"""Earning rules: list, get, award."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.actions import award_attributes, rehearsed
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.fields import CustomerIdentifier
from loyalty.api.v1.lists import page, sorted_by, truth, wanted
from loyalty.earning import queries
from loyalty.earning.errors import CategoryNotAwardable
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.kinds import AWARDABLE
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import Activity, award
from loyalty.instants import instant
from loyalty.members.queries import member

SORTS = {"created_at": "created_at", "name": "name", "position": "position"}


class AwardBody(serializers.Serializer[Any]):
    """The body of an award."""

    customer_identifier = CustomerIdentifier()


class EarningRules(ApiView):
    """`/v1/earning-rules`."""

    @extend_schema(
        **docs.listing(
            "List earning rules", "earning_rule", shapes.EarningRuleAttributes, sorts=SORTS, filters=["is_active"]
        )
    )
    def get(self, request: Request) -> Response:
        """Lists rules, inactive ones too."""
        rows = queries.rules()
        if asked := wanted(request.query_params, "is_active"):
            active = truth(asked)
            rows = rows.none() if active is None else rows.filter(is_active=active)
        return page(sorted_by(rows, request.query_params, SORTS), request.query_params, self.present)

    def present(self, rules: Sequence[EarningRule]) -> list[dict[str, Any]]:
        """Returns the resource objects of some rules."""
        return [resource("earning_rule", rule.public_id, attributes(rule)) for rule in rules]


class Rule(ApiView):
    """`/v1/earning-rules/{id}`."""

    @extend_schema(**docs.reading("Get an earning rule", "earning_rule", shapes.EarningRuleAttributes))
    def get(self, request: Request, public_id: str) -> Response:
        """Returns one rule."""
        rule = queries.rule(public_id=public_id)
        return one("earning_rule", rule.public_id, attributes(rule))


class RuleAward(ApiView):
    """`/v1/earning-rules/{id}/award`."""

    @extend_schema(
        **docs.write("Award an earning rule", "earning_history_entry", AwardBody, shapes.AwardAttributes, created=True)
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Awards a social or engagement rule, once per customer."""
        identifier = self.fields(AwardBody)["customer_identifier"]
        key = self.idempotency_key()
        customer = member(identifier=identifier)
        rule = queries.rules().filter(public_id=public_id).first()
        if rule is not None and rule.is_active and rule.category not in AWARDABLE:
            raise CategoryNotAwardable(rule.category)
        # A rule that is gone is judged by `award`, after the key: the retry of a success stays a success.
        result = award(
            activity=Activity(
                rule=RuleReference(public_id=public_id),
                customer=CustomerReference(shopify_customer_id=customer.shopify_customer_id),
                source="rest",
                actor=f"API key {self.api_key.name}",
                occurred_at=self.now,
                key=key,
                key_scope=self.header_scope(),
                request=self.request_digest() if key else None,
            ),
            program_id=self.program.pk,
            now=self.now,
        )
        first_time = not result.replayed and result.skip_reason is None
        return one(
            "earning_history_entry",
            result.public_id,
            {**award_attributes(result), **(rehearsed(result) if self.is_dry_run else {})},
            status=201 if first_time else 200,
            replayed=result.replayed,
        )


def attributes(rule: EarningRule) -> dict[str, Any]:
    """Returns a rule as every endpoint shows it."""
    return {
        "name": rule.name,
        "description": rule.description,
        "action": rule.action,
        "category": rule.category,
        "is_active": rule.is_active,
        "points_to_give": rule.points,
        "customer_facing_label": rule.customer_facing_label,
        "call_to_action_url": rule.call_to_action_url,
        "action_key": rule.action_key,
        "action_id": rule.pk,
        "frequency": rule.frequency,
        "approval_time": rule.approval_days,
        "created_at": instant(rule.created_at),
        "updated_at": instant(rule.updated_at),
    }
