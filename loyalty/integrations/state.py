"""A member's state as marketing platforms mirror it, read when it is sent and not when it was queued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from loyalty.ledger.queries import standings_of
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.referrals.queries import link_of
from loyalty.tiers.queries import figure_of, progress_of


@dataclass(frozen=True, slots=True)
class MemberState:
    """What a platform may know of a member: whole points, names of tiers, UTC instants."""

    email: str | None
    shopify_customer_id: int
    balance: int
    pending: int
    lifetime: int
    redeemed: int
    tier: str | None
    next_tier: str | None
    points_to_next_tier: int
    status: str
    referral_url: str
    expires_at: datetime | None
    member_since: datetime
    read_at: datetime
    is_filtered_out: bool
    date_of_birth: date | None = None


def read_state(*, member_id: int, now: datetime) -> MemberState | None:
    """Returns the state of a member of the programme in scope; None when they were redacted or merged away.

    `is_filtered_out` says that test mode keeps this member's news inside: they are not listed where only listed members
    take part, or their figures hold a test that others are not to hear of.
    """
    member = Member.objects.living().select_related("program").filter(pk=member_id).first()
    if member is None:
        return None
    program: Program = member.program
    standing = standings_of(member_ids=[member_id], now=now)[member_id]
    progress = progress_of(member_id=member_id, figure=figure_of(program=program, member_id=member_id, now=now))
    holds_a_test = standing.has_tests and not program.sends_test_events
    return MemberState(
        email=member.email,
        shopify_customer_id=member.shopify_customer_id,
        balance=standing.balances.available,
        pending=standing.balances.pending,
        lifetime=standing.balances.lifetime,
        redeemed=standing.balances.redeemed,
        tier=progress.tier.name if progress.tier else None,
        next_tier=progress.next_tier.name if progress.next_tier else None,
        points_to_next_tier=progress.missing,
        status=member.status,
        referral_url=link_of(member, program),
        expires_at=standing.next_expires_at,
        member_since=member.enrolled_at,
        read_at=now,
        is_filtered_out=holds_a_test or not program.is_open_to(member.email),
        date_of_birth=member.date_of_birth,
    )
