"""Starting a programme from a template: everything that is not there yet, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.earning.operations import create_rule
from loyalty.errors import NotFound
from loyalty.programs.models import Program
from loyalty.programs.operations import name_points
from loyalty.rewards.operations import create_reward
from loyalty.starting.plans import plan_of, present
from loyalty.starting.templates import TEMPLATES
from loyalty.tiers.operations import change_ladder


@dataclass(frozen=True, slots=True)
class Started:
    """What was made: kinds of rules, whether a reward, how many tiers, whether points got their name; nothing on a repeat."""

    rules: tuple[str, ...] = ()
    has_reward: bool = False
    tiers: int = 0
    is_named: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether everything was there already."""
        return self == Started()


class TemplateNotFound(NotFound):
    """No such template."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is no template '%(name)s'") % {"name": name})


@transaction.atomic
def start_programme(*, program_id: int, template: str, is_active: bool, now: datetime) -> Started:
    """Makes what a template holds and the programme in scope lacks. What is there is left alone, so a repeat makes nothing.

    A rule is there when one of its kind is; the reward when there is any; tiers when there is a ladder; and the name of
    points when they have one, or a rule is switched on. Tiers cannot be switched off: without `is_active` there are none,
    and no name either, since customers read it.

    Args:
        is_active: Whether rules and the reward are switched on; without it they are drafts, which do nothing.

    Raises:
        TemplateNotFound: There is none of that name.
    """
    if template not in TEMPLATES:
        raise TemplateNotFound(template)
    program = Program.objects.select_for_update(no_key=True).get(
        pk=program_id
    )  # two at once must not both find it empty
    plan = plan_of(TEMPLATES[template], program=program, there=present(), is_active=is_active)
    for rule in plan.new_rules:
        create_rule(program=program, action=rule.action, terms=rule.terms, now=now)
    if not plan.reward_existing:
        create_reward(program=program, terms=plan.reward, now=now)
    has_ladder = is_active and not plan.tiers_existing
    if has_ladder:
        change_ladder(program_id=program.pk, ladder=plan.ladder, now=now)
    is_named = is_active and not plan.is_named
    if is_named:
        name_points(program_id=program.pk, one=plan.one, many=plan.many, now=now)
    return Started(
        rules=tuple(rule.action for rule in plan.new_rules),
        has_reward=not plan.reward_existing,
        tiers=len(plan.ladder.tiers) if has_ladder else 0,
        is_named=is_named,
    )
