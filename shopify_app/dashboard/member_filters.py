"""What the list of members is asked for: every filter and the order stand in its address, and any of them go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import dates
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.ledger import finding
from loyalty.members import queries
from loyalty.members.models import Member
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program
from loyalty.tiers.models import Tier
from shopify_app.dashboard.asking import days, spoken, texts_of, whole
from shopify_app.dashboard.reading import number

NAMES = ("q", "status", "tier", "activity", "birthday", "min", "max", "owes", "from", "until", "sort")
STATUSES = {
    "member": gettext_lazy("Taking part"),
    "excluded": gettext_lazy("Excluded"),
    "testing": gettext_lazy("Test customers"),
}


def _within(words: Any, each: int) -> Any:
    """Some days in words, spoken when they are read: a lazy text loses its laziness by `%`."""
    return lazy(lambda: str(words) % {"days": each}, str)()


ACTIVITIES = {
    **{f"earned-{each}": _within(gettext_lazy("Earned in the last %(days)s days"), each) for each in (7, 30, 90)},
    **{f"spent-{each}": _within(gettext_lazy("Redeemed in the last %(days)s days"), each) for each in (7, 30, 90)},
    "quiet-90": gettext_lazy("Nothing for 90 days"),
}
MONTHS = {str(each): name for each, name in dates.MONTHS.items()}
SORTS = {
    "balance": gettext_lazy("Highest balance"),
    "lifetime": gettext_lazy("Most earned"),
    "name": gettext_lazy("Name"),
}
NO_TIER = "none"
_ORDERS = {"balance": finding.richest_first, "lifetime": finding.most_earned_first, "name": queries.by_name}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    Attributes:
        said: What is set, by its name in the address; a word that means nothing is left out.
        labels: The filters among it in words; the order is no filter.
        found: The members, in the order asked for.
    """

    said: dict[str, str]
    labels: dict[str, str]
    found: QuerySet[Member]


def asked_of(query: Mapping[str, str], *, program: Program, tiers: Mapping[str, Tier], now: datetime) -> Asked:
    """Reads the filters of an address; days are the shop's, and `until` is the last of them.

    Args:
        tiers: The programme's tiers by their public ids.
    """
    said = texts_of(query, NAMES)
    known: dict[str, Any] = {
        "status": STATUSES,
        "tier": {NO_TIER, *tiers},
        "activity": ACTIVITIES,
        "birthday": MONTHS,
        "owes": {"1"},
        "sort": SORTS,
    }
    said |= {name: "" for name, values in known.items() if said[name] not in values}
    lowest, highest = whole(said["min"], most=MAX_POINTS), whole(said["max"], most=MAX_POINTS)
    said |= {"min": "" if lowest is None else str(lowest), "max": "" if highest is None else str(highest)}
    since, before = days(said, program)
    found = queries.find(
        queries.Wanted(
            text=said["q"],
            status=said["status"] if said["status"] in Member.Status.values else "",
            birthday_month=int(said["birthday"]) if said["birthday"] else None,
            joined_since=since,
            joined_before=before,
        )
    )
    if said["tier"]:
        found = found.filter(tier_membership__tier=None if said["tier"] == NO_TIER else tiers[said["tier"]])
    wanted = finding.WantedBalance(
        lowest=lowest,
        highest=highest,
        owes=bool(said["owes"]),
        is_testing=said["status"] == "testing",
        **_activity(said["activity"], now),
    )
    found = finding.narrowed(found, wanted)
    if said["sort"]:
        found = _ORDERS[said["sort"]](found)
    return Asked({name: value for name, value in said.items() if value}, _labels(said, tiers), found)


def _activity(text: str, now: datetime) -> dict[str, datetime]:
    what, _dash, days_ago = text.partition("-")
    return {f"{what}_since": now - timedelta(days=int(days_ago))} if what else {}


def _labels(said: dict[str, str], tiers: Mapping[str, Tier]) -> dict[str, str]:
    tier = _("No tier") if said["tier"] == NO_TIER else tiers[said["tier"]].name if said["tier"] else ""
    return {
        "q": f"“{said['q']}”" if said["q"] else "",
        "status": str(STATUSES.get(said["status"], "")),
        "tier": _("Tier: %(tier)s") % {"tier": tier} if tier else "",
        "activity": str(ACTIVITIES.get(said["activity"], "")),
        "birthday": _("Birthday in %(month)s") % {"month": MONTHS[said["birthday"]]} if said["birthday"] else "",
        "min": _("At least %(points)s points") % {"points": number(int(said["min"]))} if said["min"] else "",
        "max": _("At most %(points)s points") % {"points": number(int(said["max"]))} if said["max"] else "",
        "owes": _("Owes points") if said["owes"] else "",
        "from": _("Joined from %(day)s") % {"day": spoken(said["from"])} if said["from"] else "",
        "until": _("Joined until %(day)s") % {"day": spoken(said["until"])} if said["until"] else "",
    }
