"""Forgetting words, never figures: what people typed goes from the journal, and every sum still holds."""

from __future__ import annotations

from django.db import connection, transaction

from loyalty.ledger.operations.accounts import lock_account


@transaction.atomic
def forget_words(*, account_id: int) -> int:
    """Drops the free text (a note, a reason) from an account's entries; nothing else of an entry can change.

    Returns:
        How many entries held some; a repeat finds none.

    Raises:
        NotFound: No such account in this programme.
    """
    account = lock_account(account_id=account_id)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL encore.forget = 'on'")  # the trigger lets only `details` change
        cursor.execute(
            """UPDATE ledger_entry SET details = details - ARRAY['note', 'reason']
            WHERE account_id = %s AND details ?| ARRAY['note', 'reason']""",
            [account.pk],
        )
        count = int(cursor.rowcount)
        cursor.execute("SET LOCAL encore.forget = 'off'")
    return count
