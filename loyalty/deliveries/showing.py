"""Whatever goes out, as pages and callers see it: one shape for deliveries, redemptions' codes and friends' codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from loyalty.deliveries.codes import redemption_state, referral_state
from loyalty.deliveries.families import CODES, FRIENDS, Hook, hooks, label_of, public_name
from loyalty.events import EventKind
from loyalty.integrations.webhooks.destinations import DESTINATION as WEBHOOK
from loyalty.outbox.filters import SYNC
from loyalty.outbox.masking import masked, masked_text
from loyalty.outbox.models import Delivery
from loyalty.outbox.replaying import ENDED
from loyalty.referrals.models import Referral
from loyalty.rewards.models import Redemption, Reward

Outgoing = Delivery | Redemption | Referral
MARK = "dlv_"
"""How the ids of deliveries begin for callers; codes go by the public ids of their own nouns."""
_WORDS = {
    SYNC: _("Newest state"),
    EventKind.MEMBER_ENROLLED: _("Member enrolled"),
    EventKind.MEMBER_CHANGED: _("Member changed"),
    EventKind.MEMBER_BIRTHDAY: _("Member birthday"),
    EventKind.POINTS_PENDING: _("Points pending"),
    EventKind.POINTS_EARNED: _("Points earned"),
    EventKind.POINTS_APPROVED: _("Points approved"),
    EventKind.POINTS_REJECTED: _("Points rejected"),
    EventKind.POINTS_REVERSED: _("Points reversed"),
    EventKind.POINTS_DEDUCTED: _("Points deducted"),
    EventKind.POINTS_EXPIRED: _("Points expired"),
    EventKind.POINTS_EXPIRING: _("Points expiring"),
    EventKind.POINTS_REDEEMED: _("Points redeemed"),
    EventKind.POINTS_RETURNED: _("Points returned"),
    EventKind.REWARD_ISSUED: _("Reward issued"),
    EventKind.REWARD_USED: _("Reward used"),
    EventKind.REDEMPTION_FAILED: _("Redemption failed"),
    EventKind.TIER_CHANGED: _("Tier changed"),
    EventKind.ACCOUNTS_MERGED: _("Accounts merged"),
    EventKind.REFERRAL_CLAIMED: _("Referral claimed"),
    EventKind.REFERRAL_CONVERTED: _("Referral converted"),
    EventKind.REFERRAL_COMPLETED: _("Referral completed"),
    EventKind.FRIEND_REWARDED: _("Referral friend rewarded"),
    EventKind.TIER_RENAMED: _("Tier renamed"),
    EventKind.PROGRAMME_CHANGED: _("Programme changed"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One outgoing thing. Request and response are masked; of a code they are its terms, and what the shop made of it.

    Attributes:
        destination: As callers know it; `label` is for people.
        kind: What happened; None for a state, or a code.
        what: The same in words.
        note: What else there is to say; of a code that waits, what is being done.
        can_replay: It can be sent, or made, again.
    """

    id: str
    destination: str
    label: str
    kind: str | None
    what: str
    state: Delivery.State
    attempts: int
    created_at: datetime
    finished_at: datetime | None
    next_attempt_at: datetime | None
    member_id: int | None
    status: int | None
    error: str
    note: str
    request: Mapping[str, Any] | None
    response: str
    is_test: bool
    can_replay: bool
    event_id: str | None = None


def shown(rows: Iterable[Outgoing]) -> list[Shown]:
    """Returns some outgoing things of the programme in scope as they are shown."""
    found = list(rows)
    is_told_by_webhook = any(isinstance(row, Delivery) and row.destination.startswith(WEBHOOK) for row in found)
    known = hooks() if is_told_by_webhook else {}
    return [_shown(row, known) for row in found]


def _shown(row: Outgoing, known: Mapping[int, Hook]) -> Shown:
    if isinstance(row, Delivery):
        return _delivery(row, known)
    return _redemption(row) if isinstance(row, Redemption) else _referral(row)


def words_of(kind: str) -> str:
    """Returns a kind of event in words: `points.earned` is "Points earned"."""
    return gettext(_WORDS[kind]) if kind in _WORDS else kind.replace(".", " ").replace("_", " ").capitalize()


def _delivery(row: Delivery, known: Mapping[int, Hook]) -> Shown:
    event = row.event
    kind = event.kind if event else row.subject or None
    return Shown(
        id=f"{MARK}{row.pk}",
        destination=public_name(row.destination, known),
        label=label_of(row.destination, known),
        kind=kind,
        what=words_of(kind or SYNC),
        state=Delivery.State(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        finished_at=row.finished_at,
        next_attempt_at=row.next_attempt_at if row.state == Delivery.State.PENDING else None,
        member_id=row.member_id or (event.member_id if event else None),
        status=row.last_status,
        error=masked_text(row.last_error),
        note="",
        request=masked(row.last_request),
        response=masked_text(row.last_response),
        is_test=event is not None and event.is_test,
        can_replay=row.state in ENDED or row.state == Delivery.State.PENDING,
        event_id=str(event.pk) if event else None,
    )


def _redemption(row: Redemption) -> Shown:
    state = redemption_state(row)
    is_credit = row.terms.get("discount_type") == Reward.DiscountType.STORE_CREDIT
    failed = row.state == Redemption.State.FAILED
    gone = failed and row.code_needs_removal
    return Shown(
        id=row.public_id,
        destination=CODES,
        label=gettext("Store credit") if is_credit else gettext("Discount code"),
        kind=None,
        what=str(row.terms.get("reward_name") or gettext("Reward")),
        state=state,
        attempts=row.removal_attempts if gone else row.follow_up_attempts,
        created_at=row.created_at,
        finished_at=row.updated_at if state != Delivery.State.PENDING else None,
        next_attempt_at=row.next_removal_at if gone else row.next_follow_up_at,
        member_id=row.member_id,
        status=None,
        error=masked_text(gettext(row.failure) if row.failure else ""),
        note=_redemption_note(row),
        request=masked({"code": row.code, "terms": row.terms}),
        response=row.discount_gid or "",
        is_test=row.is_test,
        can_replay=failed and row.is_free and not gone and row.reward_id is not None,
    )


def _redemption_note(row: Redemption) -> str:
    if row.follow_up:
        return str(row.get_follow_up_display())
    if row.state == Redemption.State.HOLDING:
        unclear = row.credit_state == Redemption.Credit.UNCLEAR
        return (
            gettext("Only you can tell whether it was given: say so on the member's page")
            if unclear
            else gettext("Being made")
        )
    if row.state == Redemption.State.FAILED and row.code_needs_removal:
        return gettext("A code that may exist is being removed")
    if row.state == Redemption.State.FAILED:
        return "" if row.is_free else gettext("The points are back; the customer can redeem again")
    return ""


def _referral(row: Referral) -> Shown:
    state = referral_state(row)
    refused = row.code_state == Referral.CodeState.REFUSED
    return Shown(
        id=row.public_id,
        destination=FRIENDS,
        label=gettext("Friend's code"),
        kind=None,
        what=gettext("Invitation of a friend"),
        state=state,
        attempts=row.code_attempts,
        created_at=row.claimed_at,
        finished_at=row.updated_at if state != Delivery.State.PENDING else None,
        next_attempt_at=row.next_code_attempt_at,
        member_id=row.advocate_id,
        status=None,
        error=masked_text(row.note) if refused else "",
        note=str(row.get_code_state_display()),
        request=masked({"code": row.code, "terms": row.terms}),
        response=row.discount_gid or "",
        is_test=row.is_test,
        can_replay=refused and not row.is_over,
    )
