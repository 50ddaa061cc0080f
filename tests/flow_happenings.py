"""What has to happen in a shop for each Flow trigger, by the product's own operations; and what Flow then heard.

Every story ends with the one happening that starts its trigger; what it is about is customer 7001, or the friend 7002.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from loyalty.earning.operations import approve_due, tell_birthdays_some
from loyalty.ledger.operations.reminding import remind_some
from loyalty.members.models import Member
from loyalty.outbox import relay
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations import begin, follow_up, issue, issue_free
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import assign
from tests.a_shop import NOW
from tests.journeys.referring import ReferringShop

LONG_AGO = NOW - timedelta(days=700)
INSIDE_AND_FLOW = ("encore:", "flow:")
Story = Callable[[ReferringShop], None]


def heard(shop: ReferringShop, handle: str = "") -> list[dict[str, Any]]:
    """Tells Flow whatever waits, and returns what its stand-in has got, in order; of one trigger if asked."""
    now = timezone.now() + timedelta(days=2)
    while relay.fan_out(now=now):  # what Encore itself hears of leads to more
        for destination in relay.due_destinations(now=now):
            while destination.startswith(INSIDE_AND_FLOW) and (claim := relay.claim(destination=destination, now=now)):
                relay.attempt(claim=claim, now=now)
    got = shop.sandbox.store(shop.domain)["triggers"]
    return [each["payload"] for each in got if not handle or each["handle"] == handle]


def ada(shop: ReferringShop, **more: Any) -> Member:
    """Customer 7001, as a member."""
    return shop.member(7001, email="ada@example.com", **{"now": timezone.now(), **more})


def buys(shop: ReferringShop, reward: Reward) -> Redemption:
    """Ada redeems a reward, and the worker has made its code."""
    made, _ = begin(member=ada(shop), reward_id=reward.public_id, now=timezone.now(), source="rest")
    issue(redemption_id=made.pk, now=timezone.now())
    made.refresh_from_db()
    return made


def signs_up(shop: ReferringShop) -> None:
    """A customer joins."""
    ada(shop)


def earns(shop: ReferringShop) -> None:
    """Points that can be spent at once."""
    ada(shop)
    shop.action()
    shop.award(now=timezone.now())


def redeems(shop: ReferringShop) -> None:
    """A code for points."""
    ada(shop, points=500)
    buys(shop, shop.reward(100))


def redeems_credit(shop: ReferringShop) -> None:
    """Store credit for points."""
    ada(shop, points=500)
    buys(shop, shop.reward(100, discount_type="store_credit", name="$5 store credit"))


def is_given_credit(shop: ReferringShop) -> None:
    """Store credit for nothing."""
    reward = shop.reward(0, discount_type="store_credit", name="$5 store credit")
    made, _ = issue_free(
        member=ada(shop), reward_id=reward.public_id, occurrence="tier:5", source="tier", now=timezone.now()
    )
    follow_up(redemption_id=made.pk, now=timezone.now())


def rises(shop: ReferringShop) -> None:
    """From Silver to Gold."""
    shop.tier("Silver", 0)
    gold = shop.tier("Gold", 100)
    ada(shop)
    assign(member_id=ada(shop).pk, tier=gold, lock=True, now=timezone.now())


def falls(shop: ReferringShop) -> None:
    """From Gold, which was given by hand, back to Silver."""
    rises(shop)
    assign(member_id=ada(shop).pk, tier=Tier.objects.get(name="Silver"), lock=True, now=timezone.now())


def has_a_birthday(shop: ReferringShop) -> None:
    """Today in the shop, known for long."""
    today = timezone.now().astimezone(shop.program.zone).date()
    member = ada(shop, now=LONG_AGO)
    Member.objects.filter(pk=member.pk).update(date_of_birth=date(1992, today.month, today.day))
    tell_birthdays_some(program=shop.program, now=timezone.now())


def refers(shop: ReferringShop) -> None:
    """A friend's first order."""
    shop.referral_rule()
    shop.claimed(shop.advocate())
    shop.orders(customer=None)


def joins_as_a_friend(shop: ReferringShop) -> None:
    """A friend opens an account, for which points were promised."""
    shop.referral_rule(options={"friend_gets": "points", "friend_points": 250})
    shop.claimed(shop.advocate())
    shop.member(7002, email="bo@example.com", now=timezone.now() + timedelta(minutes=2))


def has_points_that_will_end(shop: ReferringShop) -> None:
    """Points that end tomorrow."""
    shop.give(ada(shop), 10, now=timezone.now(), expires_at=timezone.now() + timedelta(days=1))
    remind_some(now=timezone.now())


def is_approved(shop: ReferringShop) -> None:
    """Points that waited for a day."""
    ada(shop)
    shop.action(approval_days=1)
    shop.award(now=timezone.now())
    approve_due(now=timezone.now() + timedelta(days=1, minutes=1))


def uses_a_code(shop: ReferringShop) -> None:
    """A redeemed code is used on an order that is paid."""
    ada(shop, points=500)
    bought = buys(shop, shop.reward(100))
    shop.orders(customer=7001, email="ada@example.com", name="#1042", discount_codes=[{"code": bought.code}])


STORIES: dict[str, tuple[Story, dict[str, Any]]] = {
    "loyalty-sign-up": (signs_up, {"Note": "Joined the loyalty programme"}),
    "loyalty-points-earned": (earns, {"Points": 100.0, "Note": "app_install"}),
    "loyalty-points-redeemed": (redeems, {"Points": 100.0, "Note": "$5 off"}),
    "loyalty-credits-earned": (redeems_credit, {"Credits": 5.0, "Earn Rule ID": "", "Note": "$5 store credit"}),
    "loyalty-vip-tier-achieved": (rises, {"Note": "Rose from Silver to Gold"}),
    "birthday-trigger": (has_a_birthday, {"Note": "Birthday"}),
    "referral-reward-created": (refers, {"Note": "500 points for referring a friend"}),
    "referred-reward-created": (
        joins_as_a_friend,
        {"customer_id": 7002, "Note": "250 points for joining by a friend's link"},
    ),
    "loyalty-points-expiring": (has_points_that_will_end, {"Points": 10.0, "Note": "10 points will end soon"}),
    "loyalty-points-approved": (is_approved, {"Points": 100.0, "Note": "app_install"}),
    "loyalty-vip-tier-lost": (falls, {"Previous VIP Tier": "Gold", "Note": "Fell from Gold to Silver"}),
    "loyalty-reward-used": (uses_a_code, {"Points": 100.0, "Order Name": "#1042", "Note": "$5 off"}),
}
"""By trigger: what happens, and some of what Flow hears of it."""
