"""Why these points: an award's stored breakdown as sentences. Pure; it reads what was recorded, never today's rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def _plain(value: Any) -> str:
    """A decimal without needless zeros; anything else as it is."""
    try:
        text = f"{Decimal(str(value)):f}"
    except InvalidOperation:
        return str(value)
    return number_format(text.rstrip("0").rstrip(".") if "." in text else text)


def explain(breakdown: Mapping[str, Any]) -> list[str]:
    """Returns the steps from the base to the result, in the language spoken; an empty list when nothing was recorded."""
    if "asked" in breakdown:
        return _adjustment(breakdown)
    if "base" not in breakdown:
        return []
    lines, factors = [_base(breakdown)], [_plain(breakdown["base"])]
    tier = breakdown.get("tier") or {}
    if tier.get("name") and tier.get("applies"):
        factors.append(_plain(tier["multiplier"]))
        lines.append(_("× %(times)s for the tier %(tier)s") % {"times": factors[-1], "tier": tier["name"]})
    elif tier.get("name"):
        lines.append(_("The tier %(tier)s multiplies purchases only") % {"tier": tier["name"]})
    campaign = breakdown.get("campaign")
    if campaign:
        factors.append(_plain(campaign["multiplier"]))
        lines.append(_("× %(times)s in the campaign “%(name)s”") % {"times": factors[-1], "name": campaign["name"]})
    lines.extend(
        _("The campaign “%(name)s” ran too, but gives less; campaigns don't add up") % {"name": name}
        for name in breakdown.get("campaigns_passed_over") or []
    )
    if "points" in breakdown:
        told = {"sum": " × ".join(factors), "points": _figure(breakdown["points"])}
        lines.append(_("%(sum)s = %(points)s points, rounded down once at the end") % told)
    return lines


def _base(breakdown: Mapping[str, Any]) -> str:
    is_stated, rule = breakdown.get("base_from") == "caller", breakdown.get("rule") or {}
    told = {"base": _plain(breakdown["base"]), "rule": rule.get("name"), "version": rule.get("version")}
    if not rule:
        return (_("Base %(base)s: stated by the caller") if is_stated else _("Base %(base)s: the rule's points")) % told
    if is_stated:
        return _("Base %(base)s: stated by the caller (“%(rule)s”, version %(version)s)") % told
    return _("Base %(base)s: the rule's points (“%(rule)s”, version %(version)s)") % told


def _figure(value: Any) -> str:
    return number_format(int(value), force_grouping=True)


def _adjustment(breakdown: Mapping[str, Any]) -> list[str]:
    asked = int(breakdown["asked"])
    lines = [
        _("Asked for %(points)s; no multiplier applies") % {"points": f"{'+' if asked > 0 else ''}{_figure(asked)}"}
    ]
    if "before" in breakdown and "after" in breakdown:
        before, after = int(breakdown["before"]), int(breakdown["after"])
        lines.append(
            _("Balance %(before)s before, %(after)s after") % {"before": _figure(before), "after": _figure(after)}
        )
        if after - before != asked:
            lines.append(_("A balance stops at 0"))
    if breakdown.get("rule_name"):
        lines.append(
            _("Named after “%(rule)s”, which gives and limits nothing here") % {"rule": breakdown["rule_name"]}
        )
    if breakdown.get("actor"):
        lines.append(_("By %(actor)s") % {"actor": breakdown["actor"]})
    return lines
