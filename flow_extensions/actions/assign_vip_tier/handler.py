"""Flow action "Assign VIP tier": puts a member on the tier of exactly this name, and locks them there if asked.

Who stands there already is left as they are, but for a lock that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flow_extensions.actions.keeping import once
from flow_extensions.actions.runs import Run
from loyalty.members.errors import CustomerExcluded
from loyalty.members.queries import member
from loyalty.programs.models import Program
from loyalty.tiers.operations import assign
from loyalty.tiers.queries import tier_named, tier_of


def assign_vip_tier(run: Run, now: datetime) -> bytes:
    """Assigns the tier, and returns the answer's bytes.

    Raises:
        BadProperty: A field is missing or wrong.
        Refusal: Nothing was changed, for a reason the merchant reads in the run log.
    """
    customer = run.text("customer-identifier", label="Customer identifier")
    name = run.text("vip-tier-name", label="VIP tier name", longest=200)
    is_locking = run.yes("lock-tier", label="Lock tier", required=False)
    reason = run.text("reason", label="Reason", required=False, longest=1000)

    def work(_program: Program) -> Mapping[str, Any]:
        who = member(identifier=customer)
        if who.is_excluded:
            raise CustomerExcluded
        tier, held = tier_named(name=name), tier_of(member_id=who.pk)
        is_there = held is not None and held.pk == tier.pk
        if not is_there or is_locking:
            assign(member_id=who.pk, tier=tier, lock=is_locking, now=now, reason=reason)
        return {
            "status": "unchanged" if is_there else "assigned",
            "tier": tier.name,
            "previousTier": held.name if held else "",
            "isLocked": is_locking or (is_there and who.tier_membership.is_locked),
        }

    return once(run, now, work)
