"""The demo shop's referrals: friends who accepted an invitation in the last weeks, and how far each has come."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from django.utils import timezone

from loyalty.earning.operations import settle
from loyalty.members.models import Member
from loyalty.orders.facts import LineFacts, OrderFacts
from loyalty.orders.operations import record_order
from loyalty.programs.models import Program
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import claim, complete, follow_order, judge, see_member, work_on_code

FIRST_ORDER_ID = 5_450_000_000_001
TABLET = "a-tablet-in-the-kitchen"
_orders = itertools.count()

STORIES = ((23, 20), (22, 19), (18, 16), (12, 9), (11, 10), (9, 6), (6, None), (4, None), (2, None))
"""Days ago that a friend accepted, and placed the first order."""


def refer(*, program: Program, friends: list[tuple[int, str]], advocates: list[Member], now: datetime) -> None:
    """Lets friends accept invitations and order, each at its time; one waits for a decision.

    Args:
        friends: Customers of the store who are no members: id and e-mail address.
    """
    see_member(member=advocates[3], device=TABLET, address=None, now=now - timedelta(days=30))
    for number, ((claimed, ordered), (customer_id, email)) in enumerate(zip(STORIES, friends, strict=False)):
        advocate, at = advocates[number % len(advocates)], now - timedelta(days=claimed)
        referral, _ = claim(
            program=program,
            referral_code=advocate.referral_code,
            email=email,
            now=at,
            device=TABLET if number == 3 else "",
        )
        work_on_code(referral_id=referral.pk, now=timezone.now())  # its request leaves now
        if ordered is not None:
            _order(program, referral, customer_id, now - timedelta(days=ordered), now)


def _order(program: Program, referral: Referral, customer_id: int, at: datetime, now: datetime) -> None:
    """The friend's first order, judged, and the reward when its time has come."""
    number = next(_orders)
    referral.refresh_from_db()
    told = OrderFacts(
        shopify_order_id=FIRST_ORDER_ID + number, shopify_customer_id=customer_id, name=f"#{8001 + number}", currency="USD",
        total_minor=6400, placed_at=at, shopify_updated_at=at, paid_at=at, lines=(LineFacts(1, 900, 9000, 1, 6400),),
        facts={"source_name": "web", "discount_codes": [referral.code] if referral.code else []},
    )  # fmt: skip
    order = record_order(program=program, told=told, now=at)
    settle(order_id=order.pk, now=at)
    follow_order(order=order, codes=order.facts["discount_codes"], email=None, now=at)
    judge(referral_id=referral.pk, now=at)
    due_at = Referral.objects.values_list("due_at", flat=True).get(pk=referral.pk)
    if due_at is not None and due_at < now:
        complete(referral_id=referral.pk, now=due_at)
