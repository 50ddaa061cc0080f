"""Starting from a template: the kinds of shop, and everything one of them would make, before it is made."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from loyalty.earning.kinds import KINDS
from loyalty.programs.models import Program
from loyalty.starting.operations import Started, start_programme
from loyalty.starting.plans import Plan, PlannedRule, plan_of, plans, present
from loyalty.starting.templates import TEMPLATES
from loyalty.tiers.tasks import requalify_sweep
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import link, saved, show, show_form
from shopify_app.dashboard.polaris import PolarisForm
from shopify_app.dashboard.reading import number, plain

ON, DRAFT = "on", "draft"


class StartForm(PolarisForm):
    """In which state everything is made."""

    state = forms.ChoiceField(
        label=gettext_lazy("Make it"),
        choices=[(ON, gettext_lazy("Switched on")), (DRAFT, gettext_lazy("As drafts"))],
        initial=ON,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is switched on.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they come
        self.choice_details(
            "state",
            {
                ON: _("Members earn, redeem and rise from this moment on."),
                DRAFT: _(
                    "Rules and the reward are made switched off, for you to look at. Tiers and the name of points have no "
                    "switch, so they are left out; choose the template again to add them."
                ),
            },
        )


@dataclass(frozen=True, slots=True)
class Card:
    """A template among the others, with its numbers in short."""

    url: str
    icon: str
    label: str
    text: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing a template makes. `existing` names what is there in its place, and is left alone."""

    what: str
    value: str
    existing: str = ""


@require_GET
@page
def choose(request: AdminRequest) -> HttpResponse:
    """Offers the kinds of shop, each with its numbers in the shop's currency."""
    cards = [
        Card(
            url=link(request, "start_template", plan.template.name),
            icon=plan.template.icon,
            label=_(plan.template.label),
            text=_(plan.template.text),
            facts=[_earns(plan.rules[0], request.program), _buys(plan), " · ".join(t.name for t in plan.ladder.tiers)],
        )
        for plan in plans(program=request.program)
    ]
    return show(request, "dashboard/start/choose.html", {"heading": _("Choose a programme"), "cards": cards})


@require_http_methods(["GET", "POST"])
@page
def start(request: AdminRequest, template: str) -> HttpResponse:
    """Shows everything a template would make; a POST makes what is not there yet."""
    wanted = TEMPLATES.get(template)
    if wanted is None:
        raise Http404("There is no such template")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        started = start_programme(
            program_id=request.program.pk,
            template=template,
            is_active=form.cleaned_data["state"] == ON,
            now=timezone.now(),
        )
        if started.tiers:  # the night's sweep does what a lost message leaves
            transaction.on_commit(requalify_sweep.delay, robust=True)
        return saved(request, link(request, "home"), _told(started, is_on=form.cleaned_data["state"] == ON))
    plan = plan_of(wanted, program=request.program, there=present())
    pieces = _pieces(plan, request.program)
    context = {
        "heading": _(wanted.label),
        "text": _(wanted.text),
        "pieces": pieces,
        "new": sum(not piece.existing for piece in pieces),
    }
    return show_form(request, "dashboard/start/template.html", form, context)


def _pieces(plan: Plan, program: Program) -> list[Piece]:
    """Every piece with its numbers, rules first."""
    ladder = "; ".join(
        _tier(tier.name, tier.threshold, plain(tier.multiplier), plan, program) for tier in plan.ladder.tiers
    )
    return [
        *(Piece(_(KINDS[rule.action].label), _earns(rule, program), rule.existing) for rule in plan.rules),
        Piece(_("First reward"), _buys(plan), plan.reward_existing),
        Piece(_("VIP tiers"), ladder, ", ".join(plan.tiers_existing)),
        Piece(
            _("Name of points"),
            _("%(one)s, %(many)s") % {"one": plan.one, "many": plan.many},
            (program.points_name or _("points")) if plan.is_named else "",
        ),
    ]


def _earns(rule: PlannedRule, program: Program) -> str:
    points = number(rule.terms.points)
    if rule.action != "place_order":
        return ngettext("%(points)s point", "%(points)s points", rule.terms.points) % {"points": points}
    said = ngettext(
        "%(points)s point per %(currency)s", "%(points)s points per %(currency)s", rule.terms.points
    ) % {"points": points, "currency": program.currency}  # fmt: skip
    days = rule.terms.approval_days
    if not days:
        return said
    return _("%(said)s, after %(days)s days") % {"said": said, "days": days}


def _buys(plan: Plan) -> str:
    return _("%(name)s for %(points)s points") % {"name": plan.reward.name, "points": number(plan.reward.points_cost)}


def _tier(name: str, threshold: int, multiplier: str, plan: Plan, program: Program) -> str:
    if not threshold:
        return _("%(name)s for everybody") % {"name": name}
    values = {"name": name, "threshold": number(threshold), "times": multiplier, "currency": program.currency}
    if plan.ladder.entry == Program.TierEntry.SPEND:
        return _("%(name)s from %(threshold)s %(currency)s a year, ×%(times)s") % values
    return _("%(name)s from %(threshold)s orders a year, ×%(times)s") % values


def _told(started: Started, *, is_on: bool) -> str:
    """What was made, for the toast."""
    if started.is_nothing:
        return _("Everything was there already; nothing was changed.")
    made = []
    if started.rules:
        made.append(
            ngettext("%(n)s earning rule", "%(n)s earning rules", len(started.rules)) % {"n": len(started.rules)}
        )
    if started.has_reward:
        made.append(_("a reward"))
    if started.tiers:
        made.append(ngettext("%(n)s tier", "%(n)s tiers", started.tiers) % {"n": started.tiers})
    what = ", ".join(made) or _("the name of points")
    return (_("Your programme is live: %(what)s.") if is_on else _("Made as drafts: %(what)s.")) % {"what": what}
