"""Writing profiles with a call each, for vendors that take no batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from loyalty.integrations.exchange import Ended
from loyalty.integrations.vendor import Mirrored, Person, Properties
from loyalty.outbox.ports import Dead, Skipped


def one_by_one(people: Iterable[tuple[Person, Properties]], write: Callable[[Person, Properties], None]) -> Mirrored:
    """Writes each profile in turn, and stops at the first that says something of the vendor rather than of the person.

    Args:
        write: Writes one. It raises `Ended`: whoever is skipped or refused is counted and passed by; anything else, a full
            window too, ends the batch there, and what was written before counts.
    """
    taken = skipped = refused = 0
    for person, state in people:
        try:
            write(person, state)
        except Ended as ended:
            if not isinstance(ended.outcome, Skipped | Dead):
                return Mirrored(taken, skipped, refused, outcome=ended.outcome)
            skipped += isinstance(ended.outcome, Skipped)
            refused += isinstance(ended.outcome, Dead)
        else:
            taken += 1
    return Mirrored(taken, skipped, refused)
