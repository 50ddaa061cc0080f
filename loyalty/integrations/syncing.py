"""Writing every member's profile at a vendor: in steps, at a pace of its own, so that live news goes first.

A recorded run per programme and vendor (`programs/scheduling.py`): it goes on where it stopped, whatever happens to a worker.
A vendor works a bulk request in its own time, so that it may overwrite what was told live meanwhile: in the end everybody of
whom something was told since the beginning is synchronised once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from loyalty.integrations import naming, profile, queries, trouble
from loyalty.integrations.delivering import exchange_for, person_of
from loyalty.integrations.exchange import Ended, Exchange
from loyalty.integrations.models import GONE, Connection
from loyalty.integrations.state import read_states
from loyalty.integrations.vendor import Mirrored, Person, Properties, Told, Vendor
from loyalty.members.models import Member
from loyalty.nudging import nudge_after_commit
from loyalty.outbox.operations import queue_syncs, tell_state_again
from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry, Waits
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, Work, latest_run, open_run

TASK = "loyalty.integrations.tasks.go_on_syncing"
NO_RIGHT = 403
SETTLING = timedelta(minutes=2)
"""How long a vendor is given to work what it was handed, before what changed meanwhile is told again."""
LATER = timedelta(minutes=1)
_END = "end"
Batch = list[tuple[Person, Properties]]


def run_name(vendor: str) -> str:
    """Returns the name of a vendor's runs, for ever."""
    return f"sync:{vendor}"


def begin(*, program: Program, vendor: str, now: datetime) -> None:
    """Opens a run, unless one is under way."""
    open_run(program_id=program.pk, name=run_name(vendor), now=now)
    nudge_after_commit(TASK)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: members written, handed to single deliveries, left out and refused, and of how many."""

    is_running: bool
    written: int
    queued: int
    skipped: int
    refused: int
    total: int
    started_at: datetime
    finished_at: datetime | None
    error: str

    @property
    def handled(self) -> int:
        """Members done with."""
        return self.written + self.queued + self.skipped + self.refused

    @property
    def percent(self) -> int:
        """Whole percent done, 0 to 100."""
        return min(99, 100 * self.handled // max(self.total, 1)) if self.is_running else 100


def progress(*, vendor: str) -> Progress | None:
    """Returns how far the newest run of the programme in scope is; None when there was none."""
    run = latest_run(name=run_name(vendor))
    if run is None:
        return None
    counts = {name: run.counts.get(name, 0) for name in ("written", "queued", "skipped", "refused", "total")}
    return Progress(
        is_running=run.finished_at is None, started_at=run.started_at, finished_at=run.finished_at, error=run.error,
        **counts,
    )  # fmt: skip


def work_of(vendor: Vendor) -> Work:
    """Returns the job of one vendor, as `scheduling.run` does it."""

    def work(program: Program, cursor: str, now: datetime) -> Step:
        connection = queries.connection(vendor=vendor.slug)
        if connection is None or connection.state in GONE:
            return Step(None)
        if connection.state == Connection.State.NEEDS_RECONNECT or trouble.closed_until(connection, now=now):
            return Step(cursor, rests_until=now + LATER)
        try:
            return _step(vendor, program, connection, cursor, now)
        except Ended as ended:
            trouble.note(connection, ended.outcome, now=now)
            return Step(cursor, rests_until=now + patience(ended.outcome))

    return work


def _step(vendor: Vendor, program: Program, connection: Connection, cursor: str, now: datetime) -> Step:
    exchange = exchange_for(vendor, connection, now=now)
    destination = f"{vendor.slug}:profiles"
    if cursor == _END:
        run = latest_run(name=run_name(vendor.slug))
        if run is not None:
            tell_state_again(program_id=program.pk, destination=destination, since=run.started_at, now=now)
        return Step(None)
    if not cursor:
        if vendor.keeps_history:
            _show_examples(vendor, program, exchange, now)
        return Step("0", {"total": Member.objects.living().count()})
    ids = list(
        Member.objects.living().filter(pk__gt=int(cursor)).order_by("pk").values_list("pk", flat=True)[: vendor.batch]
    )
    if not ids:
        return Step(_END, rests_until=now + SETTLING / settings.ENCORE_DELIVERY_PACE)
    batch = _batch(vendor, connection, ids, now)
    result = _hand_over(program, exchange, batch, destination, now) if batch else Mirrored(0)
    trouble.note(connection, result.outcome or (exchange.done() if batch else Done()), now=now)
    return step_after(ids, batch, result, cursor=cursor, now=now)


def step_after(ids: Sequence[int], batch: Batch, result: Mirrored, *, cursor: str, now: datetime) -> Step:
    """Returns the step that a batch came to: on to the next members, or to the first that was not handled, after a rest.

    Args:
        ids: The members of this step, in their order.
        batch: Those of them who were written, in that order; the others are left out, and counted once.
        cursor: Where this step began.
    """
    passed, rests_until = list(ids), None
    if result.outcome is not None:
        first = batch[result.handled][0].member_id or 0
        passed, rests_until = [each for each in ids if each < first], now + patience(result.outcome)
    counts = {
        "written": result.taken, "queued": result.queued, "refused": result.refused,
        "skipped": result.skipped + len(passed) - result.handled,
    }  # fmt: skip
    return Step(str(passed[-1]) if passed else cursor, counts, rests_until=rests_until)


def _batch(vendor: Vendor, connection: Connection, ids: Sequence[int], now: datetime) -> Batch:
    """The profiles of those of some members who have one there."""
    states = read_states(member_ids=ids, now=now)
    batch: Batch = []
    for member_id in ids:
        state = states.get(member_id)
        if state is None or state.is_filtered_out or (vendor.needs_email and not state.email):
            continue
        values = profile.properties(state, sends_birthday=connection.sends_birthday)
        batch.append((person_of(state, member_id), values))
    return batch


def _hand_over(program: Program, exchange: Exchange, batch: Batch, destination: str, now: datetime) -> Mirrored:
    """Writes a batch; where the vendor will not have it so, each member is queued to be told one by one."""
    try:
        return exchange.vendor.client.mirror_all(exchange, batch)
    except Ended as ended:
        has_no_right = isinstance(ended.outcome, Paused) and ended.outcome.status == NO_RIGHT
        if not has_no_right and not isinstance(ended.outcome, Dead):
            return Mirrored(0, outcome=ended.outcome)
    members = Member.objects.filter(pk__in=[person.member_id for person, _ in batch]).values_list("pk", flat=True)
    queue_syncs(program_id=program.pk, destination=destination, member_ids=members, now=now, every=timedelta(0))
    return Mirrored(0, queued=len(batch))


def _show_examples(vendor: Vendor, program: Program, exchange: Exchange, now: datetime) -> None:
    """Tells one of each event about nobody, as history, so that flows can be built before the first real one."""
    nobody = Person(email=f"encore-example@{program.shopify_domain}", shopify_customer_id=None)
    for slug, named in naming.EVENTS.items():
        told = Told(
            name=named.name,
            properties=naming.properties_of(named, named.sample, None),
            person=nobody,
            state=None,
            occurred_at=now - timedelta(days=1),
            unique_id=f"{program.pk}:example:{slug}",
            is_history=True,
        )
        vendor.client.tell(exchange, told)


def patience(outcome: Outcome) -> timedelta:
    """Returns how long a run rests after an outcome that stopped it."""
    if isinstance(outcome, Waits | Paused) or (isinstance(outcome, Retry) and outcome.after is not None):
        return outcome.after or LATER
    return LATER / settings.ENCORE_DELIVERY_PACE
