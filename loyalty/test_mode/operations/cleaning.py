"""Taking tests back: a recorded run, member by member, that may stop anywhere and go on (docs/adr/0016)."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from loyalty.earning.operations import reject_tests
from loyalty.events import EventKind
from loyalty.ledger import operations as ledger
from loyalty.ledger.errors import AccountBusy
from loyalty.ledger.models import Account
from loyalty.ledger.queries import accounts_with_tests
from loyalty.nudging import nudge_after_commit
from loyalty.outbox.operations import append
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, open_run
from loyalty.referrals.operations.testing import end_tests
from loyalty.rewards.operations import forget_test_occurrences, take_back_test
from loyalty.rewards.queries import tests
from loyalty.tiers.operations import restore_standing

CLEAN_UP = "clean_up_tests"
"""The run's name."""
AT_ONCE = 5
"""Rewards that one step takes back: each asks Shopify."""
_log = logging.getLogger(__name__)


@transaction.atomic
def begin_clean_up(*, program_id: int, now: datetime) -> None:
    """Begins to take back all tests of a programme, those under way included. A repeat changes nothing."""
    ledger.ask_for_clean_up(now=now)
    open_run(program_id=program_id, name=CLEAN_UP, now=now)
    nudge_after_commit("loyalty.test_mode.tasks.clean_up", queue="maintenance")


def clean_up_some(program: Program, cursor: str, now: datetime) -> Step:
    """Takes the next member's tests back, or a few of the rewards they bought. A repeat finds less, or nothing, to do.

    Who has to wait (a code that Shopify does not confirm to be gone, a purchase in flight) is come back to; one who cannot
    be cleaned up is logged and left as they are.

    Args:
        cursor: The account that was done last; "" at the beginning.
    """
    asked = accounts_with_tests().filter(cleaning_since__isnull=False)
    account = asked.filter(pk__gt=int(cursor or 0)).first()
    if account is None:
        return Step("0", rests_until=now) if asked.exists() else Step(None)
    try:
        counts, is_done = _take_back(account, program, now)
    except Exception:  # whatever it is: the others' tests are to go as well
        _log.exception("the tests of account %s could not be taken back", account.pk)
        ledger.give_up_clean_up(account_id=account.pk)
        counts, is_done = {"failed": 1}, True
    return Step(str(account.pk) if is_done else cursor or "0", counts)


def _take_back(account: Account, program: Program, now: datetime) -> tuple[dict[str, int], bool]:
    """Takes a few rewards back, then the rest; returns the counts, and whether the next step is another member's."""
    bought = list(tests().filter(member_id=account.member_id)[:AT_ONCE])
    returned = [each for each in bought if take_back_test(redemption_id=each.pk, now=now)]
    counts = {"rewards": len(returned), "codes": sum(each.code is not None for each in returned)}
    if len(returned) < len(bought):
        return counts, True
    if len(bought) == AT_ONCE:
        return counts, False
    try:
        return counts | _clean(account, program, now), True
    except AccountBusy:
        return counts, True


@transaction.atomic
def _clean(account: Account, program: Program, now: datetime) -> dict[str, int]:
    """Takes the points back, rejects the awards and puts the member back where they stood: all or nothing.

    Raises:
        AccountBusy: They are buying a reward, or have just bought one.
    """
    locked = ledger.lock_account(account_id=account.pk)
    if tests().filter(member_id=account.member_id).exists():
        raise AccountBusy
    policy = program.refund_policy
    shortfall = ledger.Shortfall.WRITE_OFF if policy == Program.RefundPolicy.FLOOR else ledger.Shortfall.DEBT
    done = ledger.clean_up(account_id=account.pk, now=now, shortfall=shortfall)
    awards = reject_tests(member_id=account.member_id, now=now)
    forget_test_occurrences(member_id=account.member_id)
    end_tests(advocate_id=account.member_id, now=now)
    restore_standing(member_id=account.member_id, is_testing=locked.is_testing, now=now)
    append(program_id=program.pk, kind=EventKind.MEMBER_CHANGED, member_id=account.member_id, payload={}, now=now)
    return {
        "members": 1, "awards": awards, "taken": done.taken, "returned": done.returned, "written_off": done.written_off,
    }  # fmt: skip
