"""Sliding windows: at most so many within so long, whoever asks, and from however many threads."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from loyalty.windows import Window, give_back, take

LONG = 60_000


@pytest.fixture
def name():
    return f"test:{uuid.uuid4()}"


def taken(name, windows, times, places=1):
    return [take(name, windows, places=places).allowed for _ in range(times)]


def test_a_window_gives_what_it_has_and_no_more(name):
    assert taken(name, [Window(3, LONG)], 5) == [True, True, True, False, False]


def test_says_how_many_are_left_and_how_long_to_wait(name):
    first = take(name, [Window(2, LONG)])
    take(name, [Window(2, LONG)])
    refused = take(name, [Window(2, LONG)])
    assert (first.remaining, first.wait.total_seconds()) == (1, 0)
    assert 0 < refused.wait.total_seconds() <= 60


def test_a_place_is_free_again_when_its_time_is_over(name):
    assert take(name, [Window(1, 200)]).allowed
    verdict = take(name, [Window(1, 200)])
    time.sleep(verdict.wait.total_seconds() + 0.01)  # as long as it says, and no longer
    assert verdict.allowed or take(name, [Window(1, 200)]).allowed


def test_of_two_windows_the_narrower_decides_and_a_refusal_takes_no_place(name):
    both = [Window(2, LONG), Window(3, 2 * LONG)]
    assert taken(name, both, 3) == [True, True, False]
    give_back(name, [Window(2, LONG)], places=2)
    assert taken(name, both, 2) == [True, False], "the long window has had its three, and not one more"


def test_several_places_are_taken_together_or_not_at_all(name):
    assert taken(name, [Window(5, LONG)], 3, places=2) == [True, True, False]
    assert take(name, [Window(5, LONG)]).allowed


def test_who_wants_more_than_a_window_ever_holds_gets_all_of_it(name):
    assert taken(name, [Window(2, LONG)], 2, places=4) == [True, False]


def test_what_was_not_used_goes_back(name):
    take(name, [Window(4, LONG)], places=4)
    give_back(name, [Window(4, LONG)], places=3)
    assert taken(name, [Window(4, LONG)], 4) == [True, True, True, False]


def test_two_names_share_nothing(name):
    assert taken(name, [Window(1, LONG)], 1) == taken(f"{name}:other", [Window(1, LONG)], 1) == [True]


def test_eight_at_once_are_one_line(name):
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: take(name, [Window(50, LONG)]).allowed, range(200)))
    assert verdicts.count(True) == 50
