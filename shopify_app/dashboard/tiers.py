"""VIP tiers: the ladder in one form, with who would move before it is saved."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.errors import NotFound, Refusal
from loyalty.rewards import queries as rewards
from loyalty.rewards.operations import change_tiers
from loyalty.tiers import queries
from loyalty.tiers.operations import delete_tier
from loyalty.tiers.tasks import requalify_sweep
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.consequences import of_ladder
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.tier_forms import LadderForm


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Members who would leave one tier for another, and what each of them would be given for it."""

    from_tier: str
    to_tier: str
    members: int
    gift: str


@require_http_methods(["GET", "POST"])
@page
def ladder(request: AdminRequest) -> HttpResponse:
    """Shows and changes the ladder; a change that moves members is shown first and asks for a yes."""
    program, tiers = request.program, list(queries.ladder())
    given = rewards.entry_rewards()
    form = LadderForm(request.POST or None, program=program, tiers=tiers, rewards=list(rewards.rewards()), given=given)
    moves: list[MoveRow] = []
    if request.method == "POST" and form.is_valid():
        now, wanted = timezone.now(), form.ladder()
        try:
            moves = _moves(form, queries.preview(program=program, ladder=wanted, now=now))
            if not moves or form.cleaned_data["is_confirmed"]:
                change_tiers(program_id=program.pk, ladder=wanted, entry_rewards=form.entry_rewards(), now=now)
                # The night's sweep does what a lost message leaves.
                transaction.on_commit(requalify_sweep.delay, robust=True)
                return saved(
                    request, link(request, "tiers"), _("VIP tiers saved. Members are placed in the background.")
                )
        except Refusal as refusal:
            attach(form, refusal)
        else:
            form.add_error("is_confirmed", _("Look at who would move, and confirm it."))
    standing = queries.members_per_tier()
    context = {
        "heading": _("VIP tiers"),
        "moves": moves,
        "consequence": of_ladder(form, program),
        "tiers": [(tier, standing.get(tier.pk, 0)) for tier in tiers],
    }
    return show_form(request, "dashboard/tiers/ladder.html", form, context)


def _moves(form: LadderForm, moves: list[queries.Move]) -> list[MoveRow]:
    """Who would move; who stands nowhere yet moves nowhere. A gift is for rising only."""
    places = {tier.name: tier.threshold for tier in form.ladder().tiers}
    gifts = form.gifts()
    return [
        MoveRow(
            move.from_tier, move.to_tier, move.members,
            gifts.get(move.to_tier, "") if places[move.to_tier] > places[move.from_tier] else "",
        )
        for move in moves
        if move.from_tier
    ]  # fmt: skip


@require_POST
@page
def delete(request: AdminRequest, public_id: str) -> HttpResponse:
    """Deletes a tier on which nobody stands."""
    try:
        delete_tier(public_id=public_id, now=timezone.now())
    except NotFound as error:
        raise Http404(error.sentence) from error
    except Refusal as refusal:
        return saved(request, link(request, "tiers"), refusal.sentence, is_error=True)
    return saved(request, link(request, "tiers"), _("The tier is deleted."))
