"""Taking tests back, as its page shows it: what there is, how far it has come, whom it waits for, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.ledger.queries import accounts_with_tests
from loyalty.programs.models import ScheduledRun
from loyalty.programs.scheduling import latest_run
from loyalty.rewards.models import Redemption
from loyalty.rewards.queries import tests, tests_of_use
from loyalty.test_mode.operations.cleaning import CLEAN_UP
from loyalty.test_mode.queries import Remains, remains
from shopify_app.dashboard.reading import number, price

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose tests cannot be taken back yet, and why."""

    member_id: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lasting:
    """A reward that a test used: nothing takes back what the customer has had of it."""

    member_id: int
    member_name: str
    what: str


@dataclass(frozen=True, slots=True)
class CleanUpView:
    """What the page shows; `result` are the sentences of the last clean-up that is over."""

    remains: Remains
    is_running: bool
    done: int
    total: int
    waiting: list[Waiting]
    finished_at: datetime | None
    result: list[str]
    error: str
    lasting: list[Lasting]


def clean_up_view(now: datetime) -> CleanUpView:
    """Reads where taking tests back stands in the programme in scope."""
    run = latest_run(name=CLEAN_UP)
    is_running = run is not None and run.finished_at is None
    left = accounts_with_tests().filter(cleaning_since__isnull=False)
    done = int(run.counts.get("members", 0)) if run else 0
    used = list(tests_of_use(since=run.started_at)[:SHOWN]) if run else []
    return CleanUpView(
        remains=remains(),
        is_running=is_running,
        done=done,
        total=done + (left.count() if is_running else 0),
        waiting=[_waiting(each) for each in tests()[:SHOWN]] if is_running and run is not None and run.cursor else [],
        finished_at=run.finished_at if run else None,
        result=_result(run) if run and not is_running else [],
        error=run.error if run else "",
        lasting=[Lasting(each.member_id, each.member.display_name, _lasting(each)) for each in used],
    )


def _waiting(redemption: Redemption) -> Waiting:
    reason = _("Shopify has yet to confirm that the code %(code)s is gone") % {"code": redemption.code}
    if redemption.state == Redemption.State.HOLDING:
        reason = _("A reward is being bought")
    if redemption.credit_state == Redemption.Credit.UNCLEAR:
        reason = _("Say on the member's page whether the store credit was given")
    return Waiting(redemption.member_id, redemption.member.display_name, reason)


def _lasting(redemption: Redemption) -> str:
    name, terms = str(redemption.terms["reward_name"]), redemption.terms
    if redemption.credit_state:
        return _("%(name)s: %(money)s of store credit stay with the customer") % {
            "name": name,
            "money": price(terms["discount_amount"], terms["currency"]),
        }
    return _("%(name)s: used on order %(order)s") % {
        "name": name,
        "order": redemption.order_number or redemption.order_id,
    }


def _result(run: ScheduledRun) -> list[str]:
    """What a finished run did, in sentences; what it had nothing of is left out."""
    said: list[tuple[str, Callable[[int], str]]] = [
        ("members", lambda n: ngettext(
            "%(n)s member is as if there had been no test", "%(n)s members are as if there had been no test", n)),
        ("awards", lambda n: ngettext("%(n)s award was reversed", "%(n)s awards were reversed", n)),
        ("taken", lambda n: ngettext("%(n)s point was taken back", "%(n)s points were taken back", n)),
        ("returned", lambda n: ngettext("%(n)s point of their own is back", "%(n)s points of their own are back", n)),
        ("rewards", lambda n: ngettext("%(n)s reward was taken back", "%(n)s rewards were taken back", n)),
        ("codes", lambda n: ngettext(
            "%(n)s of their codes was removed from the shop", "%(n)s of their codes were removed from the shop", n)),
        ("written_off", lambda n: ngettext(
            "%(n)s point was used up already and is written off",
            "%(n)s points were used up already and are written off", n)),
        ("failed", lambda n: ngettext(
            "%(n)s member could not be cleaned up; try again", "%(n)s members could not be cleaned up; try again", n)),
    ]  # fmt: skip
    counts = ((int(run.counts.get(name, 0)), words) for name, words in said)
    return [words(count) % {"n": number(count)} for count, words in counts if count]
