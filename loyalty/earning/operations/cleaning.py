"""What becomes of a test customer's history when their test is taken back: its lines stay, as rejected ones."""

from __future__ import annotations

from datetime import datetime

from loyalty.earning.models import Award


def reject_tests(*, member_id: int, now: datetime) -> int:
    """Rejects every test award of a member, pending and approved, and returns how many; the ledger has taken their points.

    What could be awarded once only can be awarded again, for real; an order cannot: it has earned what it earns. The
    caller holds the account's lock. A repeat finds none.
    """
    found = Award.objects.filter(member_id=member_id, is_test=True).exclude(status=Award.Status.REJECTED)
    found.filter(order_id=None).update(occurrence=None)
    return int(found.update(status=Award.Status.REJECTED, updated_at=now))
