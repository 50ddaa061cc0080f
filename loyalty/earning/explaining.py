"""Why these points: an award's stored breakdown as sentences. Pure; it reads what was recorded, never today's rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def _plain(value: Any) -> str:
    """A decimal without needless zeros; anything else as it is."""
    try:
        text = f"{Decimal(str(value)):f}"
    except InvalidOperation:
        return str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def explain(breakdown: Mapping[str, Any]) -> list[str]:
    """Returns the steps from the base to the result; an empty list when nothing was recorded."""
    if "asked" in breakdown:
        return _adjustment(breakdown)
    if "base" not in breakdown:
        return []
    rule = breakdown.get("rule") or {}
    origin = "stated by the caller" if breakdown.get("base_from") == "caller" else "the rule's points"
    lines = [f"Base {_plain(breakdown['base'])}: {origin}"]
    if rule:
        lines[0] += f" (“{rule.get('name')}”, version {rule.get('version')})"
    factors = [_plain(breakdown["base"])]
    tier = breakdown.get("tier") or {}
    if tier.get("name") and tier.get("applies"):
        lines.append(f"× {_plain(tier['multiplier'])} for the tier {tier['name']}")
        factors.append(_plain(tier["multiplier"]))
    elif tier.get("name"):
        lines.append(f"The tier {tier['name']} multiplies purchases only")
    campaign = breakdown.get("campaign")
    if campaign:
        lines.append(f"× {_plain(campaign['multiplier'])} in the campaign “{campaign['name']}”")
        factors.append(_plain(campaign["multiplier"]))
    lines.extend(
        f"The campaign “{name}” ran too, but gives less; campaigns don't add up"
        for name in breakdown.get("campaigns_passed_over") or []
    )
    if "points" in breakdown:
        lines.append(f"{' × '.join(factors)} = {int(breakdown['points']):,} points, rounded down once at the end")
    return lines


def _adjustment(breakdown: Mapping[str, Any]) -> list[str]:
    lines = [f"Asked for {int(breakdown['asked']):+,}; no multiplier applies"]
    if "before" in breakdown and "after" in breakdown:
        before, after = int(breakdown["before"]), int(breakdown["after"])
        lines.append(f"Balance {before:,} before, {after:,} after")
        if after - before != int(breakdown["asked"]):
            lines.append("A balance stops at 0")
    if breakdown.get("rule_name"):
        lines.append(f"Named after “{breakdown['rule_name']}”, which gives and limits nothing here")
    if breakdown.get("actor"):
        lines.append(f"By {breakdown['actor']}")
    return lines
