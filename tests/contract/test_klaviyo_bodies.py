"""Every body we build for Klaviyo, against closed schemas of Klaviyo's own models: a misspelt key fails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest
from openapi_client.models.event_create_query_v2 import EventCreateQueryV2
from openapi_client.models.profile_upsert_query import ProfileUpsertQuery

from config.subscriptions import SUBSCRIPTIONS
from loyalty.earning.operations import undo
from loyalty.events import EventKind
from loyalty.integrations.klaviyo import mapping
from loyalty.integrations.state import MemberState, read_state
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.outbox.models import Event
from loyalty.rewards.operations import begin, finish, issue_free
from tests.a_shop import NOW, AShop

BARE = MemberState(
    email="ada@example.com", shopify_customer_id=7001, balance=0, pending=0, lifetime=0, redeemed=0, tier=None,
    next_tier=None, points_to_next_tier=0, status="member", referral_url="https://tea.example?referral_code=ABC",
    expires_at=None, member_since=datetime(2026, 3, 1, tzinfo=UTC), read_at=NOW, is_filtered_out=False,
)  # fmt: skip
STATES = {
    "bare": BARE,
    "with a tier": replace(BARE, tier="Silver", next_tier="Gold", points_to_next_tier=10),
    "on the last tier": replace(BARE, tier="Gold"),
    "with an end": replace(BARE, balance=10, expires_at=NOW),
    "excluded": replace(BARE, status="excluded"),
}
PAYLOADS: dict[EventKind, list[dict[str, Any]]] = {
    EventKind.POINTS_EARNED: [
        {"points": 100, "rule_name": "App install"},
        {"points": 1, "rule_name": None, "note": "Hello", "order_number": "#1001"},
    ],
    EventKind.POINTS_REDEEMED: [
        {"points": 9, "reward_name": "$5 off", "discount_type": "fixed_amount", "discount_code": "TEA-1",
         "expires_at": "2026-04-01T00:00:00+00:00"},
        {"points": 9, "reward_name": "Free shipping", "discount_type": "free_shipping"},
    ],
    EventKind.REWARD_ISSUED: [
        {"points": 0, "reward_name": "$5 off", "discount_type": "fixed_amount", "discount_code": "TEA-1", "source": "tier"},
        {"points": 0, "reward_name": "$5 credit", "discount_type": "store_credit", "discount_code": None},
    ],
    EventKind.TIER_CHANGED: [{"new_tier": "Gold", "previous_tier": "Silver", "direction": "up"}, {"new_tier": None}],
    EventKind.MEMBER_ENROLLED: [{"source": "rest", "balance": 0}],
    EventKind.POINTS_REVERSED: [{"points": 10, "rule_name": "App install"}],
    EventKind.POINTS_DEDUCTED: [{"points": 10, "note": "Wrong order"}, {"points": 10}],
    EventKind.POINTS_EXPIRED: [{"points": 10}],
}  # fmt: skip


def closed(model: Any) -> jsonschema.Draft202012Validator:
    """Klaviyo's model as a schema that allows nothing beside what it names (marketing-platforms facts, section 9)."""
    schema = model.model_json_schema()
    for part in [schema, *schema.get("$defs", {}).values()]:
        if part.get("properties"):
            part["additionalProperties"] = False
    return jsonschema.Draft202012Validator(schema)


EVENTS, PROFILES = closed(EventCreateQueryV2), closed(ProfileUpsertQuery)


def faults(validator: jsonschema.Draft202012Validator, body: Any) -> list[str]:
    return [f"{list(fault.absolute_path)}: {fault.message}" for fault in validator.iter_errors(body)]


def event(kind: EventKind, payload: Any, state: MemberState, occurred_at: datetime = NOW) -> dict[str, Any]:
    return mapping.event(kind=kind, payload=payload, state=state, unique_id="1:x", occurred_at=occurred_at)


class TestEvents:
    def test_of_every_kind_klaviyo_hears_of_are_checked_here(self):
        (row,) = [row for row in SUBSCRIPTIONS if row.destination == "klaviyo:events"]
        assert row.kinds == PAYLOADS.keys() == mapping.METRICS.keys()

    @pytest.mark.parametrize("state", STATES.values(), ids=STATES)
    @pytest.mark.parametrize(("kind", "payload"), [(kind, each) for kind, found in PAYLOADS.items() for each in found])
    def test_are_what_klaviyo_takes(self, kind, payload, state):
        body = event(kind, payload, state)
        assert faults(EVENTS, body) == []
        values = body["data"]["attributes"]["properties"].values()
        assert all(isinstance(value, str | int | float | bool) for value in values), "Klaviyo keeps null as text"

    def test_misspelt_would_be_noticed(self):
        body = event(EventKind.POINTS_EXPIRED, {"points": 1}, BARE)
        body["data"]["attributes"]["uniqueId"] = body["data"]["attributes"].pop("unique_id")
        assert faults(EVENTS, body)
        assert faults(EVENTS, {"data": {"type": "events"}})


class TestProfiles:
    @pytest.mark.parametrize("state", STATES.values(), ids=STATES)
    def test_are_what_klaviyo_takes(self, state):
        assert faults(PROFILES, mapping.profile(state=state)) == []

    def test_unset_just_what_does_not_apply(self):
        unset = mapping.profile(state=BARE)["data"]["meta"]["patch_properties"]["unset"]
        known = mapping.profile(state=BARE)["data"]["attributes"]["properties"]
        assert not set(unset) & set(known)
        assert {*unset, *known} == {*mapping.properties(replace(STATES["with a tier"], expires_at=NOW))}

    def test_misspelt_would_be_noticed(self):
        body = mapping.profile(state=BARE)
        body["data"]["attributes"]["propertys"] = {}
        assert faults(PROFILES, body)


@pytest.mark.django_db
class TestWhatTheOperationsWrite:
    def test_becomes_events_klaviyo_takes(self):
        shop = AShop.new(points_expiry_enabled=True, points_expiry_days=30)
        shop.tier("Bronze", 0)
        shop.tier("Silver", 150)
        member = shop.member(points=20)
        shop.action(points=100)
        reward = shop.reward(50)
        first = shop.award()
        shop.award("again")
        with shop.scope():
            account = Account.objects.get(member=member)
            redemption, _ = begin(member=member, reward_id=reward.public_id, now=NOW, source="rest")
            finish(redemption_id=redemption.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)
            given, _ = issue_free(
                member=member, reward_id=reward.public_id, occurrence="tier:1", source="tier", now=NOW
            )
            finish(redemption_id=given.pk, discount_gid="gid://shopify/DiscountCodeNode/2", now=NOW)
            undo(public_id=first.public_id, now=NOW)
            ledger.adjust(
                program_id=shop.program.pk, account_id=account.pk, points=-5, key="a", source="manual", now=NOW,
                event={"source": "manual", "note": "Wrong order"},
            )  # fmt: skip
            ledger.expire_due(now=NOW + timedelta(days=400))
            state = read_state(member_id=member.pk, now=NOW)
            assert state is not None
            told = [row for row in Event.objects.all() if row.kind in mapping.METRICS]
            for row in told:
                assert faults(EVENTS, event(EventKind(row.kind), row.payload, state, row.occurred_at)) == [], row.kind
            assert {row.kind for row in told} == {str(kind) for kind in PAYLOADS}
            assert faults(PROFILES, mapping.profile(state=state)) == []
