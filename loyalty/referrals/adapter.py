"""Referrals as a listener of the outbox: somebody became a member, who may be the friend of somebody."""

from __future__ import annotations

from django.db import OperationalError

from loyalty.events import EventKind
from loyalty.members.models import Member
from loyalty.outbox.ports import Done, Outcome, Retry, Skipped, Telling
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import welcome


class NewMembers:
    """Hears of new members and gives those who were invited what they were promised."""

    deduplicates = True

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether the programme has referrals at all."""
        return bool(Referral.objects.exists())

    def deliver(self, telling: Telling) -> Outcome:
        """Welcomes the member."""
        living = Member.objects.living()
        member = living.filter(pk=telling.member_id).first() if telling.member_id is not None else None
        if member is None:
            return Skipped(error="The member is gone")
        try:
            welcome(member=member, now=telling.now)
        except OperationalError as busy:  # a lock that was not to be had in time
            return Retry(error=str(busy))
        return Done()
