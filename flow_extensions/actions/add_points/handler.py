"""Flow action "Add points": an exact number of points, or what one of the shop's rules gives.

With `pointsToAdd` the number is added as it stands, and a rule is a label beside it. With `rule-id` alone the rule is
awarded: its points, approval time and limit, with tier and campaign multipliers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flow_extensions.actions.keeping import of_award, once
from flow_extensions.actions.runs import BadProperty, Run
from loyalty.earning import queries
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.operations import Activity, adjust_points, award
from loyalty.earning.results import AwardResult
from loyalty.members.models import Member
from loyalty.members.queries import member
from loyalty.programs.models import Program


def add_points(run: Run, now: datetime) -> bytes:
    """Adds the points, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was added, for a reason the merchant reads in the run log.
    """
    customer = run.text("customer-identifier", label="Customer identifier")
    points = run.points("pointsToAdd", label="Points to add", required=False)
    rule_number = run.whole("rule-id", label="Rule id", required=False)
    reason = run.text("reason", label="Reason", longest=1000)
    if points is None and rule_number is None:
        raise BadProperty("Say how many points to add, or by which rule: fill in Points to add or Rule id.")

    def work(program: Program) -> Mapping[str, Any]:
        who = member(identifier=customer)
        rule = queries.rule_by_number(number=rule_number) if rule_number is not None else None
        if points is None:
            assert rule is not None
            return of_award(_by_rule(run, who, rule.public_id, reason, now), done="added")
        why = "program_disabled" if not program.is_enabled else "" if program.is_open_to(who.email) else "test_mode"
        if why:
            return {"status": "skipped", "points": 0, "pointsBalance": who.account.available, "skipReason": why}
        done = adjust_points(member=who, points=points, source="flow", note=reason, label=rule, now=now)
        return {"status": "added", "points": points, "pointsBalance": done.points_after, "skipReason": ""}

    return once(run, now, work)


def _by_rule(run: Run, who: Member, rule_id: str, reason: str, now: datetime) -> AwardResult:
    return award(
        activity=Activity(
            rule=RuleReference(public_id=rule_id),
            customer=CustomerReference(shopify_customer_id=who.shopify_customer_id),
            source="flow",
            source_reference=run.id,
            occurred_at=now,
            key=run.id,
            key_scope="flow",
            metadata={"reason": reason},
        ),
        program_id=who.program_id,
        now=now,
    )
