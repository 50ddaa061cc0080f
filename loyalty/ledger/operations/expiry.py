"""Points that reached their end: of one account, or of a whole shop in sets."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from loyalty.ledger.models import Account
from loyalty.outbox.nudge import nudge_relay
from loyalty.tenancy import program_in_scope

_log = logging.getLogger(__name__)
BATCH = 5_000
"""Lots, or inactive accounts, that one step looks at; their accounts are locked together for less than a second."""

# What is due, in the order in which it ended: lots of their own accord, then accounts whose member was not active.
_DUE = {
    "lots": """SELECT l.account_id, l.expires_at, l.id FROM ledger_lot l
        WHERE l.program_id = %s AND l.state = 'available' AND l.remaining > 0 AND l.expires_at <= %s
            AND (l.expires_at, l.id) > (%s, %s) ORDER BY l.expires_at, l.id LIMIT %s""",
    "accounts": """SELECT a.id, a.inactive_at, a.id FROM ledger_account a
        WHERE a.program_id = %s AND a.inactive_at <= %s AND (a.inactive_at, a.id) > (%s, %s) AND a.available > 0
        ORDER BY a.inactive_at, a.id LIMIT %s""",
}


@dataclass(frozen=True, slots=True)
class Expired:
    """What one step did: accounts touched, lots emptied, whole points; `cursor` begins the next one, None ends it."""

    cursor: str | None
    accounts: int = 0
    lots: int = 0
    points: int = 0


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
    """Expires all that is due in the programme in scope, step by step, and returns how many accounts were touched."""
    touched, cursor = 0, ""
    while True:
        step = expire_some(now=now, cursor=cursor, limit=limit)
        touched += step.accounts
        if step.cursor is None:
            return touched
        cursor = step.cursor


def expire_some(*, now: datetime, cursor: str = "", limit: int = BATCH) -> Expired:
    """Expires the next of what is due in the programme in scope, in sets, each account under its lock.

    Safe to run twice at once: an expired lot has nothing left. An account that cannot be expired is logged and passed; it
    holds nobody up, and its points cannot be spent anyway.

    Args:
        cursor: What the step before returned; "" at the beginning.
        limit: How many lots or accounts to look at.
    """
    program_id = program_in_scope()
    what, ended, last = _place(cursor)
    with connection.cursor() as rows:
        rows.execute(_DUE[what], [program_id, now, ended, last, limit])
        due = rows.fetchall()
    if not due:
        return Expired(json.dumps(["accounts", "-infinity", 0]) if what == "lots" else None)
    accounts = sorted({account_id for account_id, _, _ in due})
    following = json.dumps([what, due[-1][1].isoformat(), due[-1][2]])
    try:
        return replace(lock_and_expire(program_id=program_id, account_ids=accounts, now=now), cursor=following)
    except Exception:  # whatever it is: the one that cannot be expired must not keep the others' points alive
        _log.exception("a set of %s accounts could not be expired at once", len(accounts))
    done = Expired(following)
    for account_id in accounts:
        try:
            one = lock_and_expire(program_id=program_id, account_ids=[account_id], now=now)
        except Exception:
            _log.exception("account %s could not be expired", account_id)
        else:
            done = Expired(following, done.accounts + one.accounts, done.lots + one.lots, done.points + one.points)
    return done


@transaction.atomic
def lock_and_expire(*, program_id: int, account_ids: list[int], now: datetime) -> Expired:
    """Locks accounts in the order of their ids, then reads their lots afresh and expires what is due on them.

    Returns:
        What was done; its `cursor` is None.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_account WHERE program_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [program_id, account_ids],
        )
        cursor.execute(
            """SELECT count(*), coalesce(sum(lots), 0), coalesce(sum(points), 0)
            FROM ledger_expire_accounts(%s, %s, %s)""",
            [program_id, account_ids, now],
        )
        touched, lots, points = cursor.fetchone()
    if touched:
        nudge_relay()
    return Expired(None, int(touched), int(lots), int(points))


def _place(cursor: str) -> tuple[str, str, int]:
    """Which kind is looked at, and after which instant and id."""
    what, ended, last = json.loads(cursor or '["lots", "-infinity", 0]')
    return str(what), str(ended), int(last)
