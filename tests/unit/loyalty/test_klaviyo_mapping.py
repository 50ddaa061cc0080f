"""What Klaviyo reads: names that merchants' flows are built on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from loyalty.events import EventKind
from loyalty.integrations.klaviyo import mapping
from loyalty.integrations.state import MemberState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATE = MemberState(
    email="ada@example.com", shopify_customer_id=7001, balance=150, pending=20, lifetime=400, redeemed=230, tier="Silver",
    next_tier="Gold", points_to_next_tier=600, status="member", referral_url="https://tea.example?referral_code=ABC",
    expires_at=None, member_since=NOW, read_at=NOW, is_filtered_out=False,
)  # fmt: skip
PAYLOADS = {
    EventKind.POINTS_EARNED: {"points": 100, "rule_name": "App install"},
    EventKind.POINTS_REDEEMED: {"points": 200, "reward_name": "$5 off", "discount_type": "fixed_amount"},
    EventKind.REWARD_ISSUED: {"points": 0, "reward_name": "$5 off", "discount_type": "fixed_amount"},
    EventKind.TIER_CHANGED: {"new_tier": "Gold", "previous_tier": "Silver", "direction": "up"},
    EventKind.MEMBER_ENROLLED: {"source": "rest"},
    EventKind.POINTS_REVERSED: {"points": 10, "rule_name": "App install"},
    EventKind.POINTS_DEDUCTED: {"points": 10, "note": "Wrong order"},
    EventKind.POINTS_EXPIRED: {"points": 10},
}


def told(kind, payload=None, state=STATE):
    body = mapping.event(
        kind=kind, payload=PAYLOADS[kind] if payload is None else payload, state=state, unique_id="1:x", occurred_at=NOW
    )
    return body["data"]["attributes"]


class TestAnEvent:
    @pytest.mark.parametrize(
        ("kind", "name", "properties"),
        [
            (
                EventKind.POINTS_EARNED,
                "Points Awarded",
                {"Points Awarded": 100, "Earning Rule": "App install", "Status": "approved"},
            ),
            (
                EventKind.POINTS_REDEEMED,
                "Reward Redeemed",
                {"Reward Name": "$5 off", "Points Spent": 200, "Discount Type": "fixed"},
            ),
            (
                EventKind.REWARD_ISSUED,
                "Reward Redeemed",
                {"Reward Name": "$5 off", "Points Spent": 0, "Discount Type": "fixed"},
            ),
            (
                EventKind.TIER_CHANGED,
                "VIP Tier Changed",
                {"New Tier Name": "Gold", "Previous Tier Name": "Silver", "Direction": "up"},
            ),
            (EventKind.MEMBER_ENROLLED, "Loyalty Program Joined", {"Source": "rest"}),
            (EventKind.POINTS_REVERSED, "Points Deducted", {"Points Deducted": 10, "Reason": "App install"}),
            (EventKind.POINTS_DEDUCTED, "Points Deducted", {"Points Deducted": 10, "Reason": "Wrong order"}),
            (EventKind.POINTS_EXPIRED, "Points Expired", {"Points Expired": 10}),
        ],
    )
    def test_has_the_name_and_labels_flows_are_built_on(self, kind, name, properties):
        said = told(kind)
        assert said["metric"]["data"]["attributes"]["name"] == name
        assert properties.items() <= said["properties"].items()

    def test_is_known_for_every_kind_that_klaviyo_hears_of(self):
        assert set(mapping.METRICS) == set(PAYLOADS)

    def test_of_an_adjustment_names_no_rule_but_manual(self):
        assert told(EventKind.POINTS_EARNED, {"points": 5, "rule_name": None})["properties"]["Earning Rule"] == "Manual"

    def test_carries_the_members_new_state_and_its_own_id(self):
        said = told(EventKind.POINTS_EARNED)
        who = said["profile"]["data"]["attributes"]
        assert who["email"] == "ada@example.com"
        assert who["properties"]["Encore Points Balance"] == 150
        assert (said["unique_id"], said["time"]) == ("1:x", "2026-03-01T12:00:00+00:00")

    @pytest.mark.parametrize(
        ("kind", "said"), [("percentage", "percentage"), ("free_shipping", "free_shipping"), ("fixed_amount", "fixed")]
    )
    def test_spells_discount_types_as_klaviyos_flows_do(self, kind, said):
        payload = {**PAYLOADS[EventKind.POINTS_REDEEMED], "discount_type": kind}
        assert told(EventKind.POINTS_REDEEMED, payload)["properties"]["Discount Type"] == said


class TestAProfile:
    def test_shows_where_the_member_stands(self):
        shown = mapping.profile(state=STATE)["data"]["attributes"]
        assert shown["properties"] == {
            "Encore Points Balance": 150, "Encore Points Pending": 20, "Encore Lifetime Points": 400,
            "Encore VIP Tier": "Silver", "Encore Next VIP Tier": "Gold", "Encore Points To Next Tier": 600,
            "Encore Loyalty Status": "member", "Encore Referral URL": STATE.referral_url,
            "Encore Member Since": NOW.isoformat(), "Encore Updated At": NOW.isoformat(timespec="seconds"),
        }  # fmt: skip

    def test_unsets_what_no_longer_applies(self):
        topmost = replace(STATE, next_tier=None, points_to_next_tier=0)
        gone = mapping.profile(state=topmost)["data"]["meta"]["patch_properties"]["unset"]
        assert gone == ["Encore Next VIP Tier", "Encore Points To Next Tier", "Encore Points Expire At"]

    def test_unsets_nothing_when_everything_applies(self):
        assert "meta" not in mapping.profile(state=replace(STATE, expires_at=NOW))["data"]
