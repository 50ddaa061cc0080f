"""Home: what to set up next, four figures that lead to their lists, the last 90 days, and what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from loyalty.earning import queries as earning
from loyalty.integrations import queries as integrations
from loyalty.integrations.webhooks import queries as webhooks
from loyalty.ledger import queries as ledger
from loyalty.members import queries as members
from loyalty.programs import queries as programs
from loyalty.programs.models import Program
from loyalty.programs.operations import dismiss_hint
from loyalty.rewards import queries as rewards
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.activity import activity_rows
from shopify_app.dashboard.chart import draw
from shopify_app.dashboard.pages import link, saved, show

CHART_DAYS = 90
SHOWN_ACTIVITY = 8
SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the set-up list; the first one to do is open."""

    title: str
    text: str
    action: str
    url: str
    is_done: bool
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure and the list it counts."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Day:
    """What one day of the shop brought, in points."""

    day: date
    earned: int
    spent: int


def figures(request: AdminRequest) -> list[Figure]:
    """The four figures, each re-derivable from the ledger's entries."""
    totals = ledger.totals()
    share = f"{totals.redeemed / totals.issued:.0%}" if totals.issued else "–"
    activity = link(request, "activity")
    return [
        Figure("Members", f"{members.count():,}", "enrolled", link(request, "members")),
        Figure("Points issued", f"{totals.issued:,}", "since the start", f"{activity}?kind=earned"),
        Figure("Points redeemed", f"{totals.redeemed:,}", "since the start", f"{activity}?kind=spent"),
        Figure("Share redeemed", share, "of points issued", f"{activity}?kind=spent"),
    ]


def days_of(program: Program, now: datetime) -> list[Day]:
    """The last 90 days of the shop, gaps filled with zeros, so that the picture tells the truth about time."""
    today = now.astimezone(program.zone).date()
    first = today - timedelta(days=CHART_DAYS - 1)
    since = datetime.combine(first, time.min, tzinfo=program.zone)
    found = {item.day: item for item in ledger.earned_and_spent_by_day(since=since, time_zone=program.zone)}
    span = [first + timedelta(days=offset) for offset in range(CHART_DAYS)]
    return [Day(day, found[day].earned, found[day].spent) if day in found else Day(day, 0, 0) for day in span]


def _steps(request: AdminRequest) -> list[Step]:
    has_rule = earning.rules().filter(is_active=True).exists()
    has_reward = rewards.rewards().filter(is_active=True).exists()
    steps = [
        Step(
            "Give a way to earn",
            "Start with a custom action or a follow on Instagram.",
            "Add earning rule",
            link(request, "rule_choose"),
            has_rule,
        ),
        Step(
            "Give a way to spend",
            "One reward is enough to begin with, for example an amount off.",
            "Add reward",
            link(request, "reward_new"),
            has_reward,
        ),
        Step(
            "Let your systems in",
            "An API key lets your server award points; Shopify Flow needs none.",
            "Create API key",
            link(request, "developer"),
            bool(programs.api_keys()),
        ),
        Step(
            "Tell your customers",
            "Connect your marketing platform, and every award can start a message.",
            "Connect a platform",
            link(request, "integrations"),
            integrations.is_any_connected(),
        ),
    ]
    for index, step in enumerate(steps):
        if not step.is_done:
            steps[index] = Step(step.title, step.text, step.action, step.url, is_done=False, is_open=True)
            break
    return steps


@require_GET
@page
def home(request: AdminRequest) -> HttpResponse:
    """Shows the programme at a glance."""
    days = days_of(request.program, timezone.now())
    is_quiet = not any(day.earned or day.spent for day in days)
    steps = [] if SETUP in request.program.dismissed_hints else _steps(request)
    if all(step.is_done for step in steps):
        steps = []  # nothing left to say
    context = {
        "heading": "Home",
        "checklist": steps,
        "done_count": sum(step.is_done for step in steps),
        "figures": figures(request),
        "chart": None if is_quiet else draw([d.day for d in days], [d.earned for d in days], [d.spent for d in days]),
        "days": list(reversed(days)),
        "activity": activity_rows(ledger.movements()[:SHOWN_ACTIVITY]),
        "failing_webhooks": webhooks.failing(now=timezone.now()).count(),
    }
    return show(request, "dashboard/home.html", context)


@require_POST
@page
def dismiss(request: AdminRequest, name: str) -> HttpResponse:
    """Puts a hint away for good."""
    dismiss_hint(program_id=request.program.pk, hint=name, now=timezone.now())
    return saved(request, link(request, "home"), "Put away.")
