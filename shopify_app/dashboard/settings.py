"""Settings > General: the programme on or off, who takes part, expiry and refunds."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty.earning.operations import exclude_by_tags
from loyalty.errors import Refusal
from loyalty.members.queries import count
from loyalty.programs.models import Program
from loyalty.programs.operations import Settings, change_settings
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.consequences import of_settings
from shopify_app.dashboard.pages import attach, link, saved, show_form
from shopify_app.dashboard.settings_forms import SettingsForm, initial_of
from shopify_app.dashboard.shopify_data import sync_after


def _settings(form: SettingsForm, program: Program) -> Settings:
    """The settings a valid form holds; what it does not show stays."""
    data = form.cleaned_data
    return Settings(
        is_enabled=data["is_enabled"],
        points_expiry_enabled=data["points_expiry_enabled"],
        points_expiry_days=data["points_expiry_days"] or program.points_expiry_days,
        tier_multiplier_scope=data["tier_multiplier_scope"],
        expiry_model=data["expiry_model"],
        refund_policy=data["refund_policy"],
        codes_on_refund=data["codes_on_refund"],
        birthday_notice_days=data["birthday_notice_days"],
        enrols_on_order=data["enrols_on_order"],
        code_prefix=data["code_prefix"],
        writes_mage_metafields=data["writes_mage_metafields"],
        writes_tier_tags=data["writes_tier_tags"],
        point_name=data["point_name"],
        points_name=data["points_name"],
    )


@transaction.atomic
def _save(form: SettingsForm, program: Program) -> str:
    """Changes the settings, who takes part by them, and what is written into the shop: all or nothing. Returns the news."""
    now, tags = timezone.now(), form.cleaned_data["excluded_tags"]
    changed = change_settings(program_id=program.pk, settings=_settings(form, program), now=now)
    if tags != program.excluded_tags:
        exclude_by_tags(program_id=program.pk, tags=tags, now=now)
    return " ".join([_("Settings saved."), *sync_after(before=program, after=changed, now=now)])


@require_http_methods(["GET", "POST"])
@page
def general(request: AdminRequest) -> HttpResponse:
    """Shows and changes the programme's settings."""
    program = request.program
    form = SettingsForm(request.POST or None, initial=initial_of(program))
    if request.method == "POST" and form.is_valid():
        try:
            news = _save(form, program)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "settings"), news)
    context = {"heading": _("Settings"), "members": count(), "consequence": of_settings(form, program)}
    return show_form(request, "dashboard/settings/general.html", form, context)
