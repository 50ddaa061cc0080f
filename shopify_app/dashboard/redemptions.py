"""What a member bought, as their page shows it, and what staff may do about it: take back, or decide what is unclear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from loyalty.errors import Refusal
from loyalty.rewards import queries
from loyalty.rewards.errors import RedemptionNotFound
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import decide_credit, refund_redemption
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved

TONES = {"active": "success", "holding": "info", "failed": "critical"}


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One purchase of a reward; `is_unclear`: only staff can tell whether its store credit was given."""

    public_id: str
    name: str
    code: str | None
    points_spent: int
    state: str
    tone: str
    at: datetime
    expires_at: datetime | None
    note: str
    may_be_taken_back: bool
    is_unclear: bool


def rows_of(*, member_id: int) -> list[RewardRow]:
    """Returns what a member bought last, what waits for a decision first."""
    unclear = [_row(each, is_unclear=True) for each in queries.unclear_credits_of(member_id=member_id)]
    return unclear + [_row(each) for each in queries.redemptions_of(member_id=member_id)[:20]]


def _row(redemption: Redemption, *, is_unclear: bool = False) -> RewardRow:
    unused = redemption.state == Redemption.State.ACTIVE and redemption.hold_id is not None
    return RewardRow(
        public_id=redemption.public_id,
        name=str(redemption.terms["reward_name"]),  # as it was bought: the reward may have another name by now
        code=redemption.code,
        points_spent=redemption.points_spent,
        state="Unclear" if is_unclear else redemption.get_state_display(),
        tone="warning" if is_unclear else TONES.get(redemption.state, "neutral"),
        at=redemption.created_at,
        expires_at=redemption.expires_at,
        note=_note(redemption, is_unclear),
        may_be_taken_back=unused and not redemption.follow_up and not redemption.is_refunded,
        is_unclear=is_unclear,
    )


def _note(redemption: Redemption, is_unclear: bool) -> str:
    if is_unclear:
        return "Several credits on the customer's account fit. Look there, then say whether this one was given."
    if redemption.is_refunded:
        return "points returned"
    if redemption.follow_up in (Redemption.FollowUp.REFUND, Redemption.FollowUp.RETURN_POINTS):
        return "the points come back once Shopify confirms that the code is gone"
    return f"order {redemption.order_number}" if redemption.order_number else ""


def _find(member_id: int, public_id: str) -> Redemption:
    try:
        return queries.redemption_of(member_id=member_id, public_id=public_id)
    except RedemptionNotFound as error:
        raise Http404(error.sentence) from error


@require_POST
@page
def take_back(request: AdminRequest, member_id: int, public_id: str) -> HttpResponse:
    """Removes an unused code and returns its points."""
    found, to = _find(member_id, public_id), link(request, "member", member_id)
    try:
        done = refund_redemption(redemption_id=found.pk, now=timezone.now(), actor=request.actor)
    except Refusal as refusal:
        return saved(request, to, f"{refusal.sentence}.", is_error=True)
    if done.is_refunded:
        return saved(request, to, f"The code is gone and {done.points_spent:,} points are back.")
    if done.follow_up:
        return saved(request, to, "Shopify has not confirmed yet. The points come back as soon as the code is gone.")
    return saved(request, to, "The code was used meanwhile, so the points stay spent.", is_error=True)


@require_POST
@page
def decide(request: AdminRequest, member_id: int, public_id: str) -> HttpResponse:
    """Says of a store credit that nobody else can tell of whether it was given."""
    found, to = _find(member_id, public_id), link(request, "member", member_id)
    was_given = request.POST.get("was_given") == "yes"
    try:
        decide_credit(redemption_id=found.pk, was_given=was_given, now=timezone.now())
    except Refusal as refusal:
        return saved(request, to, f"{refusal.sentence}.", is_error=True)
    return saved(request, to, "Noted as given." if was_given else f"{found.points_spent:,} points are back.")
