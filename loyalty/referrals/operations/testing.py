"""What becomes of the invitations of a test customer whose test is taken back."""

from __future__ import annotations

from datetime import datetime

from loyalty.referrals.models import Referral
from loyalty.referrals.operations.ending import end, locked
from loyalty.referrals.queries import tests


def end_tests(*, advocate_id: int, now: datetime) -> int:
    """Ends every referral of a test and returns how many: the friend may be referred again, their unused code is removed.

    What the advocate was given goes with their other tests. A repeat finds none.
    """
    ids = list(tests().filter(advocate_id=advocate_id).values_list("pk", flat=True))
    for referral_id in ids:
        end(locked(referral_id), Referral.EndedFor.TEST, now=now)
    return len(ids)
