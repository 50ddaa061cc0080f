"""What each concern of a form means, in sentences with the figures of this shop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.earning import queries as earning
from loyalty.earning.example import Example, order_example
from loyalty.earning.models import EarningRule
from loyalty.ledger import queries as ledger
from loyalty.ledger.finding import WantedBalance, narrowed
from loyalty.members import queries as members
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.rewards import queries as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.templatetags.encore import number, plain

ONE = Decimal(1)


def everybody() -> str:
    """How many may take part."""
    total = members.count()
    return ngettext(
        "It concerns %(n)s member from now on.", "It concerns %(n)s members from now on.", total
    ) % {"n": number(total)}  # fmt: skip


def awards_stay(rule: EarningRule) -> str:
    """What a rule has given stays."""
    awards, people = earning.given_by(rule_id=rule.pk)
    if not awards:
        return _("It counts for what happens from now on; nobody has earned by this rule yet.")
    return _(
        "It counts for what happens from now on. %(awards)s awards of %(members)s members stay as they are."
    ) % {"awards": number(awards), "members": number(people)}  # fmt: skip


def waiting_stay(rule: EarningRule) -> str:
    """Points that wait keep their day."""
    waiting = earning.waiting().filter(rule_id=rule.pk).count()
    return ngettext(
        "%(n)s award that waits keeps its day.", "%(n)s awards that wait keep their day.", waiting
    ) % {"n": number(waiting)}  # fmt: skip


def codes_stay(reward: Reward) -> str:
    """Codes that are out keep their terms."""
    out = rewards.open_of(reward_id=reward.pk)
    return ngettext(
        "It counts for the next purchase. %(n)s code that is out keeps its terms.",
        "It counts for the next purchase. %(n)s codes that are out keep their terms.",
        out,
    ) % {"n": number(out)}


def able_to_pay(cost: int, before: int | None = None) -> str:
    """How many members have the points for a reward, today and at another price."""
    if not cost:
        return _("Nobody can buy it: it is only given.")
    now = _having(cost)
    if before and before != cost:
        return _("%(now)s members have the points for it; at %(before)s points it was %(were)s.") % {
            "now": number(now), "before": number(before), "were": number(_having(before)),
        }  # fmt: skip
    return ngettext(
        "%(n)s member has the points for it today.", "%(n)s members have the points for it today.", now
    ) % {"n": number(now)}  # fmt: skip


def _having(points: int) -> int:
    return narrowed(Member.objects.living(), WantedBalance(lowest=points)).count()


def audience(tier_ids: list[str]) -> str:
    """How many members a campaign is for, as far as tiers narrow it."""
    standing = tiers.members_per_tier()
    total = sum(standing.get(int(each), 0) for each in tier_ids) if tier_ids else members.count()
    return ngettext("It is for %(n)s member.", "It is for %(n)s members.", total) % {"n": number(total)}


def points_out() -> str:
    """What members hold now, which keeps the end it has."""
    points, holders = ledger.spendable()
    return _("%(points)s points of %(members)s members keep the end they have; it counts for points earned from now on.") % {
        "points": number(points), "members": number(holders),
    }  # fmt: skip


def with_tags(tags: list[str]) -> str:
    """How many members carry one of some tags of the shop."""
    wanted = {tag.casefold() for tag in tags}
    found = sum(
        1 for each in Member.objects.living().exclude(tags=[]).values_list("tags", flat=True)
        if not wanted.isdisjoint(tag.casefold() for tag in each)
    )  # fmt: skip
    return ngettext(
        "%(n)s member carries one of these tags and takes no part.",
        "%(n)s members carry one of these tags and take no part.",
        found,
    ) % {"n": number(found)}


def order_words(example: Example, currency: str) -> str:
    """An order and its points: "An order of 49.90 USD gives 149 points (149.7, rounded down once)"."""
    values = {"amount": example.amount, "currency": currency, "points": number(example.points)}
    if example.exact <= example.points:
        return _("An order of %(amount)s %(currency)s gives %(points)s points.") % values
    values["exact"] = plain(round(example.exact, 3))
    return _("An order of %(amount)s %(currency)s gives %(points)s points (%(exact)s, rounded down once).") % values


def order_of_rule(
    *,
    points: int,
    options: Mapping[str, Any],
    program: Program,
    now: datetime,
    multiplier: Decimal = ONE,
    extra_points: int = 0,
) -> list[str]:
    """The examples of a rule for orders: for everybody, and on the highest tier where that multiplies.

    Args:
        multiplier, extra_points: A campaign's.
    """

    def on(tier: Decimal) -> str:
        example = order_example(
            points=points, options=options, currency=program.currency, now=now, tier=tier, campaign=multiplier,
            extra_points=extra_points,
        )  # fmt: skip
        return order_words(example, program.currency)

    top = tiers.ladder().last()
    return [on(ONE), *([f"{top.name}: {on(top.multiplier)}"] if top is not None and top.multiplier != ONE else [])]


def order_rule() -> EarningRule | None:
    """The first rule for orders that is on, which examples go by."""
    return earning.rules().filter(action="place_order", is_active=True).first()
