"""Keeping the first answer under a key."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django_scopes import scope as tenant_scope
from django_scopes import scopes_disabled

from loyalty.idempotency.models import Record


def lock_key(*, program_id: int, scope: str, key: str) -> None:
    """Waits for whoever answers under this key, and keeps others waiting until the caller's transaction ends.

    Raises:
        OperationalError: The lock was not to be had in time.
    """
    with connection.cursor() as cursor:
        name = f"answer:{program_id}:{scope}:{key}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def first_answer(*, scope: str, key: str, now: datetime) -> Record | None:
    """Returns the answer kept under a key in the programme in scope; one past its end is none."""
    found: Record | None = Record.objects.filter(scope=scope, key=key).first()
    if found is not None and found.expires_at is not None and found.expires_at <= now:
        found.delete()
        return None
    return found


def remember(
    *,
    program_id: int,
    scope: str,
    key: str,
    body: str,
    now: datetime,
    fingerprint: str = "",
    status_code: int = 200,
    expires_at: datetime | None = None,
) -> str:
    """Stores an answer unless the key has one, and returns the stored one: two calls at once get the same bytes.

    Args:
        scope: What the key is unique within, in the programme.
        expires_at: When it may be forgotten; None is never.
    """
    with tenant_scope(program=program_id):
        Record.objects.bulk_create(
            [
                Record(
                    program_id=program_id, scope=scope, key=key, fingerprint=fingerprint, status_code=status_code,
                    body=body, created_at=now, expires_at=expires_at,
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        return str(Record.objects.values_list("body", flat=True).get(scope=scope, key=key))


def drop_expired(*, now: datetime) -> int:
    """Deletes every programme's answers that are past their end, and returns how many."""
    with scopes_disabled():
        count, _ = Record.objects.filter(expires_at__lte=now).delete()
    return count
