"""Each Flow trigger: its folder, its manifest, its schema and what is really sent agree, within Flow's size."""

import json
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from config.subscriptions import SUBSCRIPTIONS
from flow_extensions.triggers.adapter import FlowTriggers
from flow_extensions.triggers.details import MAX_BYTES, MAX_REWARDS
from flow_extensions.triggers.registry import KINDS
from flow_extensions.triggers.registry import TRIGGERS as OURS
from loyalty.earning.operations import adjust_points
from loyalty.members.models import Member
from loyalty.outbox.models import Event
from loyalty.outbox.ports import Outcome, Telling
from loyalty.rewards.models import Redemption
from shopify_app.shops.models import Shop
from tests.a_shop import NOW, AShop
from tests.contract.extensions import Extension, found
from tests.contract.graphql_values import faults
from tests.flow_happenings import STORIES, heard
from tests.journeys.referring import ReferringShop
from tests.sandbox_client import Sandbox

TRIGGERS = {extension.handle: extension for extension in found("triggers")}
DOCUMENTED = {
    "loyalty-sign-up": set(),
    "loyalty-points-earned": {"Points", "Earn Rule ID"},
    "loyalty-points-redeemed": {"Points", "Redeem Rule ID"},
    "loyalty-credits-earned": {"Credits", "Earn Rule ID", "Redeem Rule ID"},
    "loyalty-vip-tier-achieved": set(),
    "birthday-trigger": set(),
    "referral-reward-created": set(),
    "referred-reward-created": set(),
}
"""The eight that merchants' workflows know, letter for letter, with their own properties (programme-rules facts, 12.1)."""
SHARED = {"Event id", "Note", "Customer Loyalty Details"}


def wrong_with(extension: Extension, payload: dict[str, Any]) -> list[str]:
    """What Flow would refuse in a payload: keys letter for letter, and each value of its field's type."""
    wanted = extension.keys | extension.references
    wrong = [f"{key!r} is missing" for key in wanted - payload.keys()]
    wrong += [f"{key!r} is not in the manifest" for key in payload.keys() - wanted]
    for field in extension.fields:
        value = payload.get(field.get("key", f"{field['type'].removesuffix('_reference')}_id"))
        match field["type"].partition("."):
            case ["schema", _, name]:
                wrong += faults(extension.schema().type_map[name], value)
            case ["number_decimal", _, _]:
                wrong += [] if isinstance(value, int | float) and not isinstance(value, bool) else [str(field)]
            case ["single_line_text_field", _, _]:
                wrong += [] if isinstance(value, str) else [str(field)]
            case _:
                wrong += [] if field["type"].endswith("_reference") and isinstance(value, int) else [str(field)]
    return wrong


def test_the_registry_holds_the_folders_and_nothing_else():
    assert OURS.keys() == TRIGGERS.keys()
    (row,) = [row for row in SUBSCRIPTIONS if row.destination == "flow"]
    assert (row.kinds, type(row.adapter)) == (KINDS, FlowTriggers)


@pytest.mark.parametrize("extension", TRIGGERS.values(), ids=TRIGGERS)
def test_a_publisher_goes_by_its_manifests_handle_and_name(extension):
    module = import_module(f"flow_extensions.triggers.{extension.folder.name}.publisher")
    assert (module.TRIGGER.handle, module.TRIGGER.name) == (extension.handle, extension.manifest["name"])
    assert OURS[extension.handle] is module.TRIGGER


def test_the_documented_triggers_are_there_under_their_keys():
    assert {handle: TRIGGERS[handle].keys - SHARED for handle in DOCUMENTED} == DOCUMENTED


@pytest.mark.parametrize("extension", TRIGGERS.values(), ids=TRIGGERS)
def test_every_trigger_carries_what_all_carry(extension):
    assert extension.keys >= SHARED
    assert extension.references == {"customer_id"}


def test_the_shared_types_are_the_same_in_every_schema():
    texts = {(extension.folder / "schema.graphql").read_text() for extension in TRIGGERS.values()}
    assert len(texts) == 1


@pytest.mark.parametrize("extension", TRIGGERS.values(), ids=TRIGGERS)
def test_a_published_schema_carries_the_customers_loyalty_details(extension):
    (details,) = [field for field in extension.fields if field["type"].startswith("schema.")]
    names = set(extension.schema().type_map[details["type"].removeprefix("schema.")].fields)
    documented = (
        "availablePoints pendingPoints creditedPoints spentAmount currentVipTier referredCompleted referralLink dob "
        "rewardedForFacebook rewardedForTwitter rewardedForInstagram rewardedForYoutube rewardedForTiktok "
        "rewardedForNewsLetter rewardedForSms rewardedForCreatingAccount rewards"
    )
    assert names == set(documented.split())


@pytest.mark.django_db
class TestEveryTrigger:
    @pytest.fixture
    def shop(self, installed_shop: Shop, sandbox: Sandbox) -> Iterator[ReferringShop]:
        shop = ReferringShop(installed_shop.program)
        shop.sandbox = sandbox
        with shop.scope():
            yield shop

    @pytest.mark.parametrize("extension", TRIGGERS.values(), ids=TRIGGERS)
    def test_is_what_its_manifest_says_and_within_flows_size(self, shop, extension):
        story, _ = STORIES[extension.handle]
        story(shop)
        (payload,) = heard(shop, extension.handle)
        assert wrong_with(extension, payload) == []
        assert len(json.dumps(payload).encode()) <= MAX_BYTES


@pytest.mark.django_db
class TestLoyaltyPointsEarned:
    @pytest.fixture
    def shop(self, installed_shop: Shop) -> AShop:
        shop = AShop(installed_shop.program)
        shop.tier("Gold", 0, "2")
        shop.action(points=100)
        shop.rule("follow_on_instagram")
        shop.member(7001)
        return shop

    def sent(self, shop: AShop) -> tuple[Outcome, dict[str, Any]]:
        """Tell Flow of the newest event; the payload as it left."""
        with shop.scope():
            event = Event.objects.filter(kind="points.earned").latest("occurred_at", "sequence")
            telling = Telling(
                program_id=event.program_id, member_id=event.member_id, delivery_id=1, event_id=str(event.pk), kind=event.kind,
                payload=event.payload, occurred_at=event.occurred_at, sequence=event.sequence, now=NOW,
                destination="flow:loyalty-points-earned",
            )  # fmt: skip
            outcome = FlowTriggers().deliver(telling)
        assert outcome.request is not None
        assert outcome.request["handle"] == "loyalty-points-earned"
        payload = json.loads(json.dumps(outcome.request["payload"]))
        assert wrong_with(TRIGGERS["loyalty-points-earned"], payload) == []
        assert len(json.dumps(payload, ensure_ascii=True).encode()) <= MAX_BYTES
        return outcome, payload

    def rewards(self, shop: AShop, count: int, name: str) -> None:
        """Redemptions in every state a customer sees, the newest last."""
        with shop.scope():
            member = Member.objects.get()
            for number in range(count):
                used = number % 3 == 0
                Redemption.objects.create(
                    program=shop.program, public_id=f"cr_{number}", member=member, points_spent=5, code=f"CODE-{number}",
                    state="used" if used else "active", is_refunded=number % 7 == 0, entry_id=number,
                    order_id=10**15 + number if used else None, order_number=f"#{number}" if used else None,
                    used_at=NOW if used else None, expires_at=NOW + timedelta(days=30),
                    terms={"reward_name": f"{number} {name}", "reward_number": 7, "discount_type": "percentage"},
                    created_at=NOW + timedelta(minutes=number), updated_at=NOW,
                )  # fmt: skip

    def test_is_what_the_manifest_says_for_somebody_new(self, shop):
        shop.award()
        outcome, payload = self.sent(shop)
        assert outcome.status == 200
        assert payload["Points"] == 200
        assert payload["Customer Loyalty Details"]["currentVipTier"] == "Gold"
        assert payload["Customer Loyalty Details"]["rewards"] == []

    def test_is_what_the_manifest_says_for_points_given_by_hand(self, shop):
        with shop.scope():
            adjust_points(member=Member.objects.get(), points=5, source="staff", note="Sorry for the delay", now=NOW)
        _, payload = self.sent(shop)
        assert (payload["Points"], payload["Earn Rule ID"], payload["Note"]) == (5, "", "Sorry for the delay")

    def test_is_what_the_manifest_says_for_somebody_with_rewards(self, shop):
        self.rewards(shop, 3, "reward")
        shop.award()
        _, payload = self.sent(shop)
        told = payload["Customer Loyalty Details"]["rewards"]
        assert [reward["discountCode"] for reward in told] == ["CODE-2", "CODE-1", "CODE-0"]
        assert [reward["status"] for reward in told] == ["UNUSED", "UNUSED", "REFUNDED"]

    def test_holds_the_latest_fifty_rewards(self, shop):
        self.rewards(shop, MAX_REWARDS + 5, "reward")
        shop.award()
        _, payload = self.sent(shop)
        assert len(payload["Customer Loyalty Details"]["rewards"]) == MAX_REWARDS
        assert payload["Customer Loyalty Details"]["rewards"][0]["description"] == "54 reward"

    @pytest.mark.parametrize("name", ["x" * 1500, "🎁" * 190], ids=["long", "in many bytes"])
    def test_keeps_the_newest_that_flow_has_room_for_and_says_so(self, shop, name):
        self.rewards(shop, MAX_REWARDS, name)
        shop.award()
        outcome, payload = self.sent(shop)
        assert outcome.status == 200, outcome
        kept = payload["Customer Loyalty Details"]["rewards"]
        newest = [f"CODE-{number}" for number in range(MAX_REWARDS - 1, -1, -1)]
        assert 0 < len(kept) < MAX_REWARDS
        assert [reward["discountCode"] for reward in kept] == newest[: len(kept)]
        assert payload["Note"].endswith(f"(the newest {len(kept)} of {MAX_REWARDS} rewards)")

    def test_of_another_shape_would_be_noticed(self, shop):
        shop.award()
        _, payload = self.sent(shop)
        extension = TRIGGERS["loyalty-points-earned"]
        details = payload["Customer Loyalty Details"]
        for wrong in (
            {**payload, "points": 1},
            {**payload, "Points": "1"},
            {key: value for key, value in payload.items() if key != "Event id"},
            {**payload, "Customer Loyalty Details": {**details, "dob": None}},
            {**payload, "Customer Loyalty Details": {**details, "rewards": [{"description": "x"}]}},
        ):
            assert wrong_with(extension, wrong), wrong
