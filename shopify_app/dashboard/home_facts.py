"""What Home has to know of the programme besides its figures: what is set up and what waits, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from loyalty.deliveries import queries as deliveries
from loyalty.deliveries.families import CODES, FRIENDS
from loyalty.earning import queries as earning
from loyalty.integrations import queries as integrations
from loyalty.integrations.models import Connection
from loyalty.integrations.webhooks import queries as webhooks
from loyalty.ledger import queries as ledger
from loyalty.members import queries as members
from loyalty.outbox.filters import Wanted
from loyalty.outbox.models import Delivery
from loyalty.programs import queries as programs
from loyalty.programs.models import Program
from loyalty.referrals import queries as referrals
from loyalty.rewards import queries as rewards
from loyalty.tiers import queries as tiers
from shopify_app.display.queries import opened

FAILED_DAYS = 30
"""Days back to which a failure is called open; an older one is in the list, and no news any more."""
_FAILED, _UNCLEAR = Delivery.State.DEAD, Delivery.State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true now.

    Attributes:
        is_shown: The loyalty panel was opened in the shop.
        pending: Awards in their approval time.
        held: Referrals that wait for a decision.
        unclear, unclear_codes: Deliveries, and codes and credits, of which nobody can tell whether they arrived.
        failed, failed_codes, failed_friends: Those that were given up in the last `FAILED_DAYS` days.
        failing_webhooks: Webhooks that have not been answered for a day.
    """

    has_anything: bool
    has_rule: bool
    has_reward: bool
    is_shown: bool
    has_movement: bool
    has_connection: bool
    members: int
    pending: int
    held: int
    unclear: int
    unclear_codes: int
    failed: int
    failed_codes: int
    failed_friends: int
    failing_webhooks: int


def open_since(*, program: Program, now: datetime) -> date:
    """Returns the first day of the shop whose failures are called open."""
    return now.astimezone(program.zone).date() - timedelta(days=FAILED_DAYS - 1)


def facts_of(*, program: Program, now: datetime) -> Facts:
    """Returns the facts of the programme in scope: each noun says what it would ask, and the database is asked once."""
    since = datetime.combine(open_since(program=program, now=now), time.min, tzinfo=program.zone)
    rules, offered = earning.rules(), rewards.rewards()
    asked: dict[str, Any] = {
        "has_anything": Exists(rules) | Exists(offered) | Exists(tiers.ladder()),
        "has_rule": Exists(rules.filter(is_active=True)),
        "has_reward": Exists(offered.filter(is_active=True, points_cost__gt=0)),
        "is_shown": Exists(opened()),
        "has_movement": Exists(ledger.movements()),
        "has_connection": Exists(integrations.connections().filter(state=Connection.State.ACTIVE))
        | Exists(programs.usable_keys(now=now)),
        "members": _count(members.members()),
        "pending": _count(earning.waiting()),
        "held": _count(referrals.waiting()),
        "unclear": _count(deliveries.outgoing(Wanted(state=_UNCLEAR))),
        "unclear_codes": _count(deliveries.outgoing(Wanted(to=CODES, state=_UNCLEAR))),
        "failed": _count(deliveries.outgoing(Wanted(state=_FAILED, since=since))),
        "failed_codes": _count(deliveries.outgoing(Wanted(to=CODES, state=_FAILED, since=since))),
        "failed_friends": _count(deliveries.outgoing(Wanted(to=FRIENDS, state=_FAILED, since=since))),
        "failing_webhooks": _count(webhooks.failing(now=now)),
    }
    found: Any = Program.objects.filter(pk=program.pk).values(**asked).get()
    return Facts(**found)


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows there are, as a part of another statement."""
    plain = rows.select_related(None).order_by().annotate(_one=Value(1)).values("_one")
    return Coalesce(Subquery(plain.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0)
