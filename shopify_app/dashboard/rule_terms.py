"""What the pages of earning rules share: finding a rule, its terms from a form, and the rule as sentences."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from loyalty.earning import queries
from loyalty.earning.errors import RuleNotFound
from loyalty.earning.kinds import KINDS, Kind
from loyalty.earning.kinds.fields import value_of
from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import RuleTerms
from shopify_app.dashboard.rule_forms import LIMITED, OPTION, RuleForm

UNITS = {"currency_unit": " per currency unit spent", "fixed": " per order"}
OFTEN = {"once": "Once per customer", "unlimited": "Every time it is called"}


def rule_or_404(public_id: str) -> EarningRule:
    """The rule of an address; raises `Http404` when this shop has none of that id."""
    try:
        return queries.rule(public_id=public_id)
    except RuleNotFound as error:
        raise Http404(error.sentence) from error


def summary(form: RuleForm, kind: Kind) -> list[str]:
    """The rule as sentences, for the aside."""
    values = {name: form[name].value() for name in form.fields}
    points, approval_days = values["points"], values["approval_days"]
    unit = UNITS.get(str(values.get("option_per")), "")
    options = {name.removeprefix(OPTION): value for name, value in values.items() if name.startswith(OPTION)}
    given = kind.instead(options) if kind.instead else None
    in_points = f"{int(points):,} points{unit}" if str(points or "").isdigit() else "Points not set yet"
    lines = [given or in_points]
    lines.append(kind.how_often or OFTEN.get(str(values.get("frequency") or "once"), "A number of times per period"))
    days = int(approval_days) if str(approval_days or "").isdigit() else 0
    words = f"{days} {'day' if days == 1 else 'days'}"
    lines.append(kind.approval_words.format(days=words) if days else "Given at once")
    if not given:
        lines.append("Tier and campaign multipliers apply by themselves")
    if not values["is_active"]:
        lines.append("Switched off: nothing is awarded")
    return lines


def initial_of(rule: EarningRule, form: type[RuleForm]) -> dict[str, Any]:
    """What the form of a stored rule begins with."""
    kind = KINDS.get(rule.action)
    values: dict[str, Any] = {name: getattr(rule, name) for name in form.base_fields if hasattr(rule, name)}
    if rule.limit is not None:
        values["frequency"] = LIMITED
    for field in kind.fields if kind else ():
        value = value_of(kind.fields if kind else (), rule.options, field.name)
        values[f"{OPTION}{field.name}"] = ", ".join(map(str, value)) if isinstance(value, list) else value
    return values


def terms_of(data: dict[str, Any]) -> RuleTerms:
    """The terms a valid form holds."""
    limited = data.get("frequency") == LIMITED
    window = Window(data.get("limit_window") or "day")
    return RuleTerms(
        name=data["name"],
        points=data["points"],
        frequency="unlimited" if limited else data.get("frequency") or "once",
        limit=Limit(data["limit_count"], window, data.get("limit_days")) if limited else None,
        options={name.removeprefix(OPTION): value for name, value in data.items() if name.startswith(OPTION)},
        approval_days=data["approval_days"],
        action_key=data.get("action_key"),
        description=data.get("description"),
        customer_facing_label=data["customer_facing_label"],
        call_to_action_url=data["call_to_action_url"],
        is_hidden_on_storefront=data.get("is_hidden_on_storefront", False),
        is_active=data["is_active"],
    )
