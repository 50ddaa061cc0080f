"""Forgetting what a redemption kept of its caller's words; the redemption itself stays."""

from __future__ import annotations

from loyalty.rewards.models import Redemption


def forget_purchases(*, member_ids: list[int]) -> None:
    """Drops the caller's keys, which may hold a name or an address, from these members' redemptions."""
    Redemption.objects.filter(member_id__in=member_ids).update(idempotency_key=None)
