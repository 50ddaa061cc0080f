"""One movement of a member's points: why it is what it is, down to rule, multipliers and lots, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loyalty.earning import operations
from loyalty.earning import queries as earning
from loyalty.earning.models import Award
from loyalty.errors import Refusal
from loyalty.ledger import finding
from loyalty.ledger.models import Entry
from loyalty.ledger.tracing import entry_of, trace
from loyalty.members.models import Member
from shopify_app.dashboard import shopify_links
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.activity_filters import by_of
from shopify_app.dashboard.history import history_rows
from shopify_app.dashboard.member import found_or_404
from shopify_app.dashboard.pages import link, saved, show

APPROVE, REJECT, TAKE_BACK, UNDO = "approve", "reject", "take-back", "undo"


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be done about a movement: its name, the words of its button and what it will do."""

    name: str
    button: str
    heading: str
    consequence: str
    is_critical: bool = False


def choices_of(entry: Entry, award: Award | None) -> list[Choice]:
    """Returns what may be done, as things stand: a pending award is decided, an award or adjustment taken back."""
    if award is None or award.entry_id != entry.pk:
        return []
    if award.status == Award.Status.PENDING:
        return [
            Choice(
                APPROVE, _("Approve"), _("Approve these points?"),
                _("They can be spent at once; the clock of expiry begins."),
            ),
            Choice(
                REJECT, _("Reject"), _("Reject these points?"),
                _("They are gone. A rule that is once per customer can be earned again."), is_critical=True,
            ),
        ]  # fmt: skip
    if award.is_manual:
        again = _("The balance stops at 0.") if award.points > 0 else _("They come back with a new end of their own.")
        return [Choice(UNDO, _("Undo"), _("Undo this adjustment?"), again, is_critical=award.points > 0)]
    if award.status == Award.Status.APPROVED:
        return [
            Choice(
                TAKE_BACK, _("Take back"), _("Take these points back?"),
                _("What was spent of them already is written off. The rule can be earned again. This can't be undone."),
                is_critical=True,
            )
        ]  # fmt: skip
    return []


@require_GET
@page
def movement(request: AdminRequest, member_id: int, entry_id: int) -> HttpResponse:
    """Shows one entry of the ledger with everything that explains it."""
    member, entry = _found(member_id, entry_id)
    own = earning.award_of_entry(entry_id=entry.pk)
    (row,) = history_rows([entry], member_id=member.pk)
    context = {
        "heading": row.title,
        "member": member,
        "entry": entry,
        "row": row,
        "award": own,
        "by": by_of(finding.door_of(entry), finding.actor_of(entry)),
        "trace": trace(entry=entry),
        "choices": [] if own is not None and _is_undone(own) else choices_of(entry, own),
        "order_url": shopify_links.order(request.program, own.order_id) if own and own.order_id else "",
    }
    return show(request, "dashboard/members/movement.html", context)


@require_POST
@page
def decide(request: AdminRequest, member_id: int, entry_id: int, name: str) -> HttpResponse:
    """Does one of `choices_of`. Pressed twice it is done once."""
    member, entry = _found(member_id, entry_id)
    award = earning.award_of_entry(entry_id=entry.pk)
    known: dict[str, tuple[Callable[..., object], str]] = {
        APPROVE: (operations.approve, _("Approved: the points can be spent.")),
        REJECT: (operations.reject, _("Rejected: the points are gone.")),
        TAKE_BACK: (operations.undo, _("Taken back.")),
        UNDO: (operations.undo_adjustment, _("The adjustment is undone.")),
    }
    if award is None or name not in known:
        raise Http404(_("Nothing can be done about this movement"))
    work, done = known[name]
    back, who = link(request, "member", member.pk), {} if name == APPROVE else {"actor": request.actor}
    try:
        work(public_id=award.public_id, now=timezone.now(), **who)
    except Refusal as refusal:
        return saved(request, back, f"{refusal.sentence.rstrip('.')}.", is_error=True)
    return saved(request, back, done)


def _found(member_id: int, entry_id: int) -> tuple[Member, Entry]:
    member = found_or_404(member_id)
    entry = entry_of(member_id=member.pk, entry_id=entry_id)
    if entry is None:
        raise Http404(_("No such movement"))
    return member, entry


def _is_undone(award: Award) -> bool:
    return award.is_manual and earning.is_adjustment_undone(public_id=award.public_id)
