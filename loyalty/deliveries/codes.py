"""Codes and credits that workers make in the shop: redemptions and friends' invitations, in the words of deliveries.

They are no rows of the outbox: each is the intent of its own noun, written down with its terms before the first call. Here
they are only asked for, by the states that deliveries have.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from loyalty.deliveries.families import CODES, FRIENDS
from loyalty.outbox.filters import Wanted
from loyalty.outbox.models import Delivery
from loyalty.outbox.queries import Line, behind
from loyalty.referrals.models import Referral
from loyalty.rewards.models import Redemption

_State = Delivery.State
_OURS = Q(hold_id__isnull=False) | Q(occurrence__isnull=False)
"""What was brought along from elsewhere was never made here."""
_HOLDING, _FAILED, _OPEN = (
    Q(state=Redemption.State.HOLDING), Q(state=Redemption.State.FAILED), ~Q(follow_up=""),
)  # fmt: skip
_UNCLEAR = _HOLDING & Q(credit_state=Redemption.Credit.UNCLEAR)
REDEMPTION_STATES = {
    _State.PENDING: (_HOLDING & ~Q(credit_state=Redemption.Credit.UNCLEAR)) | (_OPEN & ~_HOLDING),
    _State.DONE: ~_HOLDING & ~_FAILED & Q(follow_up=""),
    _State.DEAD: _FAILED & Q(follow_up=""),
    _State.UNKNOWN: _UNCLEAR,
}
_Code = Referral.CodeState
REFERRAL_STATES = {
    _Code.WANTED: _State.PENDING, _Code.UNWANTED: _State.PENDING, _Code.MADE: _State.DONE, _Code.REMOVED: _State.DONE,
    _Code.REFUSED: _State.DEAD,
}  # fmt: skip
_NOT_SAID = (None, "")


def redemptions(wanted: Wanted) -> QuerySet[Redemption]:
    """Returns the redemptions whose code or credit is asked for, with their rewards, newest first."""
    found: QuerySet[Redemption] = Redemption.objects.filter(_OURS).select_related("reward")
    if wanted.state:
        which = REDEMPTION_STATES.get(_State(wanted.state)) if wanted.state in _State.values else None
        found = found.filter(which) if which is not None else found.none()
    spans = {"created_at__gte": wanted.since, "created_at__lt": wanted.until, "member_id": wanted.member_id}
    return _said(found, wanted, {**spans, "updated_at__lt": wanted.ended_before}).order_by("-created_at", "-pk")


def referrals(wanted: Wanted) -> QuerySet[Referral]:
    """Returns the invitations whose friend's code is asked for, newest first."""
    found: QuerySet[Referral] = Referral.objects.exclude(code_state="")
    if wanted.state:
        found = found.filter(code_state__in=[code for code, state in REFERRAL_STATES.items() if state == wanted.state])
    spans = {"claimed_at__gte": wanted.since, "claimed_at__lt": wanted.until, "advocate_id": wanted.member_id}
    return _said(found, wanted, {**spans, "updated_at__lt": wanted.ended_before}).order_by("-claimed_at", "-pk")


def _said(found: QuerySet[Any], wanted: Wanted, exact: dict[str, Any]) -> QuerySet[Any]:
    if wanted.kind:  # codes are no news
        return found.none()
    return found.filter(**{name: value for name, value in exact.items() if value not in _NOT_SAID})


def redemption_state(row: Redemption) -> Delivery.State:
    """Returns where a redemption's code or credit stands, as deliveries do."""
    if row.state == Redemption.State.HOLDING:
        return _State.UNKNOWN if row.credit_state == Redemption.Credit.UNCLEAR else _State.PENDING
    if row.follow_up:
        return _State.PENDING
    return _State.DEAD if row.state == Redemption.State.FAILED else _State.DONE


def referral_state(row: Referral) -> Delivery.State:
    """Returns where a friend's code stands, as deliveries do."""
    return REFERRAL_STATES[_Code(row.code_state)]


def lines(*, now: datetime) -> dict[str, Line]:
    """Returns how both families of codes stand, as `loyalty.outbox.queries.lines` does of destinations."""
    waits, failed = Q(code_state__in=[_Code.WANTED, _Code.UNWANTED]), Q(code_state=_Code.REFUSED)
    bought = Redemption.objects.filter(Q(state__in=["holding", "failed"]) | _OPEN).aggregate(
        waiting=Count("pk", filter=REDEMPTION_STATES[_State.PENDING]),
        dead=Count("pk", filter=REDEMPTION_STATES[_State.DEAD]),
        unknown=Count("pk", filter=_UNCLEAR),
        next_at=Min("next_follow_up_at", filter=_OPEN),
    )
    invited = Referral.objects.filter(waits | failed).aggregate(
        waiting=Count("pk", filter=waits), dead=Count("pk", filter=failed),
        next_at=Min("next_code_attempt_at", filter=waits),
    )  # fmt: skip
    rows = {CODES: bought, FRIENDS: {**invited, "unknown": 0}}
    return {
        name: Line(row["waiting"], row["dead"], row["unknown"], behind(row["next_at"], now=now), row["next_at"])
        for name, row in rows.items()
        if row["waiting"] or row["dead"] or row["unknown"]
    }
