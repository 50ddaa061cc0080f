"""The page of referrals: every friend with how far they have come, and decisions about those who wait."""

from datetime import timedelta

import pytest
from django.test import Client

from loyalty.earning.models import EarningRule
from loyalty.referrals.models import Referral
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
PAGE = "/standalone/referrals"


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def referred(shop, number=1, **fields) -> Referral:
    """A friend of Ada's."""
    ada = shop.member(7001)
    rule = EarningRule.objects.filter(action="referral").first() or shop.rule("referral", 500, frequency="unlimited")
    usual = {
        "public_id": f"ref_{number}", "advocate": ada, "friend_email": f"friend{number}@example.com",
        "friend_key": str(number), "rule_id": rule.pk, "claimed_at": NOW, "created_at": NOW, "updated_at": NOW,
        "expires_at": NOW + timedelta(days=30),
        "terms": {
            "advocate_gets": "points", "advocate_reward": None, "friend_gets": "nothing", "friend_amount": "10",
            "friend_points": 100, "friend_minimum_spend": None, "friend_product_ids": [], "friend_collection_ids": [],
            "friend_purchases": "one_time", "friend_combines_product": False, "friend_combines_order": False,
            "friend_combines_shipping": False, "claim_days": 30, "minimum_amount": None, "needs_account": False,
            "cap_per_day": None, "cap_per_month": None, "approval_days": 0,
        },
    }  # fmt: skip
    made: Referral = Referral.objects.create(program=shop.program, **{**usual, **fields})
    return made


def states() -> list[str]:
    return list(Referral.objects.order_by("pk").values_list("state", flat=True))


class TestThePage:
    def test_offers_to_begin(self, staff):
        assert "Set up referrals" in staff.get(PAGE).content.decode()

    def test_says_who_brought_whom_and_how_far_it_has_come(self, shop, staff):
        referred(shop, 1, state="friend_converted", order_name="#1001", due_at=NOW)
        page = staff.get(PAGE).content.decode()
        for words in ("friend1@example.com", "Ada Lovelace", "First order placed", "#1001"):
            assert words in page

    def test_shows_those_of_one_state_when_asked(self, shop, staff):
        referred(shop, 1)
        referred(shop, 2, state="completed", completed_at=NOW)
        page = staff.get(f"{PAGE}?state=completed").content.decode()
        assert "friend2@example.com" in page
        assert "friend1@example.com" not in page

    def test_says_why_somebody_waits(self, shop, staff):
        referred(shop, held_for=["same_address"])
        assert "Advocate and friend have the same postal address" in staff.get(PAGE).content.decode()

    def test_of_another_shop_shows_nothing_of_this_one(self, shop, staff):
        other = AShop.new()
        with other.scope():
            referred(other, 9)
        assert "friend9@example.com" not in staff.get(PAGE).content.decode()


class TestADecision:
    def test_concerns_the_chosen_ones_and_no_other(self, shop, staff):
        for number in (1, 2):
            referred(shop, number, held_for=["same_device"])
        answer = staff.post(PAGE, {"decision": "decline", "referral": ["ref_1"]})
        assert (answer.status_code, states()) == (303, ["ended", "pending"])
        first = Referral.objects.get(public_id="ref_1")
        assert (first.ended_for, first.decision, first.decided_by) == ("declined", "declined", "ada")

    def test_without_a_line_asks_for_one_and_changes_nothing(self, shop, staff):
        referred(shop, held_for=["same_device"])
        answer = staff.post(PAGE, {"decision": "decline"})
        assert (answer.status_code, states()) == (422, ["pending"])
        assert "Choose at least one line" in answer.content.decode()

    def test_about_one_that_does_not_wait_changes_nothing(self, shop, staff):
        referred(shop)
        staff.post(PAGE, {"decision": "decline", "referral": ["ref_1"]})
        assert states() == ["pending"]

    def test_of_another_shop_is_not_found(self, shop, staff):
        other = AShop.new()
        with other.scope():
            referred(other, 9, held_for=["same_device"])
        staff.post(PAGE, {"decision": "decline", "referral": ["ref_9"]})
        with other.scope():
            assert states() == ["pending"]


class TestTheMembersPage:
    def test_lists_the_friends_they_brought(self, shop, staff):
        made = referred(shop)
        page = staff.get(f"/standalone/members/{made.advocate_id}").content.decode()
        assert "friend1@example.com" in page


class TestTheRule:
    def test_is_one_per_shop(self, shop, staff):
        shop.rule("referral", 500)
        answer = staff.post(
            "/standalone/earning-rules/new/referral",
            {
                "name": "Second", "points": "5", "approval_days": "0", "option_advocate_gets": "points",
                "option_friend_gets": "nothing", "option_friend_purchases": "one_time",
            },
        )  # fmt: skip
        assert answer.status_code == 422
        assert "a rule of this kind already" in answer.content.decode()
        assert EarningRule.objects.count() == 1
