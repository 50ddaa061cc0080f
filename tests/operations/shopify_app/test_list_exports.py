"""The lists of a programme as files: what a list shows under its filters is in its file, and nothing of another shop's."""

import csv
import io

import pytest
from django.test import Client

from loyalty.rewards.operations import issue_free
from loyalty.rewards.operations.ending import finish
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop
from tests.operations.shopify_app.test_deliveries_page import went
from tests.operations.shopify_app.test_referrals_page import referred

pytestmark = pytest.mark.django_db
PAGES = {
    "approvals": "approvals", "campaigns": "campaigns", "deliveries": "deliveries", "earning-rules": "earning-rules",
    "redemptions": "rewards", "referrals": "referrals", "rewards": "rewards",
}  # fmt: skip
"""Each list with the page that has its button."""


def filled(name: str) -> AShop:
    """A shop with one of everything, each called by the shop's own name."""
    made = AShop.new(time_zone="America/New_York")
    with made.scope():
        member = made.member(7001, points=50, email=f"{name}@example.com")
        rule = made.action(f"{name}_visit", approval_days=9)
        made.award(action=f"{name}_visit")
        made.campaign(rule, "2")
        reward = made.reward(name=f"={name} reward")
        given, _ = issue_free(member=member, reward_id=reward.public_id, occurrence="x", source="test", now=NOW)
        finish(redemption_id=given.pk, discount_gid=f"gid://shopify/DiscountCodeNode/{name}", now=NOW)
        went(made)
        referred(made, friend_email=f"friend-of-{name}@example.com")
    return made


@pytest.fixture
def shop(db):
    made = filled("tea")
    filled("other")
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def exported(staff, name, **said):
    address = staff.post(f"/standalone/exports/{name}", said)["Location"]
    data = b"".join(Client().get(address).streaming_content)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("name", "where"), PAGES.items())
def test_a_page_has_the_button_and_the_file_holds_nothing_of_another_shop(shop, staff, name, where):
    assert f'action="/standalone/exports/{name}"' in staff.get(f"/standalone/{where}").content.decode()
    rows = exported(staff, name)
    assert rows
    assert "other" not in str(rows)


def test_rules_and_rewards_are_written_with_their_terms_and_defused(shop, staff):
    by_key = {row["action_key"]: row for row in exported(staff, "earning-rules")}
    assert (by_key["tea_visit"]["points"], by_key["tea_visit"]["approval_days"], by_key["tea_visit"]["is_active"]) == (
        "100", "9", "true",
    )  # fmt: skip
    (reward,) = exported(staff, "rewards")
    assert (reward["name"], reward["points_cost"]) == ("'=tea reward", "100")
    (redemption,) = exported(staff, "redemptions")
    assert redemption["code"].startswith("TEA-")
    assert (redemption["reward"], redemption["state"], redemption["email"]) == (
        "'=tea reward",
        "active",
        "tea@example.com",
    )


def test_what_waits_is_written_under_the_filters(shop, staff):
    (row,) = exported(staff, "approvals", member="7001")
    assert (row["email"], row["points"], row["due_at"]) == ("tea@example.com", "100", "2026-03-10T08:00:00-04:00")
    assert exported(staff, "approvals", member="nobody@example.com") == []


def test_referrals_and_deliveries_are_written_under_the_filters(shop, staff):
    (friend,) = exported(staff, "referrals", state="pending")
    assert (friend["friend_email"], friend["advocate_customer_id"]) == ("friend-of-tea@example.com", "7001")
    assert exported(staff, "referrals", state="completed") == []
    (dead,) = exported(staff, "deliveries", state="dead", to="klaviyo:events")
    assert (dead["destination"], dead["state"], dead["email"]) == ("klaviyo:events", "dead", "tea@example.com")


def test_a_campaign_is_written_with_its_days(shop, staff):
    (campaign,) = exported(staff, "campaigns")
    assert campaign["is_active"] == "true"
    assert campaign["starts_at"].endswith(("-05:00", "-04:00"))
