"""What may be asked of everything that goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from loyalty.deliveries import codes
from loyalty.deliveries.families import CODES, FRIENDS
from loyalty.deliveries.showing import MARK, Outgoing
from loyalty.errors import NotFound
from loyalty.outbox import queries as outbox
from loyalty.outbox.filters import Wanted, wanted_deliveries
from loyalty.outbox.models import Delivery
from loyalty.outbox.queries import Line
from loyalty.outbox.replaying import replayable
from loyalty.referrals.models import Referral
from loyalty.rewards.models import Redemption

CODE_FAMILIES = (CODES, FRIENDS)


class OutgoingNotFound(NotFound):
    """No such delivery, redemption or referral here."""

    def __init__(self, id_: object) -> None:
        super().__init__(_("Delivery '%(id)s' not found") % {"id": id_})


def outgoing(wanted: Wanted) -> QuerySet[Any]:
    """Returns what is asked for, newest first: deliveries of the outbox, or the rows of a family of codes."""
    if wanted.to == CODES:
        return codes.redemptions(wanted)
    return codes.referrals(wanted) if wanted.to == FRIENDS else wanted_deliveries(wanted)


def find(id_: str) -> Outgoing:
    """Returns one outgoing thing by its public id.

    Raises:
        OutgoingNotFound: There is none in this programme.
    """
    found: Outgoing | None = None
    number = id_.removeprefix(MARK)
    if number.isascii() and number.isdigit() and len(number) <= 18:
        found = Delivery.objects.select_related("event").filter(pk=int(number)).first()
    elif id_.startswith("cr_"):
        found = Redemption.objects.select_related("reward").filter(public_id=id_).first()
    else:
        found = Referral.objects.exclude(code_state="").filter(public_id=id_).first()
    if found is None:
        raise OutgoingNotFound(id_)
    return found


def lines(*, now: datetime) -> dict[str, Line]:
    """Returns how each family stands, by its name; one with nothing open is left out."""
    return {**outbox.lines(now=now), **codes.lines(now=now)}


def replayable_by_destination(wanted: Wanted, *, most: int) -> dict[str, int]:
    """Returns how many of what is asked for can be sent again, by destination, as far as `most` in all; codes by family."""
    if wanted.to == CODES:
        count = free_failed(wanted)[:most].count()
        return {CODES: count} if count else {}
    if wanted.to == FRIENDS:
        count = refused_codes(wanted)[:most].count()
        return {FRIENDS: count} if count else {}
    some = replayable(wanted_deliveries(wanted)).values("pk")[:most]
    rows = Delivery.objects.filter(pk__in=some).order_by("destination").values_list("destination")
    return dict(rows.annotate(n=Count("pk")))


def free_failed(wanted: Wanted) -> QuerySet[Redemption]:
    """Returns what is asked for that was given for nothing and failed, and can be given again, oldest first."""
    failed = codes.redemptions(wanted).filter(state=Redemption.State.FAILED, follow_up="", code_needs_removal=False)
    offered = failed.filter(occurrence__isnull=False, reward__is_active=True, reward__deleted_at=None)
    return offered.order_by("created_at", "pk")


def refused_codes(wanted: Wanted) -> QuerySet[Referral]:
    """Returns what is asked for of friends' codes that Shopify refused and that are still wanted, oldest first."""
    going_on = [Referral.State.PENDING, Referral.State.FRIEND_CONVERTED]
    refused = codes.referrals(wanted).filter(code_state=Referral.CodeState.REFUSED, state__in=going_on)
    return refused.order_by("claimed_at", "pk")
