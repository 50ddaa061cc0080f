"""The shapes of the API's objects, as the OpenAPI document tells them.

These serializers describe; what is sent is made by the resources' own `attributes` functions, and a contract test holds
the two together (tests/contract/test_openapi_answers.py).
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from loyalty.api.v1.document_fields import Constant

HISTORY_STATUSES = ["pending", "approved", "rejected"]
AWARD_STATUSES = [*HISTORY_STATUSES, "skipped"]
REWARD_STATUSES = ["active", "used", "expired"]


def _text(*, null: bool = False) -> Any:
    return s.CharField(allow_null=null)


def _moment(*, null: bool = False) -> Any:
    return s.DateTimeField(allow_null=null)


def _times() -> dict[str, Any]:
    return {"created_at": _moment(), "updated_at": _moment()}


def shape(name: str, fields: dict[str, Any], says: str = "") -> type[s.Serializer[Any]]:
    """Returns a serializer that describes an object with these fields and is never used to make one."""
    return type(name, (s.Serializer,), {"__doc__": says, **fields})


TierOfCustomer = shape(
    "TierOfCustomer",
    {
        "id": _text(), "name": _text(), "points_required": s.IntegerField(), "points_multiplier": s.FloatField(),
        "badge_image_url": _text(null=True), "badge_color": _text(null=True),
    },
)  # fmt: skip
_Any = s.DictField()
PaidFrom = shape(
    "PaidFrom",
    {"lot_id": _text(), "points": s.IntegerField(), "earned_at": _moment(), "expires_at": _moment(null=True)},
    "What one lot pays.",
)
AwardExplanationAttributes = shape(
    "AwardExplanationAttributes",
    {
        "points": s.IntegerField(), "status": s.ChoiceField(choices=HISTORY_STATUSES), "breakdown": _Any,
        "steps": s.ListField(child=s.CharField()), "due_at": _moment(null=True), "lots": PaidFrom(many=True),
    },
    "Why an award is what it is, as it was recorded; `lots` are those a deduction draws on.",
)  # fmt: skip
_EXPLAINED = {"explanation": AwardExplanationAttributes(required=False)}
"""What dry runs add."""
_Movement = shape(
    "Movement", {"kind": _text(), "entries": s.IntegerField(), "points": s.IntegerField()}, "Entries of one kind."
)
_HoldShown = shape("Hold", {"points": s.IntegerField(), "created_at": _moment(), "paid_from": PaidFrom(many=True)})
_Expiry = shape("Expiry", {"expires_at": _moment(), "points": s.IntegerField()})
BalanceExplanationAttributes = shape(
    "BalanceExplanationAttributes",
    {
        **{
            name: s.IntegerField()
            for name in (
                "current_points", "pending_points", "held_points", "debt_points", "lifetime_points", "redeemed_points",
                "expired_unmarked_points", "entries_total", "lots_total",
            )
        },
        "is_proved": s.BooleanField(), "movements": _Movement(many=True), "holds": _HoldShown(many=True),
        "expiries": _Expiry(many=True),
    },
    "What a balance is made of. `is_proved`: the entries and the lots agree.",
)  # fmt: skip
LedgerEntryAttributes = shape(
    "LedgerEntryAttributes",
    {
        "sequence": s.IntegerField(), "kind": _text(), "points": s.IntegerField(), "balance_after": s.IntegerField(),
        "shortfall": s.IntegerField(), "source": _text(), "rule_id": _text(null=True), "award_id": _text(null=True),
        "redemption_id": _text(null=True), "note": _text(null=True), "is_test": s.BooleanField(), "effective_at": _moment(),
        "created_at": _moment(),
    },
)  # fmt: skip
LotAttributes = shape(
    "LotAttributes",
    {
        "entry_id": _text(), "status": s.ChoiceField(choices=["pending", "available", "rejected"]),
        "points": s.IntegerField(), "remaining": s.IntegerField(), "earned_at": _moment(), "due_at": _moment(null=True),
        "available_at": _moment(null=True), "expires_at": _moment(null=True), "is_test": s.BooleanField(),
    },
)  # fmt: skip
CustomerAttributes = shape(
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
AdjustmentAttributes = shape(
    "AdjustmentAttributes",
    {
        "shopify_customer_id": _text(), "adjustment": s.IntegerField(), "applied_adjustment": s.IntegerField(),
        "points_before": s.IntegerField(), "points_after": s.IntegerField(), "current_points": s.IntegerField(),
        "note": _text(null=True), **_EXPLAINED,
    },
)  # fmt: skip
_AWARD = {
    "earning_rule_id": _text(null=True), "action": _text(), "points": s.IntegerField(), "base_points": s.IntegerField(),
    "points_multiplier": s.FloatField(),
}  # fmt: skip
_AWARD_TIMES = {
    "points_due_at": _moment(null=True), "points_given_at": _moment(null=True), "points_expiry_at": _moment(null=True),
}  # fmt: skip
EarningHistoryAttributes = shape(
    "EarningHistoryAttributes",
    {
        **_AWARD, "status": s.ChoiceField(choices=HISTORY_STATUSES), "order_id": _text(null=True),
        "order_number": _text(null=True), "shopify_date": _moment(null=True), **_AWARD_TIMES,
        "manual_intervention": s.BooleanField(), "is_test": s.BooleanField(), **_times(),
    },
)  # fmt: skip
_STATUS = s.ChoiceField(choices=AWARD_STATUSES)
AwardAttributes = shape(
    "AwardAttributes",
    {**_AWARD, "status": _STATUS, "skip_reason": s.CharField(required=False), **_AWARD_TIMES, **_times(), **_EXPLAINED},
)
ActionAttributes = shape(
    "ActionAttributes",
    {
        **_AWARD, "status": _STATUS, "skip_reason": s.CharField(required=False), "points_balance": s.IntegerField(),
        "idempotency_key": _text(null=True), "replayed": s.BooleanField(), **_AWARD_TIMES, **_times(), **_EXPLAINED,
    },
)  # fmt: skip
_ENTRY = shape(
    "BatchEntry", {"type": Constant("earning_history_entry"), "id": _text(), "attributes": ActionAttributes()}
)
EarningRuleAttributes = shape(
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
    "redemption_type": s.ChoiceField(choices=["fixed", "flexible"]), "amount_per_point": s.FloatField(allow_null=True),
    "min_points": s.IntegerField(allow_null=True), "max_points": s.IntegerField(allow_null=True),
    "minimum_spend": s.FloatField(allow_null=True), "is_active": s.BooleanField(),
    "max_redemptions": s.IntegerField(allow_null=True), "expiry_days": s.IntegerField(allow_null=True),
    "vip_tier": _text(null=True), **_times(),
}  # fmt: skip
RewardAttributes = shape("RewardAttributes", _REWARD)
RewardOfTier = shape("RewardOfTier", {"id": _text(), **_REWARD})
RewardHistoryAttributes = shape(
    "RewardHistoryAttributes",
    {
        "reward_id": _text(null=True), "reward_name": _text(), "reward_discount_type": _text(),
        "points_spent": s.IntegerField(), "discount_code": _text(null=True),
        "status": s.ChoiceField(choices=REWARD_STATUSES), "is_refunded": s.BooleanField(),
        "discount_code_redeemed_at": _moment(null=True), "redeemed_at": _moment(null=True),
        "expires_at": _moment(null=True), **_times(),
        "explanation": shape("PurchaseExplanation", {"lots": PaidFrom(many=True, required=False)})(required=False),
    },
)  # fmt: skip
VipTierAttributes = shape(
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
    "description": _text(null=True), "keeps_trying": s.BooleanField(), **_times(),
}  # fmt: skip
SubscriptionAttributes = shape("SubscriptionAttributes", _SUBSCRIPTION)
SubscriptionSecretAttributes = shape("SubscriptionSecretAttributes", {**_SUBSCRIPTION, "secret": _text()})
SubscriptionInput = shape(
    "SubscriptionInput",
    {
        "url": s.URLField(), "events": s.ListField(child=s.CharField(), min_length=1),
        "description": s.CharField(required=False, allow_null=True), "keeps_trying": s.BooleanField(required=False),
    },
    "A subscription to make. With `keeps_trying` what fails is tried for three days in place of three times.",
)  # fmt: skip
SubscriptionChange = shape(
    "SubscriptionChange",
    {
        "url": s.URLField(required=False), "events": s.ListField(child=s.CharField(), min_length=1, required=False),
        "is_active": s.BooleanField(required=False), "description": s.CharField(required=False, allow_null=True),
        "keeps_trying": s.BooleanField(required=False),
    },
    "What is to change; what is absent stays.",
)  # fmt: skip
DELIVERY_STATES = ["pending", "sending", "done", "skipped", "dead", "unknown"]
SentRequest = shape("SentRequest", {"url": _text(), "headers": s.DictField(child=s.CharField()), "body": _text()})
DeliveryAttributes = shape(
    "DeliveryAttributes",
    {
        "event": _text(), "event_id": _text(), "state": s.ChoiceField(choices=DELIVERY_STATES),
        "attempts": s.IntegerField(), "created_at": _moment(), "finished_at": _moment(null=True),
        "next_attempt_at": _moment(null=True), "request": SentRequest(allow_null=True),
        "response_status": s.IntegerField(allow_null=True), "response_body": _text(null=True),
        "error": _text(null=True),
    },
)  # fmt: skip
ReplayInput = shape(
    "ReplayInput",
    {"since": s.DateTimeField(), "include_delivered": s.BooleanField(required=False)},
    "From when on; with `include_delivered` what arrived is sent again as well.",
)
ReplayAttributes = shape("ReplayAttributes", {"queued": s.IntegerField(), "has_more": s.BooleanField()})
_OUTGOING = {
    "destination": _text(), "label": _text(), "event": _text(null=True), "event_id": _text(null=True), "name": _text(),
    "customer_id": _text(null=True), "state": s.ChoiceField(choices=DELIVERY_STATES), "attempts": s.IntegerField(),
    "created_at": _moment(), "finished_at": _moment(null=True), "next_attempt_at": _moment(null=True),
    "response_status": s.IntegerField(allow_null=True), "error": _text(null=True), "is_test": s.BooleanField(),
}  # fmt: skip
OutgoingAttributes = shape("OutgoingAttributes", _OUTGOING, "Something that goes out, and how far it has come.")
_AttemptShown = shape(
    "DeliveryAttempt",
    {
        "number": s.IntegerField(), "at": _moment(), "milliseconds": s.IntegerField(), "outcome": _text(),
        "response_status": s.IntegerField(allow_null=True), "error": _text(null=True),
    },
)  # fmt: skip
OutgoingDetailAttributes = shape(
    "OutgoingDetailAttributes",
    {
        **_OUTGOING, "request": s.DictField(allow_null=True), "response_body": _text(null=True),
        "log": _AttemptShown(many=True),
    },
    "With the last request and answer, secrets masked; of a code, what was asked of Shopify and what it made.",
)  # fmt: skip
ReplayAllInput = shape(
    "ReplayAllInput",
    {
        "destination": s.CharField(required=False), "state": s.ChoiceField(choices=DELIVERY_STATES, required=False),
        **{name: s.CharField(required=False) for name in ("event", "customer")},
        **{name: s.DateTimeField(required=False) for name in ("since", "until", "ended_before")},
    },
    "Which deliveries; `destination` or `state` is required. `since` and `until` are about when they were made.",
)  # fmt: skip
ReplayAllAttributes = shape(
    "ReplayAllAttributes", {"queued": s.IntegerField(), "has_more": s.BooleanField(), "ended_before": _moment()}
)
_Finding = shape(
    "AuditFinding",
    {"invariant": _text(), "table": _text(), "row_id": s.IntegerField(), "figures": _text()},
    "A row that breaks an invariant, and the figures that disagree.",
)
AuditAttributes = shape(
    "AuditAttributes",
    {
        "status": s.ChoiceField(choices=["proved", "broken", "failed"]), "invariants": s.IntegerField(),
        "invariants_checked": s.IntegerField(), "broken_rows": s.IntegerField(), "findings": _Finding(many=True),
        "started_at": _moment(), "finished_at": _moment(),
    },
)  # fmt: skip
Problem = shape("Problem", {"status": _text(), "title": _text(), "detail": _text(), "code": _text()})
Errors = shape("Errors", {"errors": Problem(many=True)}, "What went wrong: one error, with a stable `code`.")
BatchItem = shape(
    "BatchItem",
    {
        "index": s.IntegerField(), "status": s.IntegerField(), "data": _ENTRY(required=False),
        "errors": Problem(many=True, required=False),
    },
    "What came of one item: its place in the list, its own status, and the award or the error.",
)  # fmt: skip
_COUNTS = shape("BatchCounts", {name: s.IntegerField() for name in ("awarded", "replayed", "skipped", "failed")})
BatchAnswer = shape("BatchAnswer", {"data": BatchItem(many=True), "meta": _COUNTS()})
Meta = shape("Meta", {name: s.IntegerField() for name in ("total", "page", "per_page", "total_pages")})
