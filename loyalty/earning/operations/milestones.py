"""Milestones: points once, for the order that brings a member's orders or spending to a figure.

What was reached before the rule was switched on earns nothing; what is reached once stays earned when an order is given
back afterwards.
"""

from __future__ import annotations

from datetime import datetime

from loyalty import money
from loyalty.earning.activity import Activity
from loyalty.earning.errors import AlreadyAwarded
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.fields import value_of
from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations.award import award
from loyalty.members.errors import CustomerExcluded
from loyalty.members.models import Member
from loyalty.orders.models import Order
from loyalty.orders.queries import Figures, figures_of
from loyalty.programs.models import Program

MILESTONES = ("order_milestone", "spend_milestone")


def reach(*, program: Program, member: Member, order: Order, now: datetime) -> int:
    """Awards the milestones that a member has reached by now, each once; returns how many."""
    awarded = 0
    rules = EarningRule.objects.existing().filter(is_active=True, action__in=MILESTONES).order_by("pk")
    for rule in rules:
        if Award.objects.filter(member=member, occurrence=f"milestone:{rule.pk}").exists():
            continue
        before = figures_of(member_id=member.pk, until=rule.activated_at)
        if not _is_reached(rule, figures_of(member_id=member.pk), program) or _is_reached(rule, before, program):
            continue
        activity = Activity(
            rule=RuleReference(public_id=rule.public_id),
            customer=CustomerReference(shopify_customer_id=member.shopify_customer_id),
            source="order",
            source_reference=str(order.shopify_order_id),
            occurred_at=order.placed_at,
            occurrence=f"milestone:{rule.pk}",
            metadata={"order_name": order.name},  # told, not linked: giving this order back takes no milestone back
        )
        try:
            result = award(activity=activity, program_id=program.pk, now=now)
        except (AlreadyAwarded, CustomerExcluded):
            continue
        awarded += int(result.skip_reason is None)
    return awarded


def _is_reached(rule: EarningRule, figures: Figures, program: Program) -> bool:
    fields = KINDS[rule.action].fields
    if rule.action == "order_milestone":
        return figures.orders >= int(value_of(fields, rule.options, "orders"))
    wanted: int = int(value_of(fields, rule.options, "spent")) * 10 ** money.exponent(program.currency)
    return figures.spent_minor >= wanted
