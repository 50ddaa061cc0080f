"""What each concern of a form means, in sentences with the figures of this shop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.earning import queries as earning
from loyalty.earning.example import Example, award_example, order_example
from loyalty.earning.models import EarningRule
from loyalty.ledger import queries as ledger
from loyalty.ledger.finding import WantedBalance, narrowed
from loyalty.members import queries as members
from loyalty.members.models import Member
from loyalty.money import to_minor
from loyalty.programs.models import Program
from loyalty.rewards import queries as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers import queries as tiers
from shopify_app.dashboard.reading import money, number, plain

ONE = Decimal(1)


def members_words(count: int) -> str:
    """So many members, within a sentence."""
    return ngettext("%(n)s member", "%(n)s members", count) % {"n": number(count)}


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
    return ngettext(
        "It counts for what happens from now on. %(awards)s award of %(members)s stays as it is.",
        "It counts for what happens from now on. %(awards)s awards of %(members)s stay as they are.",
        awards,
    ) % {"awards": number(awards), "members": members_words(people)}


def rule_added_off() -> str:
    """A rule that is added switched off."""
    return _("It is added switched off: nobody earns by it until you switch it on.")


def rule_switched(*, on: bool) -> str:
    """What switching a rule means."""
    if on:
        return _("It gives points from now on; what happened while it was off earns nothing.")
    return _("It gives nothing from now on; points already earned stay.")


def reward_switched(*, on: bool) -> str:
    """What switching a reward means."""
    if on:
        return _("Members can have it from now on.")
    return _("Nobody can have it from now on; codes that are out keep working.")


def campaign_switched(*, on: bool) -> str:
    """What switching a campaign means."""
    if on:
        return _("In its days it gives more from now on; what happened while it was off is not made up for.")
    return _("It gives nothing more from now on; points already earned stay.")


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
        price = ngettext("%(n)s point", "%(n)s points", before) % {"n": number(before)}
        return ngettext(
            "%(now)s member has the points for it; at %(price)s it was %(were)s.",
            "%(now)s members have the points for it; at %(price)s it was %(were)s.",
            now,
        ) % {"now": number(now), "price": price, "were": number(_having(before))}
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
    return ngettext(
        "%(points)s point of %(members)s keeps the end it has; it counts for points earned from now on.",
        "%(points)s points of %(members)s keep the end they have; it counts for points earned from now on.",
        points,
    ) % {"points": number(points), "members": members_words(holders)}


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
    values = {
        "amount": money(to_minor(example.amount, currency), currency), "points": number(example.points),
        "exact": plain(round(example.exact, 3)),
    }  # fmt: skip
    if example.exact <= example.points:
        said = ngettext(
            "An order of %(amount)s gives %(points)s point.", "An order of %(amount)s gives %(points)s points.",
            example.points,
        )  # fmt: skip
    else:
        said = ngettext(
            "An order of %(amount)s gives %(points)s point (%(exact)s, rounded down once).",
            "An order of %(amount)s gives %(points)s points (%(exact)s, rounded down once).",
            example.points,
        )
    return said % values


def on_tier(tier: str, sentence: str) -> str:
    """A sentence about members of a tier."""
    return _("%(tier)s: %(sentence)s") % {"tier": tier, "sentence": sentence}


def of_other_rule(scope: str, *, now: datetime) -> list[str]:
    """What a rule that is not about purchases gives on the highest tier, where its multiplier makes a difference.

    Args:
        scope: Which rules tiers multiply, as `Program.tier_multiplier_scope` has it.
    """
    top = tiers.ladder().last()
    others = earning.rules().filter(is_active=True).exclude(category__in=("purchase", "referral"))
    rule = others.first() if top is not None and top.multiplier != ONE else None
    if rule is None or top is None:
        return []
    points = award_example(
        points=rule.points, category=rule.category, tier=top.multiplier, is_everything=scope == "all", now=now
    )
    return [
        ngettext(
            "%(tier)s: “%(rule)s” gives %(points)s point.", "%(tier)s: “%(rule)s” gives %(points)s points.", points
        ) % {"tier": top.name, "rule": rule.name, "points": number(points)}
    ]  # fmt: skip


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
    return [on(ONE), *([on_tier(top.name, on(top.multiplier))] if top is not None and top.multiplier != ONE else [])]


def order_rule() -> EarningRule | None:
    """The first rule for orders that is on, which examples go by."""
    return earning.rules().filter(action="place_order", is_active=True).first()
