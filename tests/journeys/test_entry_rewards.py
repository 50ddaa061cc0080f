"""A member rises to a tier that gives a reward: its code is in Shopify, in their history and with the vendors, for no points."""

from decimal import Decimal

import pytest
from django.utils import timezone

from loyalty.rewards.operations import change_tiers
from loyalty.tiers.operations import Ladder, TierTerms

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    with live.scope():
        live.connect_klaviyo()
        yield live


def history(shop):
    return [line["attributes"] for line in shop.rest("GET", "customers/7001/reward-history").json()["data"]]


def test_the_reward_for_reaching_a_tier(shop):
    reward = shop.reward(0, name="Welcome to Gold", discount_amount=Decimal(20), expiry_days=30, now=timezone.now())
    ladder = Ladder([TierTerms("Member", 0), TierTerms("Gold", 100)], "points", "lifetime", 0, "all")
    change_tiers(program_id=shop.program.pk, ladder=ladder, entry_rewards={100: reward.public_id}, now=timezone.now())
    shop.action(points=60, now=timezone.now())
    call = {"customer_id": "7001", "action_key": "app_install"}
    assert shop.rest("POST", "actions", {**call, "idempotency_key": "one"}).status_code == 201
    assert history(shop) == []
    assert shop.rest("POST", "actions", {**call, "idempotency_key": "two"}).status_code == 201
    shop.eventually(lambda: history(shop))
    (given,) = history(shop)
    assert (given["points_spent"], given["status"], given["is_refunded"]) == (0, "active", False)
    assert (given["reward_id"], given["reward_name"]) == (reward.public_id, "Welcome to Gold")
    assert shop.codes()[given["discount_code"]]["customer_gids"] == ["gid://shopify/Customer/7001"]
    assert shop.rest("GET", "customers/7001").json()["data"]["attributes"]["current_points"] == 120

    def told():
        events = [event for event in shop.klaviyo()["events"] if event["metric"] == "Reward Redeemed"]
        return [event["properties"] for event in events]

    shop.eventually(told)
    assert (told()[0]["Points Spent"], told()[0]["Discount Code"]) == (0, given["discount_code"])

    member, gold = shop.rest("GET", "vip-tiers").json()["data"]
    (shown,) = gold["attributes"]["rewards"]
    assert (shown["id"], shown["points_cost"], shown["reward_type"]) == (reward.public_id, 0, "tier")
    assert member["attributes"]["rewards"] == []
    with shop.nothing_changes():
        refused = shop.rest("POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_for_sale")
