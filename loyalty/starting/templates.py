"""Templates of a programme, one per kind of shop: numbers that go together. Pure.

All amounts are told for a currency whose unit buys about as much as a dollar; `scaling` turns them into the shop's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Step:
    """A tier of a template: from which figure, in currency units spent or orders placed, and its multiplier."""

    name: str
    threshold: int
    multiplier: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Template:
    """What a kind of shop begins with.

    Attributes:
        name: Its name in addresses.
        per_unit: Points per currency unit of an order.
        approval_days: Days an order's points wait, about the time in which such goods come back.
        signup, birthday: Points given for an account and on a birthday.
        extras: Kinds of rules beside those three, with their points.
        reward_amount, reward_cost: The first reward: an amount off, and the points it takes.
        rise_by: What members rise by: `spend` or `purchases`.
        tiers: Three steps, the lowest first.
        one, many: What its points are called.
    """

    name: str
    label: str
    text: str
    icon: str
    per_unit: int
    approval_days: int
    signup: int
    birthday: int
    reward_amount: int
    reward_cost: int
    rise_by: str
    tiers: tuple[Step, Step, Step]
    extras: tuple[tuple[str, int], ...] = ()
    one: str = gettext_noop("point")
    many: str = gettext_noop("points")


def _steps(names: tuple[str, str, str], second: int, third: int, *, times: tuple[str, str]) -> tuple[Step, Step, Step]:
    lowest, middle, highest = names
    return Step(lowest, 0), Step(middle, second, Decimal(times[0])), Step(highest, third, Decimal(times[1]))


_METALS = (gettext_noop("Bronze"), gettext_noop("Silver"), gettext_noop("Gold"))
_TEMPLATES = (
    Template(
        "fashion", gettext_noop("Fashion"),
        gettext_noop("Large orders, some of which come back: points wait 14 days, and tiers reward a year's wardrobe."),
        "star", per_unit=5, approval_days=14, signup=200, birthday=300, reward_amount=10, reward_cost=1000,
        rise_by="spend", tiers=_steps(_METALS, 300, 800, times=("1.25", "1.5")), extras=(("follow_on_instagram", 50),),
    ),
    Template(
        "beauty", gettext_noop("Beauty"),
        gettext_noop("Routines that are bought again: many points for small orders, and a birthday worth coming back for."),
        "confetti", per_unit=10, approval_days=7, signup=200, birthday=500, reward_amount=5, reward_cost=750,
        rise_by="spend",
        tiers=_steps((gettext_noop("Fan"), gettext_noop("Insider"), gettext_noop("Icon")), 150, 400, times=("1.25", "1.5")),
        extras=(("follow_on_instagram", 100), ("newsletter_signup", 50)),
        one=gettext_noop("petal"), many=gettext_noop("petals"),
    ),
    Template(
        "food", gettext_noop("Food & drink"),
        gettext_noop("Small margins and quick decisions: points at once, and a reward that is soon within reach."),
        "cart", per_unit=5, approval_days=0, signup=100, birthday=250, reward_amount=3, reward_cost=500,
        rise_by="spend", tiers=_steps(_METALS, 150, 400, times=("1.1", "1.25")), extras=(("newsletter_signup", 50),),
    ),
    Template(
        "coffee", gettext_noop("Coffee & consumables"),
        gettext_noop("The same order every few weeks: tiers count orders, so that regulars rise by coming back."),
        "refresh", per_unit=10, approval_days=0, signup=100, birthday=300, reward_amount=5, reward_cost=1000,
        rise_by="purchases",
        tiers=_steps((gettext_noop("Guest"), gettext_noop("Regular"), gettext_noop("Connoisseur")), 5, 12,
                     times=("1.25", "1.5")),
        extras=(("newsletter_signup", 50),), one=gettext_noop("bean"), many=gettext_noop("beans"),
    ),
    Template(
        "home", gettext_noop("Home & hobby"),
        gettext_noop("Rare but large orders: a reward that is worth waiting for, and tiers that two orders can reach."),
        "home", per_unit=3, approval_days=14, signup=150, birthday=150, reward_amount=15, reward_cost=900,
        rise_by="spend", tiers=_steps(_METALS, 500, 1500, times=("1.25", "1.5")), extras=(("newsletter_signup", 50),),
    ),
    Template(
        "plain", gettext_noop("Start plain"),
        gettext_noop("One point per currency unit, a hundred points are worth five: easy to explain, easy to change."),
        "check-circle", per_unit=1, approval_days=0, signup=20, birthday=20, reward_amount=5, reward_cost=100,
        rise_by="spend", tiers=_steps(_METALS, 200, 500, times=("1.1", "1.25")),
    ),
)  # fmt: skip
TEMPLATES = {template.name: template for template in _TEMPLATES}
"""Every template by its name."""
