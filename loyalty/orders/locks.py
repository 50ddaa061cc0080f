"""Locks on things that may have no row yet: an order we only heard a refund of, a customer who is no member yet.

Always in this order: order, customer, then rows (members, accounts). They are held until the transaction ends.
"""

from __future__ import annotations

from django.db import connection


def lock_order(*, program_id: int, shopify_order_id: int) -> None:
    """Waits for whoever writes about this order, and keeps others waiting."""
    _lock(f"order:{program_id}:{shopify_order_id}")


def lock_customer(*, program_id: int, shopify_customer_id: int) -> None:
    """Waits for whoever enrols this customer or writes an order of theirs, so that neither overlooks the other."""
    _lock(f"customer:{program_id}:{shopify_customer_id}")


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
