"""What a member bought or was given, as their page shows it, and what staff may do about it.

Take back, have given again, or decide what is unclear.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from loyalty.errors import Refusal
from loyalty.programs.models import Program
from loyalty.rewards import queries
from loyalty.rewards.errors import RedemptionNotFound
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import decide_credit, give_again, refund_redemption
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.shopify_links import discount

TONES = {"active": "success", "holding": "info", "failed": "critical"}
GIVEN = {
    "tier": gettext_lazy("given for reaching a tier"),
    "referral": gettext_lazy("given for a referral"),
    "flow": gettext_lazy("given by Shopify Flow"),
}


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One reward of a member; `is_unclear`: only staff can tell whether its store credit was given."""

    public_id: str
    name: str
    code: str | None
    discount_url: str
    points_spent: int
    is_free: bool
    state: str
    tone: str
    at: datetime
    expires_at: datetime | None
    note: str
    may_be_taken_back: bool
    may_be_given_again: bool
    is_unclear: bool
    is_test: bool


def rows_of(*, member_id: int, program: Program) -> list[RewardRow]:
    """Returns what a member bought or was given last, what waits for a decision or could not be given first."""
    waiting = queries.unclear_credits_of(member_id=member_id) | queries.free_in_trouble_of(member_id=member_id)
    found = [
        (each.credit_state == Redemption.Credit.UNCLEAR, each) for each in waiting.order_by("-created_at", "-pk")[:40]
    ]
    unclear = [_row(each, program, is_unclear=True) for is_unclear, each in found if is_unclear]
    trouble = [_row(each, program) for is_unclear, each in found if not is_unclear]
    return unclear + trouble + [_row(each, program) for each in queries.redemptions_of(member_id=member_id)[:20]]


def _row(redemption: Redemption, program: Program, *, is_unclear: bool = False) -> RewardRow:
    is_ours = redemption.is_free or redemption.hold_id is not None
    unused = redemption.state == Redemption.State.ACTIVE and is_ours
    return RewardRow(
        public_id=redemption.public_id,
        name=str(redemption.terms["reward_name"]),  # as it was bought: the reward may have another name by now
        code=redemption.code if redemption.state != Redemption.State.FAILED else None,
        discount_url=discount(program, redemption.discount_gid)
        if redemption.discount_gid and not redemption.is_refunded
        else "",
        points_spent=redemption.points_spent,
        is_free=redemption.is_free,
        state=_("Unclear") if is_unclear else redemption.get_state_display(),
        tone="warning" if is_unclear else TONES.get(redemption.state, "neutral"),
        at=redemption.created_at,
        expires_at=redemption.expires_at if redemption.state != Redemption.State.FAILED else None,
        note=_note(redemption, is_unclear),
        may_be_taken_back=unused and not redemption.follow_up and not redemption.is_refunded,
        may_be_given_again=redemption.state == Redemption.State.FAILED and not redemption.code_needs_removal,
        is_unclear=is_unclear,
        is_test=redemption.is_test,
    )


def _note(redemption: Redemption, is_unclear: bool) -> str:
    if is_unclear:
        return _("Several credits on the customer's account fit. Look there, then say whether this one was given.")
    if redemption.state == Redemption.State.FAILED:
        return _(redemption.failure) if redemption.failure else ""
    if redemption.state == Redemption.State.HOLDING:
        return _("Shopify has not answered yet; it is tried again by itself") if redemption.follow_up_attempts else ""
    if redemption.is_refunded:
        return _("taken back") if redemption.is_free else _("points returned")
    if redemption.follow_up in (Redemption.FollowUp.REFUND, Redemption.FollowUp.RETURN_POINTS):
        return _("the points come back once Shopify confirms that the code is gone")
    order = _("order %(order_number)s") % {"order_number": redemption.order_number} if redemption.order_number else ""
    given = str(GIVEN.get(str(redemption.terms.get("source")), _("given for nothing"))) if redemption.is_free else ""
    return ", ".join(part for part in (given, order) if part)


def _find(member_id: int, public_id: str) -> Redemption:
    try:
        return queries.redemption_of(member_id=member_id, public_id=public_id)
    except RedemptionNotFound as error:
        raise Http404(error.sentence) from error


@require_POST
@page
def take_back(request: AdminRequest, member_id: int, public_id: str) -> HttpResponse:
    """Removes an unused code and returns its points, if it cost any."""
    found, to = _find(member_id, public_id), link(request, "member", member_id)
    try:
        done = refund_redemption(redemption_id=found.pk, now=timezone.now(), actor=request.actor)
    except Refusal as refusal:
        return saved(request, to, f"{refusal.sentence}.", is_error=True)
    if done.is_refunded and done.is_free:
        return saved(request, to, _("The code is gone."))
    if done.is_refunded:
        return saved(
            request,
            to,
            _("The code is gone and %(points_spent)s points are back.") % {"points_spent": number(done.points_spent)},
        )
    if done.follow_up:
        return saved(request, to, _("Shopify has not confirmed yet. The points come back as soon as the code is gone."))
    return saved(request, to, _("The code was used meanwhile, so the points stay spent."), is_error=True)


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
    not_given = (
        _("Noted as not given.")
        if found.is_free
        else _("%(points_spent)s points are back.") % {"points_spent": number(found.points_spent)}
    )
    return saved(request, to, _("Noted as given.") if was_given else not_given)


@require_POST
@page
def again(request: AdminRequest, member_id: int, public_id: str) -> HttpResponse:
    """Has a free reward tried anew that could not be given."""
    found, to = _find(member_id, public_id), link(request, "member", member_id)
    try:
        give_again(redemption_id=found.pk, now=timezone.now())
    except Refusal as refusal:
        return saved(request, to, f"{refusal.sentence}.", is_error=True)
    return saved(request, to, _("The reward is being given again, under its terms of today."))
