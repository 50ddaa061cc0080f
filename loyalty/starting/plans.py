"""What a template would make in this shop: every piece with its numbers, and whether there is something like it already."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from loyalty.earning import queries as earning
from loyalty.earning.kinds import KINDS
from loyalty.earning.operations import RuleTerms
from loyalty.programs.models import Program
from loyalty.rewards import queries as rewards
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import RewardTerms
from loyalty.starting.scaling import Scale, scale_for
from loyalty.starting.templates import TEMPLATES, Template
from loyalty.tiers import queries as tiers
from loyalty.tiers.terms import Ladder, TierTerms


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule that would be added, by its kind; `existing` names the one that is there in its place."""

    action: str
    terms: RuleTerms
    existing: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A template in this shop, in its words and its currency.

    Attributes:
        reward_existing: The name of the reward that is there already.
        tiers_existing: Names of the tiers there are: a ladder that stands is left alone.
        one, many: What points would be called; `is_named` says that they have one already,
            if only by use.
    """

    template: Template
    rules: tuple[PlannedRule, ...]
    reward: RewardTerms
    reward_existing: str
    ladder: Ladder
    tiers_existing: tuple[str, ...]
    one: str
    many: str
    is_named: bool

    @property
    def new_rules(self) -> tuple[PlannedRule, ...]:
        """The rules that are not there yet."""
        return tuple(rule for rule in self.rules if not rule.existing)


@dataclass(frozen=True, slots=True)
class Present:
    """What a shop has already: names of its rules by kind, of its rewards, and of its tiers.

    `is_live`: a rule is switched on, so members know what points are called.
    """

    rules: dict[str, str]
    rewards: tuple[str, ...]
    tiers: tuple[str, ...]
    is_live: bool


def present() -> Present:
    """Returns what the programme in scope has, in three statements."""
    found = list(earning.rules().values_list("action", "name", "is_active"))
    return Present(
        rules={action: name for action, name, _ in found},
        rewards=tuple(rewards.rewards().values_list("name", flat=True)),
        tiers=tuple(tiers.ladder().values_list("name", flat=True)),
        is_live=any(is_active for _, _, is_active in found),
    )


def plan_of(template: Template, *, program: Program, there: Present, is_active: bool = True) -> Plan:
    """Returns what a template would make beside what is there. Names are in the language that is in force.

    Args:
        is_active: Whether rules and the reward would be switched on.
    """
    scale = scale_for(program.currency, per_unit=template.per_unit)
    amount = scale.amount(template.reward_amount)
    wanted = [
        ("place_order", scale.per_unit, template.approval_days),
        ("signup", scale.reward(template.signup), 0),
        ("birthday", scale.reward(template.birthday), 0),
        *((action, scale.reward(points), 0) for action, points in template.extras),
    ]
    return Plan(
        template=template,
        rules=tuple(
            PlannedRule(
                action,
                RuleTerms(name=gettext(KINDS[action].label), points=points, approval_days=days, is_active=is_active),
                there.rules.get(action, ""),
            )
            for action, points, days in wanted
        ),
        reward=RewardTerms(
            name=gettext("%(amount)s %(currency)s off your next order") % {"amount": amount, "currency": program.currency},
            discount_type=Reward.DiscountType.FIXED_AMOUNT,
            points_cost=scale.reward(template.reward_cost),
            discount_amount=Decimal(amount),
            is_active=is_active,
        ),
        reward_existing=there.rewards[0] if there.rewards else "",
        ladder=_ladder(template, scale, program),
        tiers_existing=there.tiers,
        one=gettext(template.one),
        many=gettext(template.many),
        is_named=there.is_live or bool(program.points_name),
    )  # fmt: skip


def plans(*, program: Program) -> list[Plan]:
    """Returns every template as it would be in the programme in scope."""
    there = present()
    return [plan_of(template, program=program, there=there) for template in TEMPLATES.values()]


def _ladder(template: Template, scale: Scale, program: Program) -> Ladder:
    by_spend = template.rise_by == Program.TierEntry.SPEND
    return Ladder(
        tiers=[
            TierTerms(gettext(step.name), scale.amount(step.threshold) if by_spend else step.threshold, step.multiplier)
            for step in template.tiers
        ],
        entry=template.rise_by,
        period=Program.TierPeriod.ROLLING_YEAR,
        grace_days=30,
        multiplier_scope=program.tier_multiplier_scope,
    )
