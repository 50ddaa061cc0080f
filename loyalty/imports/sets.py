"""The statements over sets of rows: who they are about, what each would do, and what all come to. They write rows only.

A row that has a fault is left alone by all that follows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection

from loyalty.imports.models import Import, ImportRow
from loyalty.imports.options import Options
from loyalty.members.operations import normal_email
from loyalty.members.ports import Customer

_BY_ID = """
    UPDATE imports_importrow r SET member_id = m.id, customer_id = m.shopify_customer_id FROM members_member m
    WHERE r.imported_id = %(imported)s AND r.number > %(after)s AND r.number <= %(until)s AND r.verdict = ''
        AND r.member_id IS NULL AND r.shopify_customer_id IS NOT NULL
        AND m.program_id = %(program)s AND m.shopify_customer_id = r.shopify_customer_id AND m.redacted_at IS NULL"""
_BY_ADDRESS = """
    UPDATE imports_importrow r SET member_id = m.id, customer_id = m.shopify_customer_id
    FROM (SELECT x.number, min(y.id) AS member_id FROM imports_importrow x
        JOIN members_member y ON y.program_id = %(program)s AND y.email = x.email AND y.redacted_at IS NULL
            AND y.merged_into_id IS NULL
        WHERE x.imported_id = %(imported)s AND x.number > %(after)s AND x.number <= %(until)s AND x.verdict = ''
            AND x.customer_id IS NULL AND x.email <> '' AND (x.shopify_customer_id IS NULL OR %(by_address_too)s)
        GROUP BY 1) w
    JOIN members_member m ON m.id = w.member_id
    WHERE r.imported_id = %(imported)s AND r.number = w.number"""
# Whoever was merged away is the member they became, however often.
_SURVIVORS = """
    UPDATE imports_importrow r SET member_id = s.id, customer_id = s.shopify_customer_id
    FROM members_member m JOIN members_member s ON s.id = m.merged_into_id
    WHERE r.imported_id = %(imported)s AND r.number > %(after)s AND r.number <= %(until)s AND r.member_id = m.id"""
_OF_CUSTOMERS = """
    UPDATE imports_importrow r SET customer_id = c.id, customer = c.body::jsonb
    FROM unnest(%(ids)s::bigint[], %(emails)s::text[], %(bodies)s::text[]) c (id, email, body)
    WHERE r.imported_id = %(imported)s AND r.verdict = '' AND r.customer_id IS NULL AND {which}"""
_KNOWN_AFTER_ALL = """
    UPDATE imports_importrow r SET member_id = coalesce(m.merged_into_id, m.id), customer = NULL FROM members_member m
    WHERE r.imported_id = %(imported)s AND r.member_id IS NULL AND r.customer_id IS NOT NULL
        AND m.program_id = %(program)s AND m.shopify_customer_id = r.customer_id AND m.redacted_at IS NULL"""
_DUPLICATES = """
    UPDATE imports_importrow r SET verdict = 'error', fault = 'duplicate', fault_value = (
        SELECT min(x.number)::text FROM imports_importrow x
        WHERE x.imported_id = r.imported_id AND x.customer_id = r.customer_id AND x.number <> r.number)
    WHERE r.imported_id = %(imported)s AND r.number > %(after)s AND r.number <= %(until)s AND r.verdict = ''
        AND r.customer_id IS NOT NULL AND EXISTS (SELECT 1 FROM imports_importrow x
            WHERE x.imported_id = r.imported_id AND x.customer_id = r.customer_id AND x.number <> r.number)"""
# A balance stops at 0: what is left after each movement is the sum so far, lifted by the lowest point it fell to.
_HISTORY = """
    WITH running AS (
        SELECT r.id, r.customer_id, r.sorted_on, r.number, coalesce(a.available - a.debt, 0) AS began,
            coalesce(a.available - a.debt, 0) + sum(r.points) OVER along AS so_far
        FROM imports_importrow r LEFT JOIN ledger_account a ON a.member_id = r.member_id
        WHERE r.imported_id = %(imported)s AND r.verdict = '' AND r.customer_id %% %(parts)s = %(part)s
        WINDOW along AS (PARTITION BY r.customer_id ORDER BY r.sorted_on, r.number)
    ), left_over AS (
        SELECT x.*, x.so_far - least(x.began, 0, min(x.so_far) OVER along) AS balance,
            greatest(x.began, 0) AS first FROM running x
        WINDOW along AS (PARTITION BY x.customer_id ORDER BY x.sorted_on, x.number)
    ), moved AS (
        SELECT y.id, y.balance - lag(y.balance, 1, y.first) OVER along AS delta FROM left_over y
        WINDOW along AS (PARTITION BY y.customer_id ORDER BY y.sorted_on, y.number)
    )
    UPDATE imports_importrow r SET delta = m.delta FROM moved m WHERE r.id = m.id"""
_JUDGE = """
    WITH seen AS MATERIALIZED (
        SELECT r.id, r.member_id, r.customer_id, r.points, r.tier_name, r.date_of_birth, r.lifetime, r.delta AS so_far,
            t.id AS tier_id, m.date_of_birth AS born, m.status, s.tier_id AS held, s.is_locked, a.lifetime AS earned,
            coalesce(ledger_spendable(a.id, %(now)s) - a.debt, 0) AS balance
        FROM imports_importrow r
        LEFT JOIN members_member m ON m.id = r.member_id
        LEFT JOIN ledger_account a ON a.member_id = r.member_id
        LEFT JOIN tiers_tiermembership s ON s.member_id = r.member_id
        LEFT JOIN tiers_tier t ON t.program_id = %(program)s AND r.tier_name <> '' AND lower(t.name) = lower(r.tier_name)
        WHERE r.imported_id = %(imported)s AND r.number > %(after)s AND r.number <= %(until)s AND r.verdict = ''
    ), judged AS (
        SELECT s.*, CASE
                WHEN %(is_history)s THEN s.so_far
                WHEN s.points IS NULL THEN 0
                WHEN %(sets)s THEN greatest(s.points - s.balance, -greatest(s.balance, 0))
                ELSE greatest(s.points, -greatest(s.balance, 0)) END AS moves,
            CASE
                WHEN s.customer_id IS NULL THEN 'no_customer'
                WHEN s.tier_name <> '' AND s.tier_id IS NULL AND %(locks)s THEN 'unknown_tier'
                WHEN s.status = 'excluded' AND s.points IS NOT NULL THEN 'excluded'
                ELSE '' END AS wrong
        FROM seen s
    )
    UPDATE imports_importrow r SET fault = j.wrong, tier_id = CASE WHEN %(locks)s THEN j.tier_id END,
        delta = CASE WHEN j.wrong = '' THEN j.moves ELSE 0 END,
        fault_value = CASE j.wrong WHEN 'unknown_tier' THEN j.tier_name WHEN 'no_customer' THEN
            left(coalesce(nullif(r.email, ''), r.shopify_customer_id::text), 100) ELSE '' END,
        verdict = CASE
            WHEN j.wrong <> '' THEN 'error'
            WHEN j.member_id IS NULL THEN 'new'
            WHEN j.moves <> 0 OR (j.date_of_birth IS NOT NULL AND j.date_of_birth IS DISTINCT FROM j.born)
                OR (%(locks)s AND j.tier_id IS NOT NULL AND (j.tier_id IS DISTINCT FROM j.held OR NOT j.is_locked))
                OR (j.lifetime IS NOT NULL AND (CASE WHEN %(sets)s THEN j.lifetime <> j.earned ELSE j.lifetime > 0 END))
                THEN 'changed'
            ELSE 'same' END
    FROM judged j WHERE r.id = j.id"""
_SUMMARY = """
    SELECT count(*) FILTER (WHERE verdict = 'new'), count(*) FILTER (WHERE verdict = 'changed'),
        count(*) FILTER (WHERE verdict = 'same'), count(*) FILTER (WHERE verdict = 'error'),
        count(DISTINCT customer_id) FILTER (WHERE verdict = 'new'),
        coalesce(sum(delta) FILTER (WHERE delta > 0 AND verdict <> 'error'), 0),
        coalesce(-sum(delta) FILTER (WHERE delta < 0 AND verdict <> 'error'), 0),
        (SELECT coalesce(sum(a.available), 0) FROM ledger_account a WHERE a.program_id = %(program)s)
    FROM imports_importrow WHERE imported_id = %(imported)s"""


def _run(statement: str, imported: Import, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"imported": imported.pk, "program": imported.program_id, **values})
        return int(cursor.rowcount)


def find_members(imported: Import, after: int, until: int, *, by_address_too: bool) -> None:
    """Finds the members of some rows: by Shopify id, then by address where no id is given.

    Args:
        by_address_too: Also by address where an id is given and nobody has it.
    """
    span = {"after": after, "until": until}
    _run(_BY_ID, imported, **span)
    _run(_BY_ADDRESS, imported, by_address_too=by_address_too, **span)
    while _run(_SURVIVORS, imported, **span):
        pass


def has_strangers(imported: Import) -> bool:
    """Whether somebody in the file is no member yet."""
    rows = ImportRow.objects.filter(imported=imported, verdict="", customer_id=None)
    return bool(rows.exists())


def note_customers(imported: Import, customers: Sequence[Customer]) -> None:
    """Notes customers of the shop on the rows that are about them: by id, then by address where no id is given."""
    if not customers:
        return
    values = {
        "ids": [each.shopify_customer_id for each in customers],
        "emails": [normal_email(each.email) or "" for each in customers],
        "bodies": [json.dumps(asdict(each), default=datetime.isoformat) for each in customers],
    }
    _run(_OF_CUSTOMERS.format(which="r.shopify_customer_id = c.id"), imported, **values)
    by_address = "r.shopify_customer_id IS NULL AND r.email <> '' AND r.email = c.email"
    _run(_OF_CUSTOMERS.format(which=by_address), imported, **values)


def find_members_of_customers(imported: Import) -> None:
    """Finds members among the customers that were noted: the shop knows them by another address than we do."""
    _run(_KNOWN_AFTER_ALL, imported)


def judge_history(imported: Import, *, part: int, parts: int) -> None:
    """Works out what each movement of some people of a history would move, with nobody below 0.

    Args:
        part: Which of so many parts of the people, from 0.
    """
    _run(_HISTORY, imported, part=part, parts=parts)


def judge(imported: Import, after: int, until: int, options: Options, *, now: datetime) -> None:
    """Says of some rows what they would do, or why they cannot; people who are there twice do nothing in a list of members."""
    span = {"after": after, "until": until}
    is_history = imported.kind == Import.Kind.HISTORY
    if not is_history:
        _run(_DUPLICATES, imported, **span)
    _run(_JUDGE, imported, is_history=is_history, sets=options.sets_balance, locks=options.locks_tiers, now=now, **span)


def summary(imported: Import) -> tuple[dict[str, int], dict[str, int]]:
    """Returns how many rows are what, and the programme's points before and after."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY, {"imported": imported.pk, "program": imported.program_id})
        new, changed, same, error, people, added, taken, before = (int(each) for each in cursor.fetchone())
    counts = {"new": new, "changed": changed, "same": same, "error": error, "people": people}
    return counts, {"added": added, "taken": taken, "before": before, "after": before + added - taken}


def write_outcomes(outcomes: Sequence[Mapping[str, Any]]) -> None:
    """Writes what rows did: `id`, `member_id`, `entry_id`, `moved`, `lifetime_moved` and `before` of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE imports_importrow r SET is_applied = true, member_id = w.member_id, entry_id = w.entry_id,
                moved = w.moved, lifetime_moved = w.lifetime_moved, before = w.before, customer = NULL
            FROM jsonb_to_recordset(%s::jsonb) w (id bigint, member_id bigint, entry_id bigint, moved bigint,
                lifetime_moved bigint, before jsonb) WHERE r.id = w.id""",
            [json.dumps(list(outcomes), default=str)],
        )


def write_undone(taken: Mapping[int, int]) -> None:
    """Writes that rows were undone, and the signed points that moved, by the rows' ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE imports_importrow r SET is_undone = true, taken = w.points
            FROM unnest(%s::bigint[], %s::bigint[]) w (id, points) WHERE r.id = w.id""",
            [list(taken), list(taken.values())],
        )
