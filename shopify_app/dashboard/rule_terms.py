"""What the pages of earning rules share: finding a rule, its terms from a form, and the rule as sentences."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from loyalty.earning import queries
from loyalty.earning.errors import RuleNotFound
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import RuleTerms


def rule_or_404(public_id: str) -> EarningRule:
    """The rule of an address; raises `Http404` when this shop has none of that id."""
    try:
        return queries.rule(public_id=public_id)
    except RuleNotFound as error:
        raise Http404(error.sentence) from error


def summary(points: Any, frequency: str, approval_days: Any, is_active: bool) -> list[str]:
    """The rule as sentences, for the aside."""
    lines = [f"{int(points):,} points" if str(points or "").isdigit() else "Points not set yet"]
    lines.append("Once per customer" if frequency == "once" else "Every time it is called")
    days = int(approval_days) if str(approval_days or "").isdigit() else 0
    lines.append(f"Pending for {days} {'day' if days == 1 else 'days'}, then approved" if days else "Given at once")
    lines.append("Tier and campaign multipliers apply by themselves")
    if not is_active:
        lines.append("Switched off: nothing is awarded")
    return lines


def terms_of(data: dict[str, Any]) -> RuleTerms:
    """The terms a valid form holds."""
    return RuleTerms(
        name=data["name"],
        points=data["points"],
        frequency=data.get("frequency") or "once",
        approval_days=data["approval_days"],
        action_key=data.get("action_key"),
        description=data.get("description"),
        customer_facing_label=data["customer_facing_label"],
        call_to_action_url=data["call_to_action_url"],
        is_hidden_on_storefront=data.get("is_hidden_on_storefront", False),
        is_active=data["is_active"],
    )
