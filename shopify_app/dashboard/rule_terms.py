"""What the pages of earning rules share: finding a rule, its terms from a form, and the rule as sentences."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from loyalty.earning import queries
from loyalty.earning.errors import RuleNotFound
from loyalty.earning.kinds import KINDS, Kind
from loyalty.earning.kinds.fields import value_of
from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import RuleTerms
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.rule_forms import LIMITED, OPTION, RuleForm

UNITS = {
    "currency_unit": gettext_noop("%(points)s points per currency unit spent"),
    "fixed": gettext_noop("%(points)s points per order"),
}
OFTEN = {"once": gettext_noop("Once per customer"), "unlimited": gettext_noop("Every time it is called")}


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
    said = UNITS.get(str(values.get("option_per")), "") or gettext_noop("%(points)s points")
    options = {name.removeprefix(OPTION): value for name, value in values.items() if name.startswith(OPTION)}
    given = kind.instead(options) if kind.instead else None
    is_set = str(points or "").isdigit()
    in_points = _(said) % {"points": number(int(points))} if is_set else _("Points not set yet")
    lines = [given or in_points]
    often = OFTEN.get(str(values.get("frequency") or "once"), gettext_noop("A number of times per period"))
    lines.append(_(kind.how_often or often))
    days = int(approval_days) if str(approval_days or "").isdigit() else 0
    words = ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}
    lines.append(_(kind.approval_words).format(days=words) if days else _("Given at once"))
    if not given:
        lines.append(_("Tier and campaign multipliers apply by themselves"))
    if not values["is_active"]:
        lines.append(_("Switched off: nothing is awarded"))
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
