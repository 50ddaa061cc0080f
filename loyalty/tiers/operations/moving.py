"""Writing where members stand: a set of them in a few statements, with the news and what a tier gives on entry.

The caller holds the locks of their accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection

from loyalty.events import EventKind
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.outbox.operations import News, append_all
from loyalty.programs.calendar import end_of_day_after
from loyalty.programs.models import Program
from loyalty.skips import operations as skips
from loyalty.skips.models import Skip
from loyalty.tiers.models import Tier, TierEntryGrant, TierMembership

# Rows are locked in the order of members, as everywhere where several are: two sets never wait for each other in a ring.
_WRITE = """
    WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest(%(members)s::bigint[], %(tiers)s::bigint[], %(falls)s::timestamptz[]) AS w (member_id, tier_id, falls_at)
    ), held AS MATERIALIZED (
        SELECT s.member_id FROM tiers_tiermembership s JOIN wanted w ON w.member_id = s.member_id
        ORDER BY s.member_id FOR UPDATE OF s)
    UPDATE tiers_tiermembership s SET tier_id = w.tier_id, falls_at = w.falls_at,
        reached_at = CASE WHEN s.tier_id = w.tier_id THEN s.reached_at ELSE %(now)s END
    FROM wanted w JOIN held h ON h.member_id = w.member_id WHERE s.member_id = w.member_id"""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a member is to stand: on `tier`, falling at `falls_at` at the earliest (None: nothing is set).

    `held` is where they stand so far; None is nowhere, and this their first placement. `note` says why, where a person did.
    """

    account: Account
    held: Tier | None
    tier: Tier
    falls_at: datetime | None
    note: str = ""

    @property
    def is_move(self) -> bool:
        """Whether they leave one tier for another."""
        return self.held is not None and self.held.pk != self.tier.pk

    @property
    def is_up(self) -> bool:
        """Whether they rise."""
        return self.held is not None and self.tier.threshold > self.held.threshold


class Manner(StrEnum):
    """How much is made of a placement: an import gives nothing on entry, and tells of it only when asked to."""

    USUAL = "usual"
    TOLD = "told"
    SILENT = "silent"


def move(*, program: Program, placements: Sequence[Placement], now: datetime, manner: Manner = Manner.USUAL) -> None:
    """Writes placements; tells of each change of tier, and gives what a tier gives to who rises to it, as `manner` allows."""
    TierMembership.objects.bulk_create(
        TierMembership(
            program=program, member_id=each.account.member_id, tier=each.tier, reached_at=now, falls_at=each.falls_at
        )
        for each in placements
        if each.held is None
    )
    # Who was a member before there was a ladder, or when it was begun anew, shows a tier from now on; a new one is told of.
    late = [each.account for each in placements if each.held is None and each.account.updated_at < now]
    late = [] if manner == Manner.SILENT else late
    news = [News(each.member_id, {}, each.sequence, is_test=each.is_testing) for each in late]
    append_all(program_id=program.pk, kind=EventKind.MEMBER_CHANGED, news=news, now=now)
    standing = [each for each in placements if each.held is not None]
    if not standing:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "members": [each.account.member_id for each in standing],
                "tiers": [each.tier.pk for each in standing],
                "falls": [each.falls_at for each in standing],
                "now": now,
            },
        )
    moved = [each for each in standing if each.is_move and manner != Manner.SILENT]
    source = {"source": "import"} if manner == Manner.TOLD else {}
    news = [
        News(each.account.member_id, _told(each) | source, each.account.sequence, is_test=each.account.is_testing)
        for each in moved
    ]
    append_all(program_id=program.pk, kind=EventKind.TIER_CHANGED, news=news, now=now)
    if manner == Manner.USUAL:
        give_entry_points(program=program, entries=[(each.account, each.tier) for each in moved if each.is_up], now=now)


def _told(placement: Placement) -> dict[str, object]:
    assert placement.held is not None
    return {
        "previous_tier": placement.held.name,
        "new_tier": placement.tier.name,
        "new_tier_id": placement.tier.public_id,
        "direction": "up" if placement.is_up else "down",
        "lifetime": placement.account.lifetime,
        **({"note": placement.note} if placement.note else {}),
    }


def give_entry_points(*, program: Program, entries: Sequence[tuple[Account, Tier]], now: datetime) -> None:
    """Gives what tiers give on entry to who takes part, once per member and tier for ever.

    The points do not count towards tiers: a present for rising must not lift further. Who is left out by test mode is given
    them later (`placing.give_skipped_entry`).
    """
    entries = [(account, tier) for account, tier in entries if tier.entry_points]
    if not entries or not program.is_enabled:
        return
    members = Member.objects.in_bulk([account.member_id for account, _ in entries])
    had = set(TierEntryGrant.objects.filter(member_id__in=members).values_list("member_id", "tier_id"))
    due = [
        (account, tier)
        for account, tier in entries
        if (account.member_id, tier.pk) not in had and not members[account.member_id].is_excluded
    ]
    given = [(account, tier) for account, tier in due if program.is_open_to(members[account.member_id].email)]
    for account, tier in due:
        if not program.is_open_to(members[account.member_id].email):
            _keep_skip(program, account, tier, now)
    grants = TierEntryGrant.objects.bulk_create(
        TierEntryGrant(
            program=program, member_id=account.member_id, tier=tier, points=tier.entry_points,
            is_test=account.is_testing, granted_at=now,
        )
        for account, tier in given
    )  # fmt: skip
    ledger.accrue_all(
        program_id=program.pk,
        grants=[_grant(account, tier, grant) for (account, tier), grant in zip(given, grants, strict=True)],
        source="tier",
        now=now,
        expires_at=end_of_day_after(now, days=program.expiry_days, zone=program.zone) if program.expiry_days else None,
        counts_lifetime=False,
    )


def _keep_skip(program: Program, account: Account, tier: Tier, now: datetime) -> None:
    skips.keep(
        program_id=program.pk, member_id=account.member_id, kind=Skip.Kind.TIER_ENTRY, identity=f"tier:{tier.pk}",
        name=f"Welcome to {tier.name}", points=tier.entry_points, facts={"tier_number": tier.pk}, occurred_at=now, now=now,
    )  # fmt: skip


def _grant(account: Account, tier: Tier, grant: TierEntryGrant) -> ledger.Grant:
    about = {"tier_id": tier.public_id, "tier_name": tier.name, "note": f"Welcome to {tier.name}"}
    # The grant's number: a grant of a test is forgotten, and the tier may be reached again.
    key = f"tier:{tier.pk}:{account.member_id}:{grant.pk}"
    event = {**about, "source": "tier", "rule_name": None}
    return ledger.Grant(account_id=account.pk, key=key, points=grant.points, details=about, event=event)
