"""What went out of a programme: deliveries to everybody in every state, and codes that could not be made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from loyalty.members.models import Member
from loyalty.outbox.models import Attempt, Delivery, Event
from loyalty.programs.models import Program
from loyalty.referrals.models import Referral
from loyalty.rewards.models import Redemption, Reward

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_REQUEST = {"method": "POST", "url": "https://a.klaviyo.com/api/events", "body": {"data": {"type": "event"}}}
ROWS: tuple[dict[str, Any], ...] = (
    {"destination": "klaviyo:events", "state": "done", "attempts": 1, "last_status": 202, "last_request": _REQUEST},
    {"destination": "klaviyo:profiles", "attempts": 2, "last_error": "Klaviyo could not be reached"},
    {
        "destination": "omnisend:events",
        "state": "unknown",
        "attempts": 1,
        "last_error": "No answer: the connection closed",
    },
    {
        "destination": "flow:loyalty-points-earned",
        "state": "skipped",
        "attempts": 1,
        "last_error": "The member is gone",
    },
    {"destination": "webhook:999999:points.earned", "state": "dead", "attempts": 4, "last_error": "Answered 500"},
    {"destination": "shopify:customer-metafield", "state": "sending", "attempts": 1},
)

TERMS = {
    "reward_name": "5 off", "discount_type": "fixed_amount", "discount_amount": "5", "variant_gids": [], "source": "tier",
}  # fmt: skip


def went_out(program: Program, member: Member) -> tuple[Delivery, list[str]]:
    """Makes one of everything; returns a delivery that failed, and the addresses of the pages it all shows on."""
    news = Event.objects.filter(kind="points.earned").first() or Event.objects.first()
    failed: Delivery = Delivery.objects.create(
        program=program, event=news, destination="klaviyo", subject=news.kind if news else "", member_id=member.pk,
        state="dead", attempts=5, next_attempt_at=NOW, created_at=NOW, finished_at=NOW, last_status=400,
        last_error="Klaviyo refused: 'email' is not an address", last_request=_REQUEST, last_response='{"errors": []}',
    )  # fmt: skip
    Attempt.objects.create(
        program=program, delivery=failed, number=5, at=NOW, milliseconds=214, outcome="dead", status=400
    )
    pages = []
    for number, row in enumerate(ROWS):
        is_state = row["destination"].endswith(("profiles", "metafield"))
        event = None if is_state or not news else news
        at = NOW - timedelta(hours=number)
        over = None if row.get("state", "pending") in ("pending", "sending") else at
        made = Delivery.objects.create(
            program=program, event=event, subject=event.kind if event else "", member_id=member.pk, next_attempt_at=at,
            created_at=at, finished_at=over, **row,
        )  # fmt: skip
        pages.append(f"deliveries/{made.pk}")
    reward = Reward.objects.get(name="5 off")
    gift = Redemption.objects.create(
        program=program, public_id="cr_failed_gift", member=member, reward=reward, state="failed", points_spent=0,
        occurrence="tier:1", terms=TERMS,
        code="TEA-FAILED", failure="Shopify could not be reached for a week", follow_up_attempts=340, created_at=NOW,
        updated_at=NOW,
    )  # fmt: skip
    refused = Referral.objects.create(
        program=program, public_id="ref_refused", advocate=member, friend_email="friend9@example.com", friend_key="9",
        rule_id=1, code="TEA-FRIEND", code_state="refused", note="Shopify: Combines with is not allowed", claimed_at=NOW,
        created_at=NOW, updated_at=NOW, expires_at=NOW + timedelta(days=30),
    )  # fmt: skip
    lists = ("to=klaviyo&state=dead", "to=omnisend&state=unknown", "state=done&member=nobody@example.com", "to=codes",
             "to=friend-codes", "to=webhook&from=2026-11-01&until=2026-11-30&kind=points.earned")  # fmt: skip
    asked = [f"deliveries?{query}" for query in lists]
    return failed, [*pages, *asked, f"deliveries/codes/{gift.public_id}", f"deliveries/codes/{refused.public_id}"]
