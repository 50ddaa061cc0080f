"""Scheduled work: each run recorded, one worker at a time, resumed where it stopped, one shop's fault alone."""

from datetime import timedelta

import pytest

from loyalty.programs.models import ScheduledRun
from loyalty.programs.scheduling import KEPT, LEASE, Step, forget_runs, open_runs, ran_since, run
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that moves on when it is told to."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def passes(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


def three_steps(seen=None, *, then=lambda cursor: None):
    def work(program, cursor, now):
        if seen is not None:
            seen.append((program.pk, cursor))
        then(cursor)
        number = int(cursor or 0) + 1
        return Step(None if number == 3 else str(number), {"rows": 10})

    return work


def test_a_run_is_recorded_with_its_counts(shop, clock):
    assert run(name="job", programs=[shop.program.pk], work=three_steps(), clock=clock)
    found = ScheduledRun.objects.get()
    assert (found.name, found.counts, found.started_at, found.finished_at, found.error) == (
        "job", {"rows": 30}, NOW, NOW, "",
    )  # fmt: skip
    assert ran_since(program_id=shop.program.pk, name="job", since=NOW)
    assert not ran_since(program_id=shop.program.pk, name="job", since=NOW + timedelta(seconds=1))


def test_one_whose_time_is_up_goes_on_where_it_stopped(shop, clock):
    seen = []
    work = three_steps(seen, then=lambda cursor: clock.passes(seconds=40))
    assert not run(name="job", programs=[shop.program.pk], work=work, clock=clock)
    assert open_runs(name="job") == [shop.program.pk]
    assert not ran_since(program_id=shop.program.pk, name="job", since=NOW)
    assert run(name="job", programs=[shop.program.pk], work=work, clock=clock)
    assert [cursor for _, cursor in seen] == ["", "1", "2"]
    assert ScheduledRun.objects.get().counts == {"rows": 30}


def test_nobody_takes_a_run_that_another_worker_has(shop, clock):
    seen, inner = [], []

    def another(cursor):
        if not inner:
            inner.append(run(name="job", programs=[shop.program.pk], work=three_steps(seen), clock=clock))

    assert run(name="job", programs=[shop.program.pk], work=three_steps(then=another), clock=clock)
    assert (seen, inner, ScheduledRun.objects.get().counts) == ([], [True], {"rows": 30})


def test_a_worker_that_died_is_succeeded_after_its_lease(shop, clock):
    def dies(program, cursor, now):
        if cursor:
            raise KeyboardInterrupt
        return Step("1", {"rows": 10})

    with pytest.raises(KeyboardInterrupt):
        run(name="job", programs=[shop.program.pk], work=dies, clock=clock)
    seen = []
    run(name="job", programs=[shop.program.pk], work=three_steps(seen), clock=clock)
    assert seen == []
    clock.now += LEASE
    run(name="job", programs=[shop.program.pk], work=three_steps(seen), clock=clock)
    assert [cursor for _, cursor in seen] == ["1", "2"]
    assert ScheduledRun.objects.get().counts == {"rows": 30}


def test_a_worker_that_was_taken_over_writes_nothing_more(shop, clock):
    def slow(program, cursor, now):
        clock.now += LEASE
        assert run(name="job", programs=[program.pk], work=three_steps(), clock=clock)
        return Step("9", {"rows": 1})

    assert run(name="job", programs=[shop.program.pk], work=slow, clock=clock)
    found = ScheduledRun.objects.get()
    assert (found.counts, found.cursor) == ({"rows": 30}, "2")


def test_one_shops_fault_holds_no_other_up(shop, clock, caplog):
    other = AShop.new()

    def work(program, cursor, now):
        if program.pk == shop.program.pk:
            raise ValueError("broken")
        return Step(None, {"rows": 1})

    assert run(name="job", programs=[shop.program.pk, other.program.pk], work=work, clock=clock)
    assert ScheduledRun.objects.get().error == "ValueError: broken"
    assert "job failed" in caplog.text
    assert not ran_since(program_id=shop.program.pk, name="job", since=NOW)
    assert ran_since(program_id=other.program.pk, name="job", since=NOW)
    assert run(name="job", programs=[shop.program.pk], work=three_steps(), clock=clock)
    assert ScheduledRun.objects.filter(error="").count() == 1


def test_a_round_that_goes_on_leaves_alone_what_it_has_done(shop, clock):
    other, seen = AShop.new(), []
    programs = [shop.program.pk, other.program.pk]
    work = three_steps(seen, then=lambda cursor: clock.passes(seconds=30))
    calls = 1
    while not run(name="job", programs=programs, work=work, clock=clock, begun=NOW):
        calls += 1
    assert (calls, len(seen)) == (3, 6)
    assert run(name="job", programs=programs, work=work, clock=clock, begun=NOW)
    assert len(seen) == 6
    clock.passes(seconds=1)
    run(name="job", programs=programs, work=work, clock=clock, begun=clock())
    assert len(seen) > 6


def resting(seen, *, seconds):
    """Steps that each ask for a rest, until the third."""

    def work(program, cursor, now):
        seen.append((program.pk, cursor))
        number = int(cursor or 0) + 1
        return Step(None if number == 3 else str(number), {"rows": 10}, rests_until=now + timedelta(seconds=seconds))

    return work


def test_a_run_that_rests_is_taken_up_when_its_time_has_come(shop, clock):
    seen = []
    work = resting(seen, seconds=30)
    for _ in range(2):
        assert run(name="job", programs=[shop.program.pk], work=work, clock=clock)
    assert len(seen) == 1
    clock.passes(seconds=29)
    run(name="job", programs=[shop.program.pk], work=work, clock=clock)
    assert len(seen) == 1
    for _ in range(2):
        assert open_runs(name="job") == [shop.program.pk]
        clock.passes(seconds=30)
        run(name="job", programs=[shop.program.pk], work=work, clock=clock)
    assert [cursor for _, cursor in seen] == ["", "1", "2"]
    found = ScheduledRun.objects.get()
    assert (found.counts, found.finished_at) == ({"rows": 30}, clock.now)


def test_a_run_that_rests_keeps_no_worker_from_the_next_shop(shop, clock):
    other, seen = AShop.new(), []
    programs = [shop.program.pk, other.program.pk]
    assert run(name="job", programs=programs, work=resting(seen, seconds=3600), clock=clock)
    assert [program for program, _ in seen] == programs


def test_whoever_takes_runs_up_begins_none(shop, clock):
    other, seen = AShop.new(), []
    work = resting(seen, seconds=0)
    run(name="job", programs=[shop.program.pk], work=work, clock=clock)
    run(name="job", programs=[shop.program.pk, other.program.pk], work=work, clock=clock, begins=False)
    assert seen == [(shop.program.pk, ""), (shop.program.pk, "1")]
    assert open_runs(name="job") == [shop.program.pk]


def test_old_runs_are_forgotten(shop, clock):
    run(name="job", programs=[shop.program.pk], work=three_steps(), clock=clock)
    assert forget_runs(now=NOW + KEPT) == 0
    assert forget_runs(now=NOW + KEPT + timedelta(seconds=1)) == 1
