"""Sending again: one outgoing thing, or all of what somebody asks for, each by the operation of its own noun."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from loyalty.deliveries.families import CODES, FRIENDS
from loyalty.deliveries.queries import find, free_failed, refused_codes
from loyalty.deliveries.showing import Outgoing
from loyalty.errors import InvalidField, Refusal
from loyalty.outbox import replaying
from loyalty.outbox.filters import Wanted, wanted_deliveries
from loyalty.outbox.models import Delivery
from loyalty.outbox.operations import send_again
from loyalty.outbox.replaying import Replayed
from loyalty.referrals.operations import make_code_again
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import give_again

MOST_CODES = 500
"""Codes that one call has made again: each takes its member's lock."""


def replay(*, id_: str, now: datetime) -> Outgoing:
    """Sends one outgoing thing again, whatever came of it, or has its code made again that failed.

    A delivery keeps its event's id; one that waits goes at once; one that is being sent is left alone.

    Raises:
        OutgoingNotFound: There is none in this programme.
        NotFailed, NoCodeToMake: The code is there, is being made, or nobody waits for it any more; nothing changed.
        RewardNotFound: The reward of the code is off or was deleted; nothing changed.
    """
    found = find(id_)
    if isinstance(found, Delivery):
        send_again(delivery_id=found.pk, now=now)
    elif isinstance(found, Redemption):
        give_again(redemption_id=found.pk, now=now)
    else:
        make_code_again(referral_id=found.pk, now=now)
    return find(id_)


def replay_all(*, wanted: Wanted, program_id: int, now: datetime) -> Replayed:
    """Sends everything again that is asked for and has come to an end, oldest first; at most 10,000 a call (codes: 500).

    What waits goes by itself and is left alone, and so are codes that were bought: their points are back. A caller who goes
    on to the end asks each time for what `ended_before` the first call.

    Raises:
        InvalidField: Nothing is asked for in particular; nothing changed.
    """
    if not wanted.to and not wanted.state:
        raise InvalidField("destination", _("destination or state is required: nobody means everything"))
    if wanted.to == CODES:
        ids = list(free_failed(wanted).values_list("pk", flat=True)[: MOST_CODES + 1])
        return _each(ids, lambda pk: give_again(redemption_id=pk, now=now))
    if wanted.to == FRIENDS:
        ids = list(refused_codes(wanted).values_list("pk", flat=True)[: MOST_CODES + 1])
        return _each(ids, lambda pk: make_code_again(referral_id=pk, now=now))
    return replaying.replay(rows=wanted_deliveries(wanted), program_id=program_id, now=now)


def _each(ids: list[int], act: Callable[[int], object]) -> Replayed:
    """Has each of some codes made again; one that can't be is left as it is."""
    done = 0
    for pk in ids[:MOST_CODES]:
        try:
            act(pk)
        except Refusal:
            continue  # its reward is off, or it was given meanwhile
        done += 1
    return Replayed(done, len(ids) > MOST_CODES)
