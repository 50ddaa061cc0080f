"""One member: balances, tier, points with their reasons, rewards, adjusting and excluding."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loyalty.deliveries.queries import outgoing
from loyalty.deliveries.showing import shown
from loyalty.earning.operations import adjust_points, set_excluded
from loyalty.errors import Refusal
from loyalty.ledger import queries as ledger
from loyalty.members import queries
from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member
from loyalty.outbox.filters import Wanted
from loyalty.referrals import queries as referrals
from loyalty.referrals.queries import link_of
from loyalty.tiers import queries as tiers
from shopify_app.dashboard import shopify_links
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.delivery_rows import rows_about
from shopify_app.dashboard.history import history_rows
from shopify_app.dashboard.member_forms import AdjustForm, TierForm
from shopify_app.dashboard.pages import attach, link, saved, show
from shopify_app.dashboard.paging import leafed
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.redemptions import rows_of

FRIENDS_SHOWN = 20
DELIVERIES_SHOWN = 5


def found_or_404(member_id: int) -> Member:
    """Returns a member of the programme, or ends the request."""
    try:
        return queries.member_by_id(member_id=member_id)
    except CustomerNotFound as error:
        raise Http404(error.sentence) from error


def _show(request: AdminRequest, member: Member, form: AdjustForm) -> HttpResponse:
    now = timezone.now()
    points = ledger.standings_of(member_ids=[member.pk], now=now)[member.pk]
    balances = points.balances
    entries, pager = leafed(request, ledger.entries_of(member_id=member.pk), size=20)
    ladder, membership = list(tiers.ladder()), getattr(member, "tier_membership", None)
    held, is_locked = (membership.tier, membership.is_locked) if membership else (None, False)
    context = {
        "heading": member.display_name,
        "tier_form": TierForm(
            tiers=ladder, initial={"lock": is_locked, "tier": held.public_id if held and is_locked else ""}
        ),
        "is_locked": is_locked,
        "customer_url": shopify_links.customer(request.program, member.shopify_customer_id),
        "deliveries": rows_about(request, shown(outgoing(Wanted(member_id=member.pk))[:DELIVERIES_SHOWN]), member),
        "member": member,
        "balances": balances,
        "points": points,
        "standing": tiers.progress(
            tiers=ladder, held=held, figure=tiers.figure_of(program=request.program, member_id=member.pk, now=now)
        ),
        "is_tier_by_points": request.program.tier_entry == "points",
        "next_expiry": points.next_expires_at,
        "history": history_rows(entries, member_id=member.pk),
        "pager": pager,
        "redemptions": rows_of(member_id=member.pk, program=request.program),
        "form": form,
        "friends": referrals.referrals_of(member_id=member.pk)[:FRIENDS_SHOWN],
        "referral_url": link_of(member, request.program),
    }
    return show(request, "dashboard/members/detail.html", context, status=422 if form.errors else 200)


@require_GET
@page
def member(request: AdminRequest, member_id: int) -> HttpResponse:
    """Shows everything about one member."""
    return _show(request, found_or_404(member_id), AdjustForm())


@require_POST
@page
def adjust(request: AdminRequest, member_id: int) -> HttpResponse:
    """Adds or deducts points by hand."""
    found = found_or_404(member_id)
    form = AdjustForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            result = adjust_points(
                member=found,
                points=data["points"],
                source="staff",
                now=timezone.now(),
                note=data["note"],
                update_lifetime=data["update_lifetime"],
                key=f"staff:{data['once']}" if data["once"] else None,
                actor=request.actor,
            )
        except Refusal as refusal:
            attach(form, refusal, field="points")
        else:
            message = _("Adjusted: %(points_before)s points before, %(points_after)s now.") % {
                "points_before": number(result.points_before),
                "points_after": number(result.points_after),
            }
            return saved(request, link(request, "member", found.pk), message)
    return _show(request, found, form)


@require_POST
@page
def exclusion(request: AdminRequest, member_id: int) -> HttpResponse:
    """Excludes a member, or takes them back in."""
    found = found_or_404(member_id)
    excluded = not found.is_excluded
    set_excluded(member_id=found.pk, excluded=excluded, now=timezone.now(), reason="staff" if excluded else "")
    message = (
        _("%(display_name)s is excluded: nothing is earned or redeemed.") % {"display_name": found.display_name}
        if excluded
        else _("%(display_name)s takes part again.") % {"display_name": found.display_name}
    )
    return saved(request, link(request, "member", found.pk), message)
