"""Disconnecting and taking along what Encore wrote: every member's properties are cleared before the key is forgotten.

A recorded run, like a back-fill. It gives up after a day, or when the vendor refuses the key: a merchant who leaves must not
be kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from loyalty.integrations import people, queries, trouble
from loyalty.integrations.delivering import exchange_for
from loyalty.integrations.exchange import Ended
from loyalty.integrations.forgetting import NOTHING
from loyalty.integrations.models import Connection
from loyalty.integrations.syncing import LATER, TASK, Batch, step_after
from loyalty.integrations.vendor import Mirrored, Person, Vendor
from loyalty.members.models import Member
from loyalty.nudging import nudge_after_commit
from loyalty.outbox.ports import Dead, Paused
from loyalty.programs.models import Program
from loyalty.programs.scheduling import Step, Work, latest_run, open_run

LONGEST = timedelta(days=1)


def run_name(vendor: str) -> str:
    """Returns the name of a vendor's runs, for ever."""
    return f"leave:{vendor}"


def begin(*, program: Program, vendor: str, now: datetime) -> None:
    """Opens a run, unless one is under way."""
    open_run(program_id=program.pk, name=run_name(vendor), now=now)
    nudge_after_commit(TASK)


def work_of(vendor: Vendor) -> Work:
    """Returns the job of one vendor, as `scheduling.run` does it."""

    def work(program: Program, cursor: str, now: datetime) -> Step:
        connection = queries.connection(vendor=vendor.slug)
        if connection is None or connection.state != Connection.State.LEAVING:
            return Step(None)  # it was connected again meanwhile
        run = latest_run(name=run_name(vendor.slug))
        if run is not None and now - run.started_at > LONGEST:
            return _end(connection, now)
        if trouble.closed_until(connection, now=now):
            return Step(cursor, rests_until=now + LATER)
        return _step(vendor, connection, cursor, now)

    return work


def _step(vendor: Vendor, connection: Connection, cursor: str, now: datetime) -> Step:
    if not cursor:
        return Step("0", {"total": Member.objects.living().count()})
    members = list(Member.objects.living().filter(pk__gt=int(cursor)).order_by("pk")[: vendor.batch])
    if not members:
        return _end(connection, now)
    batch: Batch = [
        (Person(each.email, each.shopify_customer_id, each.pk), NOTHING)
        for each in members
        if each.email or not vendor.needs_email
    ]
    exchange = exchange_for(vendor, connection, now=now)
    try:
        result = vendor.client.mirror_all(exchange, batch) if batch else Mirrored(0)
    except Ended as ended:
        refused = len(batch) if isinstance(ended.outcome, Dead) else 0
        result = Mirrored(0, refused=refused, outcome=None if refused else ended.outcome)
    if isinstance(result.outcome, Paused):
        return _end(connection, now)
    if result.outcome is not None:
        trouble.note(connection, result.outcome, now=now)
    return step_after([each.pk for each in members], batch, result, cursor=cursor, now=now)


def _end(connection: Connection, now: datetime) -> Step:
    forget_key(vendor=connection.vendor, now=now)
    return Step(None)


def forget_key(*, vendor: str, now: datetime) -> bool:
    """Ends a connection of the programme in scope: the key is deleted, and who members are there; returns whether there was one."""
    people.forget(vendor=vendor)
    return bool(
        Connection.objects.filter(vendor=vendor).update(
            state=Connection.State.DISCONNECTED, credential=None, credential_hint="", last_error="", failures_in_row=0,
            throttled_in_row=0, waits_until=None, updated_at=now,
        )
    )  # fmt: skip
