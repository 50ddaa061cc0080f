"""What may be asked of referrals from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.db.models import Q as Where

from loyalty.earning.models import EarningRule
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.referrals.errors import ReferralNotFound
from loyalty.referrals.models import Referral

HELD = Where(state__in=[Referral.State.PENDING, Referral.State.FRIEND_CONVERTED], decision="") & ~Where(held_for=[])
"""Referrals that wait for a decision."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many referrals there are, by where they stand; `held` are among the pending and the converted."""

    pending: int = 0
    friend_converted: int = 0
    completed: int = 0
    expired: int = 0
    ended: int = 0
    held: int = 0

    @property
    def all(self) -> int:
        """Every referral."""
        return self.pending + self.friend_converted + self.completed + self.expired + self.ended


def referrals() -> QuerySet[Referral]:
    """Returns every referral of the programme in scope, newest first, with advocate and friend."""
    found: QuerySet[Referral] = Referral.objects.select_related("advocate", "friend").order_by("-claimed_at", "-pk")
    return found


def referral(*, public_id: str) -> Referral:
    """Returns one referral.

    Raises:
        ReferralNotFound: No such referral in this programme.
    """
    found = referrals().filter(public_id=public_id).first()
    if found is None:
        raise ReferralNotFound(public_id)
    return found


def rule_name_of(referral: Referral) -> str:
    """Returns the name of the rule a referral was made under, as it is now; a deleted rule keeps its name."""
    found = EarningRule.objects.filter(pk=referral.rule_id).values_list("name", flat=True).first()
    return found or ""


def referrals_of(*, member_id: int) -> QuerySet[Referral]:
    """Returns the friends a member has brought, newest first."""
    return referrals().filter(advocate_id=member_id)


def waiting() -> QuerySet[Referral]:
    """Returns the referrals that wait for a decision, the oldest first."""
    return referrals().filter(HELD).order_by("claimed_at", "pk")


def figures(*, advocate_id: int | None = None) -> Figures:
    """Returns the figures of the programme in scope, tests left out, or of one advocate."""
    rows = (
        Referral.objects.filter(is_test=False)
        if advocate_id is None
        else Referral.objects.filter(advocate_id=advocate_id)
    )
    counted = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    return Figures(**counted, held=rows.filter(HELD).count())


def tests() -> QuerySet[Referral]:
    """Returns the referrals of test customers that no clean-up has ended, the oldest first."""
    return Referral.objects.filter(is_test=True).exclude(state=Referral.State.ENDED).order_by("pk")


def completed_of(*, member_id: int) -> int:
    """Returns how many of a member's referrals are completed."""
    return int(Referral.objects.filter(advocate_id=member_id, state=Referral.State.COMPLETED).count())


def open_rule() -> EarningRule | None:
    """Returns the referral rule of the programme in scope that is on, or None."""
    found = EarningRule.objects.existing().filter(action="referral", is_active=True)
    rule: EarningRule | None = found.order_by("pk").first()
    return rule


def link_of(member: Member, program: Program) -> str:
    """Returns the address a member shares."""
    return f"{program.storefront}?referral_code={member.referral_code}"


def codes_to_do(*, now: datetime) -> list[int]:
    """Returns referrals whose friend's code is to be made or removed, and whose next attempt is due."""
    states = [Referral.CodeState.WANTED, Referral.CodeState.UNWANTED]
    due = Referral.objects.filter(code_state__in=states, next_code_attempt_at__lte=now)
    return list(due.order_by("next_code_attempt_at").values_list("pk", flat=True)[:200])


def to_judge(*, now: datetime) -> list[int]:
    """Returns referrals whose friend has ordered and whose order is to be judged."""
    due = Referral.objects.filter(judge_at__lte=now).order_by("judge_at")
    return list(due.values_list("pk", flat=True)[:200])


def due(*, now: datetime) -> list[int]:
    """Returns referrals whose advocate is to have the reward now; what waits for a decision is left out."""
    converted = Referral.objects.filter(state=Referral.State.FRIEND_CONVERTED, due_at__lte=now).exclude(HELD)
    return list(converted.order_by("due_at").values_list("pk", flat=True)[:200])
