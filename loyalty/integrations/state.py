"""A member's state as marketing platforms mirror it, read when it is sent and not when it was queued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from loyalty.ledger.queries import Standing, standings_of
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.referrals.queries import link_of
from loyalty.tiers.queries import Progress, progress_of_all


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
    first_name: str | None = None
    date_of_birth: date | None = None


def read_state(*, member_id: int, now: datetime) -> MemberState | None:
    """Returns the state of a member of the programme in scope; None when they were redacted or merged away."""
    return read_states(member_ids=[member_id], now=now).get(member_id)


def read_states(*, member_ids: Sequence[int], now: datetime) -> dict[int, MemberState]:
    """Returns the state of members of the programme in scope, by id, in the same few queries however many there are.

    Who was redacted or merged away is left out. `is_filtered_out` says that test mode keeps a member's news inside: they are
    not listed where only listed members take part, or their figures hold a test that others are not to hear of.
    """
    members = list(Member.objects.living().select_related("program").filter(pk__in=member_ids))
    if not members:
        return {}
    program: Program = members[0].program
    present = [member.pk for member in members]
    standings = standings_of(member_ids=present, now=now)
    progress = progress_of_all(program=program, member_ids=present, now=now)
    return {
        each.pk: _state(each, program, standings[each.pk], progress[each.pk], now)
        for each in members
        if each.pk in standings
    }


def _state(member: Member, program: Program, standing: Standing, progress: Progress, now: datetime) -> MemberState:
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
        first_name=member.first_name,
        date_of_birth=member.date_of_birth,
    )
