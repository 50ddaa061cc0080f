"""Points that reached their end."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from loyalty.ledger import journal
from loyalty.ledger.models import Account, Lot
from loyalty.outbox.nudge import nudge_relay

_log = logging.getLogger(__name__)
BATCH = 500
"""Accounts that one call of `expire_due` looks at; the schedule calls again while there are more."""


def expire_account(*, account: Account, now: datetime) -> int:
    """Expires what is past its instant on an account the caller has locked, and returns the points.

    The account's fields are read again, so the caller goes on with what is true.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_expire_account(%s, %s, %s)", [account.program_id, account.pk, now])
        points = int(cursor.fetchone()[0])
    if points:
        account.refresh_from_db()
        nudge_relay()
    return points


def expire_due(*, now: datetime, limit: int = BATCH) -> int:
    """Expires due lots of the programme in scope, account by account, and returns how many accounts were touched.

    Safe to run twice at once: each account is worked under its own lock, and an expired lot has nothing left.
    """
    due = (
        Lot.objects.filter(state=Lot.State.AVAILABLE, remaining__gt=0, expires_at__lte=now)
        .order_by("account_id")
        .values_list("account_id", flat=True)
        .distinct()[:limit]
    )
    touched = 0
    for account_id in list(due):
        try:
            with transaction.atomic():
                touched += bool(expire_account(account=journal.lock(account_id), now=now))
        except Exception:  # whatever it is, it must not keep the others' points alive
            _log.exception("account %s could not be expired", account_id)
    return touched
