"""What marketing platforms read: names that merchants' flows are built on, and how each vendor spells them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty.events import EventKind
from loyalty.integrations import naming, profile
from loyalty.integrations.attentive import mapping as attentive
from loyalty.integrations.klaviyo import mapping as klaviyo
from loyalty.integrations.omnisend import mapping as omnisend
from loyalty.integrations.postscript import mapping as postscript
from loyalty.integrations.state import MemberState
from loyalty.integrations.vendor import Person, Told

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATE = MemberState(
    email="ada@example.com", shopify_customer_id=7001, balance=150, pending=20, lifetime=400, redeemed=230, tier="Silver",
    next_tier="Gold", points_to_next_tier=600, status="member", referral_url="https://tea.example?referral_code=ABC",
    expires_at=None, member_since=NOW, read_at=NOW, is_filtered_out=False, first_name="Ada", date_of_birth=date(1990, 2, 28),
)  # fmt: skip
ADA = Person("ada@example.com", 7001, 1)


def said(kind, payload, *, queue="events", state=STATE):
    named = naming.in_queue(kind, queue)
    assert named is not None
    return named.name, naming.properties_of(named, payload, state)


@pytest.mark.parametrize(
    ("kind", "payload", "name", "properties"),
    [
        (EventKind.POINTS_EARNED, {"points": 100, "rule_name": "App install", "order_number": "#1042"}, "Points Awarded",
         {"Points Awarded": 100, "Earning Rule": "App install", "Status": "approved", "Order Number": "1042", "Points Balance": 150}),
        (EventKind.POINTS_EARNED, {"points": 5, "rule_name": None}, "Points Awarded",
         {"Points Awarded": 5, "Earning Rule": "Manual", "Status": "approved", "Points Balance": 150}),
        (EventKind.POINTS_REDEEMED,
         {"points": 200, "reward_name": "$5 off", "discount_type": "fixed_amount", "discount_code": "T-1", "expires_at": "2026-04-01"},
         "Reward Redeemed",
         {"Reward Name": "$5 off", "Points Spent": 200, "Discount Type": "fixed", "Discount Code": "T-1", "Expires At": "2026-04-01",
          "Points Balance": 150}),
        (EventKind.REWARD_ISSUED, {"points": 0, "reward_name": "Ship", "discount_type": "free_shipping"}, "Reward Redeemed",
         {"Reward Name": "Ship", "Points Spent": 0, "Discount Type": "free_shipping", "Points Balance": 150}),
        (EventKind.TIER_CHANGED, {"new_tier": "Gold", "previous_tier": "Silver", "direction": "up"}, "VIP Tier Changed",
         {"New Tier Name": "Gold", "Previous Tier Name": "Silver", "Direction": "up"}),
        (EventKind.TIER_CHANGED, {"new_tier": None, "previous_tier": "Silver", "direction": "down"}, "VIP Tier Changed",
         {"New Tier Name": "None", "Previous Tier Name": "Silver", "Direction": "down"}),
        (EventKind.POINTS_EXPIRING, {"points": 30, "expires_at": "2026-03-05T13:00:00+00:00"}, "Points Expiry Soon",
         {"Points Expiring": 30, "Current Points": 150, "Days Until Expiry": 5, "First Name": "Ada"}),
        (EventKind.REFERRAL_COMPLETED, {"points": 500, "rule_name": "Refer a friend"}, "Referral Completed",
         {"Campaign Name": "Refer a friend", "Points Awarded": 500}),
        (EventKind.REFERRAL_COMPLETED, {"points": 0, "reward_name": "$5 off", "rule_name": "Refer"}, "Referral Completed",
         {"Campaign Name": "Refer", "Reward Name": "$5 off"}),
        (EventKind.MEMBER_ENROLLED, {"source": "rest"}, "Loyalty Program Joined", {"Points Balance": 150, "Source": "rest"}),
        (EventKind.POINTS_REVERSED, {"points": 10, "rule_name": "Order", "order_number": "#7"}, "Points Deducted",
         {"Points Deducted": 10, "Reason": "Order", "Order Number": "7", "Points Balance": 150}),
        (EventKind.POINTS_DEDUCTED, {"points": 10, "note": "Wrong order"}, "Points Deducted",
         {"Points Deducted": 10, "Reason": "Wrong order", "Points Balance": 150}),
        (EventKind.POINTS_EXPIRED, {"points": 10}, "Points Expired", {"Points Expired": 10, "Points Balance": 150}),
    ],
)  # fmt: skip
def test_an_event_has_the_name_and_labels_flows_are_built_on(kind, payload, name, properties):
    assert said(kind, payload) == (name, properties)


def test_birthday_points_are_told_twice_under_two_names():
    payload = {"points": 200, "rule_name": "Birthday", "action": "birthday"}
    chosen = naming.chosen(list(naming.EVENTS), EventKind.POINTS_EARNED)
    assert [named.name for named in chosen if named.case(payload)] == ["Points Awarded", "Birthday Reward"]
    assert [named.name for named in chosen if named.case({"points": 1, "action": "place_order"})] == ["Points Awarded"]
    assert said(EventKind.POINTS_EARNED, payload, queue="birthdays") == ("Birthday Reward", {"Points Awarded": 200})


def test_a_friend_is_told_what_they_get():
    named = naming.EVENTS[naming.REFERRAL_CLAIMED]
    found = {
        "Discount Code": "F-1",
        "Discount Type": "percentage",
        "Discount Value": 10,
        "Reward": "10% off",
        "Advocate Name": None,
    }
    told = naming.properties_of(named, {"referral_id": "ref_1", **found}, None)
    assert told == {"Discount Code": "F-1", "Discount Type": "percentage", "Discount Value": 10, "Reward": "10% off"}


def test_somebody_without_a_name_is_addressed_all_the_same():
    state = replace(STATE, first_name=None)
    _, properties = said(
        EventKind.POINTS_EXPIRING, {"points": 3, "expires_at": (NOW + timedelta(hours=1)).isoformat()}, state=state
    )
    assert (properties["First Name"], properties["Days Until Expiry"]) == ("there", 1)


def test_only_expiry_is_off_until_it_is_chosen():
    assert set(naming.EVENTS) - set(naming.USUAL) == {"points_expiry_soon"}


def test_a_queue_holds_one_name_per_kind():
    pairs = [(kind, named.queue) for named in naming.EVENTS.values() for kind in named.kinds]
    assert len(pairs) == len(set(pairs))


class TestAProfile:
    KNOWN = {
        "Encore Points Balance": 150, "Encore Points Pending": 20, "Encore Lifetime Points": 400,
        "Encore VIP Tier": "Silver", "Encore Next VIP Tier": "Gold", "Encore Points To Next Tier": 600,
        "Encore Loyalty Status": "member", "Encore Referral URL": STATE.referral_url,
        "Encore Member Since": NOW.isoformat(), "Encore Updated At": NOW.isoformat(timespec="seconds"),
    }  # fmt: skip

    def test_shows_where_the_member_stands(self):
        assert profile.known(profile.properties(STATE, sends_birthday=False)) == self.KNOWN

    def test_holds_the_date_of_birth_only_where_the_merchant_wants_it(self):
        assert profile.properties(STATE, sends_birthday=True)["Encore Date of Birth"] == "1990-02-28"
        assert "Encore Date of Birth" not in profile.properties(STATE, sends_birthday=False)

    def test_on_the_last_tier_clears_the_next(self):
        topmost = profile.properties(replace(STATE, next_tier=None, points_to_next_tier=0), sends_birthday=False)
        unset = klaviyo.profile(ADA, topmost)["data"]["meta"]["patch_properties"]["unset"]
        assert unset == ["Encore Next VIP Tier", "Encore Points To Next Tier", "Encore Points Expire At"]
        assert omnisend.custom(topmost)["encore_next_vip_tier"] == ""
        assert omnisend.custom(topmost)["encore_points_to_next_tier"] == 0
        assert postscript.patch(topmost)["properties"]["Encore_Points_Expire_At"] == ""
        assert attentive.attributes(ADA, topmost)["properties"]["Encore Points Expire At"] == ""

    def test_is_spelt_as_each_vendor_spells(self):
        values = profile.properties(STATE, sends_birthday=True)
        assert "Encore Points Balance" in klaviyo.profile(ADA, values)["data"]["attributes"]["properties"]
        assert {"encore_points_balance", "encore_date_of_birth"} <= omnisend.patch(values)["customProperties"].keys()
        assert {"Encore_Points_Balance", "Encore_Date_of_Birth"} <= postscript.patch(values)["properties"].keys()
        assert {"Encore Points Balance", "Encore Date of Birth"} <= attentive.attributes(ADA, values)[
            "properties"
        ].keys()


class TestAToldEvent:
    TOLD = Told(
        "Points Awarded", {"Points Awarded": 100, "Earning Rule": "App install"}, ADA,
        profile.properties(STATE, sends_birthday=False), NOW, "12:0f6c1b2e-6f3f-4d51-9c6f-0d6d4c7a9f11",
    )  # fmt: skip

    def test_is_klaviyos_metric(self):
        body = klaviyo.event(self.TOLD)["data"]["attributes"]
        who = body["profile"]["data"]["attributes"]
        assert body["metric"]["data"]["attributes"]["name"] == "Points Awarded"
        assert (who["email"], who["properties"]["Encore Points Balance"]) == ("ada@example.com", 150)
        assert (body["unique_id"], body["time"], body["backfill"]) == (
            self.TOLD.unique_id,
            "2026-03-01T12:00:00+00:00",
            False,
        )

    def test_is_omnisends_event_with_one_id_for_ever(self):
        body, again = omnisend.event(self.TOLD), omnisend.event(replace(self.TOLD, properties={}))
        assert (body["eventName"], body["origin"], body["eventTime"]) == (
            "Points Awarded",
            "Encore",
            "2026-03-01T12:00:00Z",
        )
        assert body["eventID"] == again["eventID"] == "d3c51e4e-a26b-5860-8604-4131880ccdcb"
        assert body["eventID"] != omnisend.event(replace(self.TOLD, unique_id="13:x"))["eventID"]

    def test_is_postscripts_event_with_underscores(self):
        body = postscript.event(self.TOLD, subscriber_id="s_1")
        assert (body["type"], body["occurred_at"]) == ("Points_Awarded", "2026-03-01 12:00:00.000000")
        assert body["properties"] == {"Points_Awarded": 100, "Earning_Rule": "App install"}
        assert (body["subscriber_id"], body["external_id"]) == ("s_1", self.TOLD.unique_id)

    def test_is_attentives_event_of_an_address_with_one_id_for_ever(self):
        body, again = attentive.event(self.TOLD), attentive.event(replace(self.TOLD, properties={}))
        assert (body["type"], body["user"]) == ("Points Awarded", {"email": "ada@example.com"})
        assert body["properties"] == {"Points Awarded": 100, "Earning Rule": "App install"}
        assert body["occurredAt"] == "2026-03-01T12:00:00.000+00:00"
        assert body["externalEventId"] == again["externalEventId"] == "8973d805-428f-5db1-bd2f-7b6df3043a9d"
        assert body["externalEventId"] != attentive.event(replace(self.TOLD, unique_id="13:x"))["externalEventId"]

    def test_of_a_friend_writes_no_profile(self):
        friend = replace(self.TOLD, person=Person("friend@example.com", None), state=None)
        assert klaviyo.event(friend)["data"]["attributes"]["profile"]["data"]["attributes"] == {
            "email": "friend@example.com"
        }
        assert omnisend.event(friend)["contact"] == {"email": "friend@example.com"}
