"""What staff may do about a member besides points: place them on a tier, make one of two, forget them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.errors import Refusal
from loyalty.ledger import queries as ledger
from loyalty.members.models import Member
from loyalty.tiers import operations as tiers
from loyalty.tiers.queries import ladder, tier_of
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.member import found_or_404
from shopify_app.dashboard.member_forms import MergeForm, TierForm
from shopify_app.dashboard.pages import attach, link, saved, show
from shopify_app.shops.queries import shop_of_program
from shopify_app.webhooks.forgetting import forget
from shopify_app.webhooks.merging import merge as merge_customers


@require_POST
@page
def tier(request: AdminRequest, member_id: int) -> HttpResponse:
    """Places a member on a tier, or lets the rules place them again."""
    member, now = found_or_404(member_id), timezone.now()
    back, form = link(request, "member", member.pk), TierForm(request.POST, tiers=ladder())
    if not form.is_valid():
        return saved(
            request, back, " ".join(str(each) for errors in form.errors.values() for each in errors), is_error=True
        )
    chosen = form.cleaned_data["tier"]
    if chosen is None:
        now_on = tiers.release(member_id=member.pk, now=now)
        name = now_on.name if now_on else _("no tier")
        return saved(request, back, _("The rules decide again: %(tier)s.") % {"tier": name})
    held = tier_of(member_id=member.pk)
    tiers.assign(
        member_id=member.pk, tier=chosen, lock=form.cleaned_data["lock"], now=now, reason=form.cleaned_data["reason"]
    )
    names = {"name": member.display_name, "tier": chosen.name}
    if held is not None and held.pk == chosen.pk:
        return saved(request, back, _("%(name)s stays on %(tier)s.") % names)
    return saved(request, back, _("%(name)s is on %(tier)s now.") % names)


@require_http_methods(["GET", "POST"])
@page
def merge(request: AdminRequest, member_id: int) -> HttpResponse:
    """Asks who else the member is, shows what a merge would do, and does it once it is confirmed."""
    member, now = found_or_404(member_id), timezone.now()
    form = MergeForm(request.POST or (request.GET if "other" in request.GET else None), kept=member)
    other: Member | None = form.cleaned_data["other"] if form.is_bound and form.is_valid() else None
    if other is not None and request.method == "POST":
        try:
            merge_customers(
                program=request.program, gone=other.shopify_customer_id, kept=member.shopify_customer_id, now=now
            )
        except Refusal as refusal:
            attach(form, refusal, field="other")
        else:
            return saved(request, link(request, "member", member.pk), _("They are one member now."))
    both = [member, *([other] if other else [])]
    standings = ledger.standings_of(member_ids=[each.pk for each in both], now=now)
    context = {
        "heading": _("Merge into %(name)s") % {"name": member.display_name},
        "member": member,
        "other": other,
        "own": standings[member.pk].balances,
        "theirs": standings[other.pk].balances if other else None,
        "together": sum(each.balances.available for each in standings.values()),
        "form": form,
    }
    return show(request, "dashboard/members/merge.html", context, status=422 if form.errors else 200)


@require_POST
@page
def forget_member(request: AdminRequest, member_id: int) -> HttpResponse:
    """Forgets who a member is, for good, as Shopify's own request would."""
    member = found_or_404(member_id)
    if request.POST.get("is_confirmed") != "on":
        sentence = _("Nothing was forgotten: confirm that it can't be undone.")
        return saved(request, link(request, "member", member.pk), sentence, is_error=True)
    forget(
        program=request.program,
        shop=shop_of_program(request.program.pk),
        shopify_customer_id=member.shopify_customer_id,
        email=member.email,
        now=timezone.now(),
    )
    return saved(
        request,
        link(request, "members"),
        _("The member is forgotten. What they earned and spent stays, under nobody's name."),
    )
