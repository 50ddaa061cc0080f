"""What the list of activity is asked for, out of its address: what happened, through whom, for what, whose and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.earning import queries as earning
from loyalty.ledger.finding import ISSUED, MATURED, PENDING, REDEEMED, Cause, Wanted
from loyalty.ledger.models import Entry
from loyalty.programs.models import Program
from loyalty.rewards import queries as rewards
from shopify_app.dashboard.asking import days, member_id_of, spoken, texts_of

NAMES = ("kind", "by", "rule", "reward", "member", "from", "until", "tests")
_Kind = Entry.Kind
KINDS = {
    str(_Kind.ACCRUAL): gettext_lazy("Earned"),
    PENDING: gettext_lazy("Pending"),
    MATURED: gettext_lazy("Approved after waiting"),
    str(_Kind.REDEMPTION): gettext_lazy("Redeemed"),
    str(_Kind.EXPIRY): gettext_lazy("Expired"),
    str(_Kind.ADJUSTMENT): gettext_lazy("Adjusted"),
    str(_Kind.REVERSAL): gettext_lazy("Reversed"),
    str(_Kind.REJECTION): gettext_lazy("Rejected"),
    str(_Kind.RETURN): gettext_lazy("Returned"),
    str(_Kind.MERGE): gettext_lazy("Merged"),
    str(_Kind.OPENING): gettext_lazy("Opening balance"),
    str(_Kind.FORGIVENESS): gettext_lazy("Debt forgiven"),
    str(_Kind.CLEAN_UP): gettext_lazy("Test cleaned up"),
}
COUNTED = {ISSUED: gettext_lazy("Points issued"), REDEEMED: gettext_lazy("Points redeemed")}
"""What Home's figures count; their links lead here."""
STAFF, API = "staff", "rest"
FAMILIES = {
    STAFF: (gettext_lazy("Staff"), ("staff", "manual")),
    API: (gettext_lazy("REST API"), ("rest",)),
    "flow": (gettext_lazy("Shopify Flow"), ("flow",)),
    "order": (gettext_lazy("Orders"), ("order",)),
    "signup": (gettext_lazy("Sign-up"), ("signup", "account")),
    "storefront": (gettext_lazy("Storefront"), ("storefront",)),
    "referral": (gettext_lazy("Referrals"), ("referral",)),
    "tier": (gettext_lazy("VIP tiers"), ("tier",)),
    "reward": (gettext_lazy("Rewards"), ("reward",)),
    "schedule": (gettext_lazy("Schedule"), ("schedule", "expiry")),
    "merge": (gettext_lazy("Merged customers"), ("merge",)),
    "import": (gettext_lazy("Imports"), ("import",)),
    "opening": (gettext_lazy("Brought along"), ("opening",)),
    "clean_up": (gettext_lazy("Test clean-up"), ("clean_up",)),
}
"""Who or what moves points, by the name in the address: in words, and the ledger's doors."""
_FAMILY_OF = {door: name for name, (_words, doors) in FAMILIES.items() for door in doors}
KEY = "API key "
"""What the ledger has before the name of an API key that moved points."""
TESTS = {"only": gettext_lazy("Only tests"), "none": gettext_lazy("Without tests")}


@dataclass(frozen=True, slots=True)
class By:
    """Through whom points moved: in words, and as the filter has it."""

    label: str
    value: str


def by_of(door: str, actor: str) -> By:
    """Returns who moved points, as far as the ledger was told."""
    family = _FAMILY_OF.get(door, "")
    words = str(FAMILIES[family][0]) if family else door.replace("_", " ").capitalize()
    if actor.startswith(KEY) and family == API:
        return By(actor, f"{API}:{actor.removeprefix(KEY)}")
    if actor.startswith("shopify:") and family == STAFF:
        return By(
            _("Staff member %(removeprefix)s") % {"removeprefix": actor.removeprefix("shopify:")}, f"{STAFF}:{actor}"
        )
    if actor and family == STAFF:
        return By(actor, f"{STAFF}:{actor}")
    return By(words, family)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    Attributes:
        said: What is set, by its name in the address; a word that means nothing is left out.
        labels: The same in words.
        wanted: What it means.
    """

    said: dict[str, str]
    labels: dict[str, str]
    wanted: Wanted


def asked_of(
    query: Mapping[str, str], *, program: Program, rules: Mapping[str, str], rewards_: Mapping[str, str]
) -> Asked:
    """Reads the filters of an address; days are the shop's, and `until` is the last of them.

    Args:
        rules: The names of the programme's rules by their public ids, and `rewards_` of its rewards.
    """
    said = texts_of(query, NAMES)
    known = {"kind": {**KINDS, **COUNTED}, "rule": rules, "reward": rewards_, "tests": TESTS}
    said |= {name: "" for name, values in known.items() if said[name] not in values}
    family, _colon, actor = said["by"].partition(":")
    if family not in FAMILIES or (actor and family not in (STAFF, API)):
        said["by"] = family = actor = ""
    since, before = days(said, program)
    cause: Cause | None = None
    if said["rule"]:
        cause = earning.entries_by_rule(public_id=said["rule"])
    if said["reward"]:
        cause, said["rule"] = rewards.entries_by_reward(public_id=said["reward"]), ""
    wanted = Wanted(
        kind=said["kind"],
        doors=FAMILIES[family][1] if family else (),
        actor=f"{KEY}{actor}" if actor and family == API else actor,
        member_id=member_id_of(said["member"]) if said["member"] else None,
        since=since,
        before=before,
        is_test={"only": True, "none": False}.get(said["tests"]),
        cause=cause,
    )
    labels = {
        "kind": str({**KINDS, **COUNTED}.get(said["kind"], "")),
        "by": _("By %(label)s") % {"label": by_of(FAMILIES[family][1][0], wanted.actor).label} if family else "",
        "rule": _("Rule: %(name)s") % {"name": rules[said["rule"]]} if said["rule"] else "",
        "reward": _("Reward: %(name)s") % {"name": rewards_[said["reward"]]} if said["reward"] else "",
        "member": _("Member: %(member)s") % {"member": said["member"]} if said["member"] else "",
        "from": _("From %(day)s") % {"day": spoken(said["from"])} if said["from"] else "",
        "until": _("Until %(day)s") % {"day": spoken(said["until"])} if said["until"] else "",
        "tests": str(TESTS.get(said["tests"], "")),
    }
    return Asked({name: value for name, value in said.items() if value}, labels, wanted)
