"""Approving and rejecting by hand, singly and in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from loyalty.deciding import Decided, decide_each
from loyalty.earning.operations.approval import approve, reject


def decide(*, public_ids: Iterable[str], approving: bool, now: datetime, reason: str = "", actor: str = "") -> Decided:
    """Approves or rejects pending awards, each in a transaction of its own: one that can't be decided stops no other.

    A repeat changes nothing: an award that is already so counts as done.

    Args:
        reason: Why they are rejected, up to 200 characters; kept with each award.
        actor: Which of the staff decides; kept with each rejection.
    """
    if approving:
        return decide_each(public_ids, lambda public_id: approve(public_id=public_id, now=now))
    return decide_each(
        public_ids, lambda public_id: reject(public_id=public_id, now=now, reason=reason[:200], actor=actor)
    )
