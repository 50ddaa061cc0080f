"""What may happen to events and deliveries: events are appended in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from loyalty.errors import NotFound
from loyalty.events import EventKind
from loyalty.outbox.models import Attempt, Delivery, Event
from loyalty.outbox.nudge import nudge_relay


def append(
    *,
    program_id: int,
    kind: EventKind,
    member_id: int | None,
    payload: Mapping[str, Any],
    now: datetime,
    sequence: int | None = None,
    is_test: bool = False,
) -> Event:
    """Writes one event in the caller's transaction; the relay tells others after the commit.

    Args:
        is_test: It was caused by a test entry: others hear of it only where the programme says so.
        sequence: A number that rises per member (the ledger's), where there is one.
    """
    event = Event.objects.create(
        program_id=program_id, kind=kind, member_id=member_id, sequence=sequence, payload=dict(payload), is_test=is_test,
        occurred_at=now,
    )  # fmt: skip
    nudge_relay()
    return event


@dataclass(frozen=True, slots=True)
class News:
    """What one of many events tells: of whom, the number that rises per member, and the facts."""

    member_id: int
    payload: Mapping[str, Any]
    sequence: int | None = None
    is_test: bool = False


def append_all(*, program_id: int, kind: EventKind, news: Iterable[News], now: datetime) -> None:
    """Writes many events of one kind in the caller's transaction, in one statement; see `append`."""
    events = [
        Event(
            program_id=program_id, kind=kind, member_id=each.member_id, sequence=each.sequence, payload=dict(each.payload),
            is_test=each.is_test, occurred_at=now,
        )
        for each in news
    ]  # fmt: skip
    if events:
        Event.objects.bulk_create(events)
        nudge_relay()


def send_again(*, delivery_id: int, now: datetime) -> None:
    """Puts a delivery back in the queue with all its attempts, under the same event id.

    What is waiting already is sent at once; what is being sent is left alone.

    Raises:
        NotFound: No such delivery in this programme.
    """
    found = Delivery.objects.filter(pk=delivery_id)
    if not found.exists():
        raise NotFound(_("Delivery '%(id)s' not found") % {"id": delivery_id})
    again = {"state": Delivery.State.PENDING, "attempts": 0, "next_attempt_at": now, "finished_at": None}
    try:
        with transaction.atomic():
            found.exclude(state=Delivery.State.SENDING).update(**again)
    except IntegrityError:  # a newer sync of this member waits already: that one goes at once
        twin = found.get()
        Delivery.objects.filter(
            event=None, destination=twin.destination, member_id=twin.member_id, state=Delivery.State.PENDING
        ).update(next_attempt_at=now)
    nudge_relay()


def send_all_again(*, rows: QuerySet[Delivery], now: datetime) -> int:
    """Puts many deliveries back in the queue with all their attempts, each under its event id; returns how many.

    What waits already or is being sent is left alone, and so are syncs of a state: the next one tells it anyway.
    """
    waiting = [Delivery.State.PENDING, Delivery.State.SENDING]
    again = rows.exclude(state__in=waiting).exclude(event=None)
    count = int(again.update(state=Delivery.State.PENDING, attempts=0, next_attempt_at=now, finished_at=None))
    nudge_relay()
    return count


def tell(*, destination: str, events: Iterable[Event], now: datetime) -> int:
    """Puts events in the queue of a destination that was never told of them; returns how many."""
    made = [
        Delivery(
            program_id=event.program_id, event=event, destination=destination, subject=event.kind,
            member_id=event.member_id, next_attempt_at=now, created_at=now,
        )
        for event in events
    ]  # fmt: skip
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    nudge_relay()
    return len(made)


def queue_syncs(
    *, program_id: int, destination: str, member_ids: QuerySet[Any, Any], now: datetime, every: timedelta
) -> int:
    """Puts syncs of many members in the queue in one statement, due one after the other; returns how many joined it.

    Who waits there already keeps their place.

    Args:
        member_ids: One column, the members' numbers; in their order they are due.
        every: The time from one to the next, so that a large shop does not use up what its vendor allows.
    """
    numbers, parameters = member_ids.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO outbox_delivery (program_id, destination, subject, member_id, state, attempts, next_attempt_at,
                lease_number, last_error, last_response, created_at)
            SELECT %s, %s, '', m.id, 'pending', 0,
                %s + (row_number() OVER (ORDER BY m.id) - 1) * make_interval(secs => %s), 0, '', '', %s
            FROM ({numbers}) AS m (id) ON CONFLICT DO NOTHING""",  # noqa: S608  # Django's own SQL, with parameters
            [program_id, destination, now, every.total_seconds(), now, *parameters],
        )
        joined = int(cursor.rowcount)
    nudge_relay()
    return joined


def resume(*, now: datetime, destinations: list[str] | None = None, family: str = "") -> int:
    """Makes what waits for these destinations due now, after a pause has ended; returns how many deliveries.

    Args:
        family: What the destinations' names begin with, before a colon, instead of the names.
    """
    which = Q(destination__startswith=f"{family}:") if family else Q(destination__in=destinations or [])
    waiting = Delivery.objects.filter(which, state=Delivery.State.PENDING)
    count = int(waiting.update(next_attempt_at=now))
    nudge_relay()
    return count


def withdraw(*, family: str, reason: str, now: datetime) -> int:
    """Skips what waits for the destinations of a family, which are gone; returns how many deliveries."""
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING, destination__startswith=f"{family}:")
    return int(waiting.update(state=Delivery.State.SKIPPED, last_error=reason, finished_at=now))


def tell_state_again(*, program_id: int, destination: str, since: datetime, now: datetime) -> int:
    """Queues a sync of everybody whose state was told to a destination since a moment; returns how many."""
    told = Delivery.objects.filter(destination=destination, event=None, created_at__gte=since, member_id__isnull=False)
    members = told.values_list("member_id", flat=True).distinct()
    return queue_syncs(program_id=program_id, destination=destination, member_ids=members, now=now, every=timedelta(0))


def forget_member(*, member_id: int, now: datetime) -> None:
    """Drops what events and deliveries say of a member; that they happened, and were told, stays.

    What was not told yet is told to nobody. An attempt under way loses its lease, so that it writes nothing back.
    """
    Event.objects.filter(member_id=member_id).update(payload={})
    told = Delivery.objects.filter(member_id=member_id)
    told.filter(state__in=[Delivery.State.PENDING, Delivery.State.SENDING]).update(
        state=Delivery.State.SKIPPED, finished_at=now, lease_until=None, lease_number=F("lease_number") + 1
    )
    told.update(last_request=None, last_response="", last_error="", body=None)
    Attempt.objects.filter(delivery__member_id=member_id).update(error="", response="")
