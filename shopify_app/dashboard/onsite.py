"""On-site display: whether customers see the programme in the shop, how it looks there, and what of it they see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from loyalty.errors import Refusal
from loyalty.programs.models import Program
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.onsite_preview import GUEST, MEMBER, preview
from shopify_app.dashboard.pages import attach, link, saved, show, show_form
from shopify_app.dashboard.polaris import PolarisForm, SwitchInput
from shopify_app.dashboard.shopify_links import theme_editor
from shopify_app.display.models import Display
from shopify_app.display.operations import MAX_WELCOME, Shown, change_display
from shopify_app.display.queries import display_of

EMBED = "loyalty"
"""The file of the theme extension's block that is the launcher."""
QUIET = timedelta(days=14)
"""After so long without an opening the page asks whether the launcher is still on."""
_WELCOME: Any = {
    "max_length": MAX_WELCOME,
    "required": False,
    "help_text": gettext_lazy("Empty: our own words."),
    "error_messages": {"max_length": gettext_lazy("Use at most 160 characters.")},
}


class DisplayForm(PolarisForm):
    """What the panel shows. Colours, text and place of the launcher are the theme editor's."""

    WELCOME: ClassVar = "welcome_"

    shows_earning = forms.BooleanField(label=gettext_lazy("Ways to earn"), required=False, widget=SwitchInput)
    shows_tiers = forms.BooleanField(label=gettext_lazy("VIP tiers"), required=False, widget=SwitchInput)
    shows_history = forms.BooleanField(label=gettext_lazy("A member’s history"), required=False, widget=SwitchInput)
    welcome_en = forms.CharField(label=gettext_lazy("Welcome, in English"), **_WELCOME)
    welcome_de = forms.CharField(label=gettext_lazy("Welcome, in German"), **_WELCOME)

    def __init__(self, program: Program, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name.startswith(self.WELCOME)]:
            if name.removeprefix(self.WELCOME) not in program.languages:
                del self.fields[name]

    def welcomes(self) -> Iterator[BoundField]:
        """The welcome in each of the programme's languages."""
        return (self[name] for name in self.fields if name.startswith(self.WELCOME))

    def shown(self, present: Display) -> Shown:
        """What a valid form decides; the welcome in a language that is not the programme's stays."""
        data = self.cleaned_data
        given = {name.removeprefix(self.WELCOME): data[name] for name in data if name.startswith(self.WELCOME)}
        return Shown(
            shows_earning=data["shows_earning"],
            shows_tiers=data["shows_tiers"],
            shows_history=data["shows_history"],
            welcome={**present.welcome, **given},
        )


@require_http_methods(["GET", "POST"])
@page
def onsite(request: AdminRequest) -> HttpResponse:
    """Shows whether and how customers see the programme, and changes what they see."""
    program, now = request.program, timezone.now()
    display = display_of(program)
    form = DisplayForm(program, request.POST or None, initial=_initial(display))
    if request.method == "POST" and form.is_valid():
        try:
            change_display(program=program, shown=form.shown(display), now=now)
        except Refusal as refusal:
            attach(form, refusal)
        else:
            return saved(request, link(request, "onsite"), _("Display saved."))
    who = _who(request.GET.get("as"))
    drawn = preview(program=program, display=display, who=who, now=now)
    context = {
        "heading": _("On-site display"),
        "display": display,
        "is_quiet": _is_quiet(display, now),
        "theme_editor": theme_editor(program, EMBED),
        "is_demo": bool(settings.SANDBOX_URL),
        "shop_url": program.storefront,
        "preview": drawn,
        "who": who,
    }
    return show_form(request, "dashboard/onsite.html", form, context)


@require_POST
@page
def look(request: AdminRequest) -> HttpResponse:
    """Draws what stands in the form as customers would see it; nothing is kept. What can't be saved so is drawn as it is."""
    program, display = request.program, display_of(request.program)
    form, who = DisplayForm(program, request.POST), _who(request.POST.getlist("as")[-1:])
    if form.is_valid():
        shown = form.shown(display)
        for name in ("shows_earning", "shows_tiers", "shows_history", "welcome"):
            setattr(display, name, getattr(shown, name))
    drawn = preview(program=program, display=display, who=who, now=timezone.now())
    return show(request, "dashboard/onsite_previews.html", {"preview": drawn, "who": who})


def _who(asked: object) -> str:
    """For whom it is drawn; whoever is not named is a member."""
    return GUEST if asked in (GUEST, [GUEST]) else MEMBER


def _initial(display: Display) -> dict[str, Any]:
    shows = {name: getattr(display, name) for name in ("shows_earning", "shows_tiers", "shows_history")}
    return {**shows, **{f"{DisplayForm.WELCOME}{language}": said for language, said in display.welcome.items()}}


def _is_quiet(display: Display, now: datetime) -> bool:
    """Whether the panel was opened before, and not for a while."""
    return display.opened_last_at is not None and display.opened_last_at < now - QUIET
