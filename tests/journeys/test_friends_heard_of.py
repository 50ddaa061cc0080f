"""What platforms and workflows hear of a friend: the code they asked for, and the reward once they are a customer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.integrations.operations import choose, connect
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery
from loyalty.outbox.ports import Done, Paused, Skipped
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import forget_strangers, work_on_code
from tests.flow_happenings import heard
from tests.journeys.referring import ReferringShop
from tests.vendor_accounts import ACCOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[each for each in ACCOUNTS if each.vendor in ("klaviyo", "omnisend")], ids=str)
def account(request, sandbox, settings):
    settings.ENCORE_DELIVERY_PACE = 1000.0
    request.param.reset(sandbox)
    yield request.param
    request.param.reset(sandbox)


@pytest.fixture
def shop(referring: ReferringShop, account) -> ReferringShop:
    connect(program=referring.program, vendor=account.vendor, key=account.key, now=timezone.now())
    choose(
        vendor=account.vendor,
        events=["referral_claimed", "referral_completed"],
        sends_birthday=False,
        now=timezone.now(),
    )
    return referring


@pytest.fixture
def ada(shop):
    shop.referral_rule(name="Refer a friend")
    made = shop.advocate()
    made.first_name = "Ada"
    made.save()
    return made


def tell(account, hours=1):
    """The next event for the vendor, as it is due in a while."""
    later = timezone.now() + timedelta(hours=hours)
    relay.fan_out(now=later)
    claim = relay.claim(destination=f"{account.vendor}:events", now=later)
    assert claim is not None
    return relay.attempt(claim=claim, now=later)


class TestAFriendWhoAccepted:
    def test_is_told_of_with_the_code_and_gets_no_profile_of_a_member(self, shop, ada, account, sandbox):
        made = shop.claimed(ada)
        assert isinstance(tell(account), Done)
        (event,) = account.events(sandbox, "Referral Claimed")
        assert event["email"] == "bo@example.com"
        assert event["properties"] == {
            "Discount Code": made.code, "Discount Type": "percentage", "Discount Value": 10, "Reward": "10% off",
            "Campaign Name": "Refer a friend", "Advocate Email": "ada@example.com", "Advocate Name": "Ada",
        }  # fmt: skip
        assert account.balances(sandbox) == {}

    def test_waits_for_the_code_that_is_being_made(self, shop, ada, account, sandbox):
        shop.claims(ada)
        assert isinstance(tell(account), Paused)
        assert not account.events(sandbox, "Referral Claimed")
        assert Delivery.objects.get(destination=f"{account.vendor}:events").attempts == 0
        work_on_code(referral_id=Referral.objects.get().pk, now=timezone.now())
        assert isinstance(tell(account, hours=2), Done)

    def test_who_was_forgotten_is_told_of_no_more(self, shop, ada, account, sandbox):
        shop.claimed(ada)
        Referral.objects.update(state="expired", ended_at=timezone.now() - timedelta(days=91))
        forget_strangers(now=timezone.now())
        assert Referral.objects.get().friend_email is None
        assert isinstance(tell(account), Skipped)
        assert not account.events(sandbox)

    def test_of_an_advocate_who_is_no_test_customer_is_kept_inside(self, shop, ada, account, sandbox):
        shop.claimed(ada)
        shop.set(test_mode="restrict", test_mode_emails=["somebody@example.com"])
        assert isinstance(tell(account), Skipped)


def test_a_friend_whose_reward_is_a_code_starts_the_workflow_once_they_are_a_customer(shop, ada):
    made = shop.claimed(ada)
    assert heard(shop, "referred-reward-created") == []
    shop.member(7002, email="bo@example.com", now=timezone.now())
    for _ in range(2):
        (payload,) = heard(shop, "referred-reward-created")
        assert (payload["customer_id"], payload["Note"]) == (7002, f"Code {made.code}: 10% off their first order")
