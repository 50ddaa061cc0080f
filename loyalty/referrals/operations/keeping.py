"""What happens to referrals besides their own course: time runs out, members merge, people ask to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django_scopes import scopes_disabled

from loyalty.referrals.identity import email_key
from loyalty.referrals.models import Referral, Trace
from loyalty.referrals.operations.ending import end, locked
from loyalty.referrals.operations.tracing import key_of

CHUNK = 5_000
"""Referrals that one step ends."""
STRANGERS_KEPT = timedelta(days=90)
_State = Referral.State


def expire_some(*, now: datetime, limit: int = CHUNK) -> int:
    """Ends referrals of the programme in scope whose time ran out without an order, and returns how many.

    One that has an order to be judged is left alone; the code's end stands in the shop itself.
    """
    over = Referral.objects.filter(state=_State.PENDING, expires_at__lte=now, judge_at=None)
    page = list(over.order_by("expires_at").values_list("pk", flat=True)[:limit])
    return int(over.filter(pk__in=page).update(state=_State.EXPIRED, ended_at=now, updated_at=now))


@transaction.atomic
def take_over_referrals(*, from_member_id: int, into_member_id: int, now: datetime) -> None:
    """Gives a member's referrals, as advocate and as friend, to the survivor of a merge. A repeat finds none.

    An advocate and a friend who turn out to be one person have referred nobody. The caller merged the accounts in the
    same transaction.
    """
    Referral.objects.filter(friend_id=from_member_id).update(friend_id=into_member_id)
    Referral.objects.filter(advocate_id=from_member_id).update(advocate_id=into_member_id)
    taken = Trace.objects.filter(member_id=into_member_id).values("kind", "digest")
    for trace in Trace.objects.filter(member_id=from_member_id):
        if {"kind": trace.kind, "digest": trace.digest} not in list(taken):
            trace.member_id = into_member_id
            trace.save(update_fields=["member"])
    Trace.objects.filter(member_id=from_member_id).delete()
    alone = Referral.objects.filter(advocate_id=into_member_id, friend_id=F("advocate_id"))
    for number in alone.filter(state__in=[_State.PENDING, _State.FRIEND_CONVERTED]).values_list("pk", flat=True):
        end(locked(number), Referral.EndedFor.SAME_PERSON, now=now)


def forget_friend(*, member_ids: Iterable[int], email: str | None) -> None:
    """Forgets a person's address wherever they were somebody's friend, and every trace of them; the figures stay.

    The digest of the address goes too: nothing tells any more whose referral it was. A repeat changes nothing.
    """
    members = list(member_ids)
    theirs = Q(friend_id__in=members)
    if email:
        theirs |= Q(friend_key=key_of(f"email:{email_key(email)}"))
    nobody = Concat(Value("forgotten-"), Cast("pk", CharField()), output_field=CharField())
    Referral.objects.filter(theirs).update(
        friend_email=None, friend_key=nobody, friend_customer_id=None, network_digest="", note=""
    )
    Trace.objects.filter(member_id__in=members).delete()


def forget_strangers(*, now: datetime) -> int:
    """Drops the addresses of people whose invitation came to nothing 90 days ago and who never joined; returns how many.

    In every programme. The digest stays, and tells nobody who it was.
    """
    with scopes_disabled():
        over = Referral.objects.filter(state__in=[_State.EXPIRED, _State.ENDED], ended_at__lt=now - STRANGERS_KEPT)
        return int(over.filter(friend=None).exclude(friend_email=None).update(friend_email=None))


def forget_all_friends() -> None:
    """Forgets every friend's address and every trace of the programme in scope; see `forget_friend`."""
    nobody = Concat(Value("forgotten-"), Cast("pk", CharField()), output_field=CharField())
    Referral.objects.all().update(
        friend_email=None, friend_key=nobody, friend_customer_id=None, network_digest="", note=""
    )
    Trace.objects.all().delete()
