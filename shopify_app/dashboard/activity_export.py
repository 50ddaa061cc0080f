"""Activity as a file: each entry of the ledger with what caused it, through whom, and the balance after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from loyalty.earning import queries as earning
from loyalty.ledger import finding
from loyalty.ledger.finding import Wait
from loyalty.ledger.models import Entry
from loyalty.programs.models import Program
from loyalty.rewards import queries as rewards
from shopify_app.dashboard.activity_filters import asked_of, by_of
from shopify_app.dashboard.exporting import Cell, Table

COLUMNS = (
    "entry_id", "at", "kind", "points", "balance_after", "rule", "reward", "note", "by", "door", "shopify_customer_id", "email",
    "name", "pending_until", "spendable_since", "is_test",
)  # fmt: skip


def activity_table(query: Mapping[str, str], program: Program, now: datetime) -> Table:
    """Returns the entries that the list shows under these filters, all pages of it, newest first; `now` changes nothing."""
    rules = {rule.public_id: rule.name for rule in earning.rules()}
    offered = {reward.public_id: reward.name for reward in rewards.rewards()}
    asked = asked_of(query, program=program, rules=rules, rewards_=offered)

    def lines(found: list[Entry]) -> list[Sequence[Cell]]:
        waits = finding.waits_of(entry.pk for entry in found)
        return [_line(entry, waits.get(entry.pk)) for entry in found]

    return Table("activity", COLUMNS, finding.movements(asked.wanted), lines)


def _line(entry: Entry, wait: Wait | None) -> Sequence[Cell]:
    about, member = entry.details or {}, entry.account.member
    door = finding.door_of(entry)
    return (
        entry.pk,
        entry.created_at,
        entry.kind,
        entry.points,
        entry.balance_after,
        about.get("rule_name"),
        about.get("reward_name"),
        about.get("note") or about.get("reason"),
        by_of(door, finding.actor_of(entry)).label,
        door,
        member.shopify_customer_id,
        member.email,
        member.display_name,
        wait.due_at if wait and wait.matured_at is None else None,
        wait.matured_at if wait else None,
        entry.is_test,
    )
