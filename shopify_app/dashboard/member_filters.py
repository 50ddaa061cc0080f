"""What the list of members is asked for: every filter and the order stand in its address, and any of them go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from loyalty.ledger import finding
from loyalty.members import queries
from loyalty.members.models import Member
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program
from loyalty.tiers.models import Tier
from shopify_app.dashboard.asking import days, spoken, texts_of, whole

NAMES = ("q", "status", "tier", "activity", "birthday", "min", "max", "owes", "from", "until", "sort")
STATUSES = {"member": "Taking part", "excluded": "Excluded", "testing": "Test customers"}
ACTIVITIES = {
    **{f"earned-{days}": f"Earned in the last {days} days" for days in (7, 30, 90)},
    **{f"spent-{days}": f"Redeemed in the last {days} days" for days in (7, 30, 90)},
    "quiet-90": "Nothing for 90 days",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS = {str(number): name for number, name in enumerate(_MONTHS, start=1)}
SORTS = {"balance": "Highest balance", "lifetime": "Most earned", "name": "Name"}
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
        "status": STATUSES, "tier": {NO_TIER, *tiers}, "activity": ACTIVITIES, "birthday": MONTHS, "owes": {"1"}, "sort": SORTS,
    }  # fmt: skip
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
        lowest=lowest, highest=highest, owes=bool(said["owes"]), is_testing=said["status"] == "testing",
        **_activity(said["activity"], now),
    )  # fmt: skip
    found = finding.narrowed(found, wanted)
    if said["sort"]:
        found = _ORDERS[said["sort"]](found)
    return Asked({name: value for name, value in said.items() if value}, _labels(said, tiers), found)


def _activity(text: str, now: datetime) -> dict[str, datetime]:
    what, _, number = text.partition("-")
    return {f"{what}_since": now - timedelta(days=int(number))} if what else {}


def _labels(said: dict[str, str], tiers: Mapping[str, Tier]) -> dict[str, str]:
    tier = "No tier" if said["tier"] == NO_TIER else tiers[said["tier"]].name if said["tier"] else ""
    return {
        "q": f"“{said['q']}”" if said["q"] else "",
        "status": STATUSES.get(said["status"], ""),
        "tier": f"Tier: {tier}" if tier else "",
        "activity": ACTIVITIES.get(said["activity"], ""),
        "birthday": f"Birthday in {MONTHS[said['birthday']]}" if said["birthday"] else "",
        "min": f"At least {int(said['min']):,} points" if said["min"] else "",
        "max": f"At most {int(said['max']):,} points" if said["max"] else "",
        "owes": "Owes points" if said["owes"] else "",
        "from": f"Joined from {spoken(said['from'])}" if said["from"] else "",
        "until": f"Joined until {spoken(said['until'])}" if said["until"] else "",
    }
