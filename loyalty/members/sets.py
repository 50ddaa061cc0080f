"""Members in sets, for who writes many at once: new ones, and their birthdays. The caller holds their accounts' locks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from loyalty.events import EventKind
from loyalty.members.models import Member
from loyalty.members.operations import draw_code, normal_email
from loyalty.members.ports import Customer
from loyalty.outbox.operations import News, append_all
from loyalty.programs.models import Program

_ROUNDS = 5
# The driver would take apart a statement of a hundred thousand places; this one has three.
_INSERT = """
    INSERT INTO members_member (program_id, shopify_customer_id, email, first_name, last_name, tags, referral_code, status,
        excluded_by, exclusion_reason, enrolled_at, created_at, updated_at)
    SELECT %(program)s, x.customer, x.email, x.first_name, x.last_name, x.tags, x.code, x.status, x.excluded_by, x.reason,
        %(now)s, %(now)s, %(now)s
    FROM jsonb_to_recordset(%(rows)s::jsonb) x (customer bigint, email text, first_name text, last_name text, tags text[],
        code text, status text, excluded_by text, reason text)
    ORDER BY x.customer ON CONFLICT DO NOTHING RETURNING shopify_customer_id, id"""
# A birthday in one statement, and what it was before: (member, birthday, when it was saved).
_BIRTHDAYS = """
    WITH wanted AS MATERIALIZED (
        SELECT w.member_id, w.born, m.date_of_birth AS before, m.birthday_saved_at AS saved
        FROM unnest(%(members)s::bigint[], %(born)s::date[], %(was)s::date[]) w (member_id, born, was)
        JOIN members_member m ON m.id = w.member_id AND m.program_id = %(program)s
        WHERE m.redacted_at IS NULL AND m.date_of_birth IS DISTINCT FROM w.born
            AND (NOT %(checks)s OR m.date_of_birth IS NOT DISTINCT FROM w.was)
        ORDER BY m.id FOR UPDATE OF m)
    UPDATE members_member m SET date_of_birth = w.born, updated_at = %(now)s,
        birthday_saved_at = CASE WHEN w.born IS NULL THEN NULL ELSE %(now)s END
    FROM wanted w WHERE m.id = w.member_id RETURNING m.id, w.before"""


def create_members(
    *, program: Program, customers: Sequence[Customer], now: datetime, announces: bool
) -> dict[int, int]:
    """Stores customers as members and returns their numbers by Shopify id; who is one already keeps everything.

    Who carries a tag that excludes is a member who takes no part.

    Args:
        announces: Whether others hear of new members.
    """
    known = {each.shopify_customer_id: each for each in customers}
    found = _numbers(known)
    for _ in range(_ROUNDS):  # a referral code that was drawn twice, or somebody else who was first
        missing = sorted(known.keys() - found.keys())
        if not missing:
            break
        rows = [_row(program, known[each]) for each in missing]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, {"program": program.pk, "rows": json.dumps(rows), "now": now})
            made: dict[int, int] = dict(cursor.fetchall())
        if announces:
            news = [News(number, {"source": "import", "balance": 0}, sequence=0) for number in made.values()]
            append_all(program_id=program.pk, kind=EventKind.MEMBER_ENROLLED, news=news, now=now)
        found |= made if len(made) == len(missing) else _numbers(known)
    return found


def _numbers(shopify_ids: Mapping[int, object]) -> dict[int, int]:
    found = Member.objects.filter(shopify_customer_id__in=list(shopify_ids))
    return dict(found.values_list("shopify_customer_id", "pk"))


def _row(program: Program, customer: Customer) -> dict[str, Any]:
    """A new member as the database takes them."""
    carried = {tag.casefold() for tag in customer.tags}
    tag = next((each for each in program.excluded_tags if each.casefold() in carried), "")
    return {
        "customer": customer.shopify_customer_id,
        "email": normal_email(customer.email),
        "first_name": customer.first_name or None,
        "last_name": customer.last_name or None,
        "tags": sorted(set(customer.tags)),
        "code": draw_code(),
        "status": Member.Status.EXCLUDED if tag else Member.Status.MEMBER,
        "excluded_by": Member.ExcludedBy.TAG if tag else "",
        "reason": tag[:200],
    }


def set_birthdays(
    *, program_id: int, wanted: Mapping[int, date | None], now: datetime, announces: bool,
    only_if: Mapping[int, date | None] | None = None,
) -> dict[int, date | None]:  # fmt: skip
    """Writes birthdays and returns what they were, of those that changed.

    Args:
        wanted: By member; None clears.
        announces: Whether others hear that a member has changed.
        only_if: What a birthday must be for it to be changed; None is whatever it is.
    """
    if not wanted:
        return {}
    values: dict[str, Any] = {
        "program": program_id,
        "members": list(wanted),
        "born": list(wanted.values()),
        "was": [(only_if or {}).get(member_id) for member_id in wanted],
        "checks": only_if is not None,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BIRTHDAYS, values)
        before: dict[int, date | None] = dict(cursor.fetchall())
    if announces:
        append_all(
            program_id=program_id, kind=EventKind.MEMBER_CHANGED, news=[News(each, {}) for each in before], now=now
        )
    return before
