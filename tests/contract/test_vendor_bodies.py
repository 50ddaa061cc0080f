"""Every body we build for a marketing platform, against a closed schema of it: a misspelt key fails.

Klaviyo's are its own models. The others publish none that is closed: what their stand-ins take is exactly what Encore sends.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest
from openapi_client.models.event_create_query_v2 import EventCreateQueryV2
from openapi_client.models.profile_import_job_create_query import ProfileImportJobCreateQuery
from openapi_client.models.profile_upsert_query import ProfileUpsertQuery

from config.subscriptions import SUBSCRIPTIONS
from loyalty.earning.operations import undo
from loyalty.events import EventKind
from loyalty.integrations import naming, profile
from loyalty.integrations.attentive import mapping as attentive
from loyalty.integrations.delivering import person_of
from loyalty.integrations.klaviyo import mapping as klaviyo
from loyalty.integrations.omnisend import mapping as omnisend
from loyalty.integrations.postscript import mapping as postscript
from loyalty.integrations.state import MemberState, read_state
from loyalty.integrations.vendor import Person, Told
from loyalty.integrations.vendors import VENDORS
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.outbox.models import Event
from loyalty.rewards.operations import begin, finish, issue_free
from tests.a_shop import NOW, AShop

STAND_INS = Path(__file__).parents[2] / "sandbox" / "vendors"
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
    "with a birthday": replace(BARE, date_of_birth=datetime(1990, 2, 28, tzinfo=UTC).date(), first_name="Ada"),
    "excluded": replace(BARE, status="excluded"),
}
SPARE: dict[str, list[dict[str, Any]]] = {
    "points_awarded": [{"points": 1, "rule_name": None, "note": "Hello", "order_number": "#1001"}],
    "reward_redeemed": [
        {"points": 9, "reward_name": "$5 off", "discount_type": "fixed_amount", "expires_at": "2026-04-01T00:00:00+00:00"},
        {"points": 9, "reward_name": "Free shipping", "discount_type": "free_shipping"},
        {"points": 0, "reward_name": "$5 credit", "discount_type": "store_credit", "discount_code": None},
    ],
    "vip_tier_changed": [{"new_tier": None}],
    "points_deducted": [{"points": 10}, {"points": 10, "rule_name": "Order", "order_number": "#7"}],
    "referral_claimed": [{"Reward": "100 points for creating an account"}],
    "referral_completed": [{"points": 0, "reward_name": "$5 off", "rule_name": "Refer a friend"}],
}  # fmt: skip
CASES = [(slug, payload) for slug, named in naming.EVENTS.items() for payload in [named.sample, *SPARE.get(slug, [])]]


def closed(model: Any) -> jsonschema.Draft202012Validator:
    """Klaviyo's model as a schema that allows nothing beside what it names (marketing-platforms facts, section 9)."""
    schema = model.model_json_schema()
    for part in [schema, *schema.get("$defs", {}).values()]:
        if part.get("properties"):
            part["additionalProperties"] = False
    return jsonschema.Draft202012Validator(schema)


def schema(vendor: str, part: str) -> jsonschema.Draft202012Validator:
    """One part of what a vendor's stand-in takes."""
    kept = json.loads((STAND_INS / vendor / "bodies.json").read_text("utf-8"))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator({**kept, "$ref": f"#/$defs/{part}"}, format_checker=checker)


def told(slug: str, payload: Any, state: MemberState | None, *, is_test: bool = False) -> Told:
    named = naming.EVENTS[slug]
    person = person_of(state, 1) if state else Person("friend@example.com", None)
    values = profile.properties(state, sends_birthday=True) if state else None
    said = naming.properties_of(named, payload, state, is_test=is_test)
    return Told(named.name, said, person, values, NOW, "1:0f6c1b2e-6f3f-4d51-9c6f-0d6d4c7a9f11")


def many(state: MemberState) -> Any:
    return [(person_of(state, 1), profile.properties(state, sends_birthday=False))] * 3


EVENT = {
    "klaviyo": (closed(EventCreateQueryV2), klaviyo.event),
    "omnisend": (schema("omnisend", "event"), omnisend.event),
    "postscript": (schema("postscript", "event"), lambda each: postscript.event(each, subscriber_id="s_1")),
    "attentive": (schema("attentive", "event"), attentive.event),
}
STATE = {
    "klaviyo": (closed(ProfileUpsertQuery), klaviyo.profile),
    "omnisend patch": (schema("omnisend", "contact_patch"), lambda _person, values: omnisend.patch(values)),
    "omnisend create": (schema("omnisend", "contact_create"), omnisend.contact),
    "postscript": (schema("postscript", "subscriber_patch"), lambda _person, values: postscript.patch(values)),
    "attentive": (schema("attentive", "attributes"), attentive.attributes),
}
BULK = {
    "klaviyo": (closed(ProfileImportJobCreateQuery), klaviyo.import_job),
    "omnisend": (schema("omnisend", "batch"), omnisend.batch),
}


def faults(validator: jsonschema.Draft202012Validator, body: Any) -> list[str]:
    return [f"{list(fault.absolute_path)}: {fault.message}" for fault in validator.iter_errors(body)]


def test_every_vendor_of_the_table_is_checked_here():
    assert {vendor.slug for vendor in VENDORS} == EVENT.keys()
    rows = {row.destination: row for row in SUBSCRIPTIONS}
    assert all(rows[vendor.slug].kinds == naming.KINDS for vendor in VENDORS)
    assert all(rows[f"{vendor.slug}:profiles"].is_state for vendor in VENDORS)


@pytest.mark.parametrize(("validator", "build"), EVENT.values(), ids=EVENT)
class TestEvents:
    @pytest.mark.parametrize("state", [*STATES.values(), None], ids=[*STATES, "nobody's"])
    @pytest.mark.parametrize(("slug", "payload"), CASES)
    def test_are_what_the_vendor_takes(self, validator, build, slug, payload, state):
        body = build(told(slug, payload, state))
        assert faults(validator, body) == []
        assert "null" not in json.dumps(body), "a null is kept as text by some and refused by others"

    def test_of_a_test_say_so(self, validator, build):
        body = build(told("points_expired", {"points": 1}, BARE, is_test=True))
        assert faults(validator, body) == []
        assert "true" in json.dumps(body).lower().partition("test")[2]

    def test_misspelt_would_be_noticed(self, validator, build):
        body = build(told("points_expired", {"points": 1}, BARE))
        inside = body["data"]["attributes"] if "data" in body else body
        inside["propertys"] = inside.pop("properties")
        assert faults(validator, body)


@pytest.mark.parametrize(("validator", "build"), STATE.values(), ids=STATE)
@pytest.mark.parametrize("sends_birthday", [False, True])
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_states_are_what_the_vendor_takes(validator, build, state, sends_birthday):
    body = build(person_of(state, 1), profile.properties(state, sends_birthday=sends_birthday))
    assert faults(validator, body) == []
    assert ("1990-02-28" in json.dumps(body)) == (sends_birthday and state.date_of_birth is not None)


@pytest.mark.parametrize(("validator", "build"), BULK.values(), ids=BULK)
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_batches_are_what_the_vendor_takes(validator, build, state):
    assert faults(validator, build(many(state))) == []


def test_klaviyo_unsets_just_what_does_not_apply():
    data = klaviyo.profile(person_of(BARE, 1), profile.properties(BARE, sends_birthday=True))["data"]
    unset, known = data["meta"]["patch_properties"]["unset"], data["attributes"]["properties"]
    assert not set(unset) & set(known)
    assert {*unset, *known} == {field.name for field in (*profile.FIELDS, profile.BIRTHDAY)}


@pytest.mark.django_db
def test_what_the_operations_write_becomes_events_that_every_vendor_takes():
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
        given, _ = issue_free(member=member, reward_id=reward.public_id, occurrence="tier:1", source="tier", now=NOW)
        finish(redemption_id=given.pk, discount_gid="gid://shopify/DiscountCodeNode/2", now=NOW)
        undo(public_id=first.public_id, now=NOW)
        ledger.adjust(
            program_id=shop.program.pk, account_id=account.pk, points=-5, key="a", source="manual", now=NOW,
            event={"source": "manual", "note": "Wrong order"},
        )  # fmt: skip
        ledger.expire_due(now=NOW + timedelta(days=400))
        state = read_state(member_id=member.pk, now=NOW)
        assert state is not None
        told_kinds = set()
        for row in Event.objects.all():
            named = naming.in_queue(EventKind(row.kind), "events")
            if named is None:
                continue
            slug = next(slug for slug, each in naming.EVENTS.items() if each is named)
            for validator, build in EVENT.values():
                assert faults(validator, build(told(slug, row.payload, state))) == [], row.kind
            told_kinds.add(EventKind(row.kind))
    elsewhere = {EventKind.REFERRAL_CLAIMED, EventKind.REFERRAL_COMPLETED, EventKind.POINTS_EXPIRING}
    assert told_kinds == naming.KINDS - elsewhere
