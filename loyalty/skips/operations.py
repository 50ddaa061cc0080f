"""What may happen to skips: they are kept while a programme is restricted, and decided once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from loyalty.skips.models import Skip


def keep(
    *,
    program_id: int,
    member_id: int,
    kind: Skip.Kind,
    identity: str | None,
    name: str,
    points: int,
    facts: Mapping[str, Any],
    occurred_at: datetime,
    now: datetime,
) -> None:
    """Keeps what a member would have been given. The same identity once more, waiting or decided, is no change.

    Args:
        identity: What makes two tellings the same thing, up to 120 characters; None keeps each.
        points: Whole points it would have come to; 0 for a reward.
    """
    row = Skip(
        program_id=program_id, member_id=member_id, kind=kind, identity=identity, name=name[:200], points=points,
        facts=dict(facts), occurred_at=occurred_at, created_at=now,
    )  # fmt: skip
    Skip.objects.bulk_create([row], ignore_conflicts=True)


def lock_waiting(*, skip_id: int) -> Skip | None:
    """Locks a skip that still waits until the transaction ends; None when it was decided, or somebody is deciding it.

    The caller has locked the member's account before: who forgets or merges a member locks in that order as well.
    """
    found = Skip.objects.select_for_update(skip_locked=True, of=("self",)).select_related("member")
    waiting: Skip | None = found.filter(pk=skip_id, state=Skip.State.WAITING).first()
    return waiting


def decide(*, skip: Skip, state: Skip.State, now: datetime, sentence: str = "") -> None:
    """Writes down what became of a skip that the caller has locked; it is never given again."""
    skip.state, skip.decided_at, skip.sentence = state, now, sentence[:300]
    skip.save(update_fields=["state", "decided_at", "sentence"])


def note(*, skip: Skip, sentence: str) -> None:
    """Writes down why a skip could not be given now; it goes on waiting. The caller has locked it."""
    skip.sentence = sentence[:300]
    skip.save(update_fields=["sentence"])


def discard_all(*, now: datetime) -> int:
    """Decides that nothing of what waits in the programme is given, and returns how much that was. A repeat finds none."""
    waiting = Skip.objects.filter(state=Skip.State.WAITING)
    return int(waiting.update(state=Skip.State.DISCARDED, decided_at=now))


def hand_over(*, from_member_id: int, into_member_id: int) -> None:
    """Gives a member's skips to the survivor of a merge; what the survivor has of the same identity stays theirs."""
    had = Skip.objects.filter(member_id=into_member_id, identity__isnull=False).values_list("identity", flat=True)
    moving = Skip.objects.filter(member_id=from_member_id)
    moving.filter(identity__in=list(had)).delete()
    moving.update(member_id=into_member_id)


def forget_member(*, member_id: int, now: datetime) -> None:
    """Drops what skips hold of a member's words; what waited for them is given to nobody."""
    found = Skip.objects.filter(member_id=member_id)
    found.filter(state=Skip.State.WAITING).update(state=Skip.State.DISCARDED, decided_at=now)
    found.update(facts={}, sentence="", identity=None)
