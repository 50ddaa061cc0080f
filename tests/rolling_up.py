"""Analytics as the schedule brings them about: a shop's roll-up, from its first step to its last; and points spent."""

from datetime import datetime

from django_scopes import scope

from loyalty.analytics.counting import count_some
from loyalty.analytics.tasks import ROLL_UP
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.programs.models import Program, ScheduledRun
from loyalty.programs.scheduling import run


def roll_up(program: Program, now: datetime) -> ScheduledRun:
    """Counts all there is to count at an instant; returns the run."""
    run(name=ROLL_UP, programs=[program.pk], work=count_some, clock=lambda: now)
    with scope(program=program):
        return ScheduledRun.objects.filter(name=ROLL_UP).latest("pk")


def spend(program: Program, member: Member, points: int, at: datetime) -> None:
    """Points spent, as a purchase spends them; the programme is in scope."""
    account = Account.objects.get(member=member)
    key = f"spend-{at.isoformat()}-{points}"
    held = ledger.hold(program_id=program.pk, account_id=account.pk, points=points, key=key, now=at)
    ledger.capture(program_id=program.pk, hold_id=held.hold_id, source="reward", key=f"{key}:c", now=at)
