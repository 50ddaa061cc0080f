"""What may be asked of test mode from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from loyalty.earning.models import Award
from loyalty.ledger.queries import accounts_with_tests, points_of_tests
from loyalty.members.models import Member
from loyalty.referrals import queries as referrals
from loyalty.rewards.models import Redemption
from loyalty.rewards.queries import tests

RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Remains:
    """What tests have left in the programme and no clean-up has taken back.

    Attributes:
        members: Test customers with something to take back.
        awards: Test awards, pending and approved.
        points: Points that tests gave, whole.
        rewards: Rewards that tests bought, and of them:
        codes: codes that still work,
        used: rewards that were used on an order or given as store credit, which nothing takes back,
        spent: and the points all of them cost.
        referrals: Invitations that friends accepted of test customers.
    """

    members: int
    awards: int
    points: int
    rewards: int
    codes: int
    used: int
    spent: int
    referrals: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to take back."""
        return not (self.awards or self.points or self.rewards or self.referrals)


def remains() -> Remains:
    """Returns what there is to clean up in the programme in scope."""
    bought = list(tests().only("state", "code", "points_spent"))
    return Remains(
        members=accounts_with_tests().count(),
        awards=Award.objects.filter(is_test=True).exclude(status=Award.Status.REJECTED).count(),
        points=points_of_tests(),
        rewards=len(bought),
        codes=sum(each.state == Redemption.State.ACTIVE and each.code is not None for each in bought),
        used=sum(each.state == Redemption.State.USED for each in bought),
        spent=sum(each.points_spent for each in bought),
        referrals=referrals.tests().count(),
    )


def has_tests() -> bool:
    """Whether a member of the programme in scope has, or may have, something to clean up."""
    return bool(accounts_with_tests().exists())


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom restricting the programme would keep from earning: all members who are not listed, and who earned of late."""

    members: int
    earned_lately: int


def affected_by_restricting(*, emails: Sequence[str], now: datetime) -> Affected:
    """Returns how many members a restriction to these addresses concerns, and how many of them earned in 30 days."""
    others = Member.objects.living().exclude(email__in=list(emails)) | Member.objects.living().filter(email=None)
    lately = Award.objects.filter(created_at__gte=now - RECENT, is_manual=False, is_test=False)
    earned = lately.exclude(status=Award.Status.REJECTED).filter(member__in=others)
    return Affected(others.count(), earned.values("member_id").distinct().count())
