"""One member: balances, tier, points with their reasons, rewards, adjusting and excluding."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from loyalty.earning.operations import adjust_points, set_excluded
from loyalty.errors import Refusal
from loyalty.ledger import queries as ledger
from loyalty.members import queries
from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member
from loyalty.points import MAX_POINTS
from loyalty.referrals import queries as referrals
from loyalty.referrals.queries import link_of
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.history import history_rows
from shopify_app.dashboard.pages import attach, link, saved, show
from shopify_app.dashboard.paging import paged
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput, once_field
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.redemptions import rows_of

FRIENDS_SHOWN = 20


class AdjustForm(PolarisForm):
    """Points by hand, with a reason."""

    points = forms.IntegerField(
        label=gettext_lazy("Points to add or deduct"),
        min_value=-MAX_POINTS,
        max_value=MAX_POINTS,
        help_text=gettext_lazy("Put a minus in front to deduct. The balance stops at 0."),
        error_messages={
            "required": gettext_lazy("Enter how many points to add or deduct."),
            "invalid": gettext_lazy("Enter a whole number, with a minus in front to deduct."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with the entry in the history."),
        error_messages={"required": gettext_lazy("Say why, so that the history explains itself.")},
    )
    update_lifetime = forms.BooleanField(
        label=gettext_lazy("Count towards points earned in all"),
        required=False,
        initial=True,
        widget=SwitchInput,
        help_text=gettext_lazy("Decides whether the change moves the member's tier."),
    )

    once = once_field()

    def clean_points(self) -> int:
        """Zero moves nothing."""
        points: int = self.cleaned_data["points"]
        if points == 0:
            raise forms.ValidationError(_("0 changes nothing: enter points to add or deduct."))
        return points


def _find(member_id: int) -> Member:
    try:
        return queries.member_by_id(member_id=member_id)
    except CustomerNotFound as error:
        raise Http404(error.sentence) from error


def _show(request: AdminRequest, member: Member, form: AdjustForm) -> HttpResponse:
    now = timezone.now()
    points = ledger.standings_of(member_ids=[member.pk], now=now)[member.pk]
    balances = points.balances
    entries, pager = paged(request, ledger.entries_of(member_id=member.pk), size=20)
    context = {
        "heading": member.display_name,
        "member": member,
        "balances": balances,
        "points": points,
        "standing": tiers.progress_of(
            member_id=member.pk, figure=tiers.figure_of(program=request.program, member_id=member.pk, now=now)
        ),
        "is_tier_by_points": request.program.tier_entry == "points",
        "next_expiry": points.next_expires_at,
        "history": history_rows(entries, member_id=member.pk),
        "pager": pager,
        "redemptions": rows_of(member_id=member.pk),
        "form": form,
        "friends": referrals.referrals_of(member_id=member.pk)[:FRIENDS_SHOWN],
        "referral_url": link_of(member, request.program),
    }
    return show(request, "dashboard/members/detail.html", context, status=422 if form.errors else 200)


@require_GET
@page
def member(request: AdminRequest, member_id: int) -> HttpResponse:
    """Shows everything about one member."""
    return _show(request, _find(member_id), AdjustForm())


@require_POST
@page
def adjust(request: AdminRequest, member_id: int) -> HttpResponse:
    """Adds or deducts points by hand."""
    found = _find(member_id)
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
    found = _find(member_id)
    excluded = not found.is_excluded
    set_excluded(member_id=found.pk, excluded=excluded, now=timezone.now(), reason="staff" if excluded else "")
    message = (
        _("%(display_name)s is excluded: nothing is earned or redeemed.") % {"display_name": found.display_name}
        if excluded
        else _("%(display_name)s takes part again.") % {"display_name": found.display_name}
    )
    return saved(request, link(request, "member", found.pk), message)
