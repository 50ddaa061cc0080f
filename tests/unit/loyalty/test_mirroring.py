"""Profiles written with a call each: whom a batch passes by, and where it stops."""

import pytest

from loyalty.integrations.exchange import Ended
from loyalty.integrations.mirroring import one_by_one
from loyalty.integrations.vendor import Mirrored, Person
from loyalty.outbox.ports import Dead, Paused, Retry, Skipped, Waits

PEOPLE = [(Person(f"{number}@example.com", None, number), {"Encore Points Balance": number}) for number in range(5)]


def written(ends):
    """What becomes of five profiles, when those of `ends` end so; and who was tried."""
    tried = []

    def write(person, _state):
        tried.append(person.member_id)
        if person.member_id in ends:
            raise Ended(ends[person.member_id])

    return one_by_one(PEOPLE, write), tried


def test_everybody_is_written_in_turn():
    assert written({}) == (Mirrored(5), [0, 1, 2, 3, 4])


def test_who_is_not_there_or_refused_is_counted_and_passed_by():
    result, tried = written({1: Skipped(error="Nobody"), 3: Dead(error="No.")})
    assert (result, tried) == (Mirrored(3, skipped=1, refused=1), [0, 1, 2, 3, 4])


@pytest.mark.parametrize("kind", [Waits, Retry, Paused])
def test_what_the_vendor_says_of_itself_ends_the_batch_there_and_what_was_written_counts(kind):
    end = kind(error="Not now")
    result, tried = written({0: Skipped(error="Nobody"), 3: end})
    assert (result, result.handled, tried) == (Mirrored(2, skipped=1, outcome=end), 3, [0, 1, 2, 3])
