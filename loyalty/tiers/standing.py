"""The figures that qualify, of one member or of a whole set, and who stands elsewhere than they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Sum

from loyalty.ledger.qualifying import EVERYBODY, Members, earned, earned_by
from loyalty.money import exponent
from loyalty.orders.queries import counting, figures_of
from loyalty.programs.models import Program
from loyalty.tiers.models import Tier
from loyalty.tiers.qualification import Held, Rules, Step, Verdict, judge, opened_at


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a living member who is not locked stands, and their figure; `tier_id` is None for who stands nowhere."""

    member_id: int
    tier_id: int | None
    reached_at: datetime | None
    falls_at: datetime | None
    figure: int


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder that may be a draft: `tier_id` is None for a tier that does not exist yet."""

    tier_id: int | None
    threshold: int


def figure_of(*, program: Program, member_id: int, now: datetime) -> int:
    """Returns the figure that qualifies a member at `now`: points, whole currency units, or orders; 0 or more."""
    since = opened_at(_rules(program), now=now)
    if program.tier_entry == Program.TierEntry.POINTS:
        return earned_by(program_id=program.pk, member_id=member_id, since=since, now=now)
    figures = figures_of(member_id=member_id, since=since)
    if program.tier_entry == Program.TierEntry.PURCHASES:
        return figures.orders
    return int(figures.spent_minor // 10 ** exponent(program.currency))


def figures_of_all(*, program: Program, member_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Returns the figure of each of some members, in one statement; see `figure_of`. The programme must be in scope."""
    members = Members(only=member_ids)
    query, known = _figures(program, now, members)
    found = {member_id: int(figure or 0) for member_id, figure in rows(query, {**known, **members.known()})}
    return {member_id: found.get(member_id, 0) for member_id in member_ids}


def out_of_place(
    *, program: Program, ladder: Iterable[Tier], members: Members, now: datetime
) -> Iterator[tuple[Standing, Verdict]]:
    """Yields who of some members stands elsewhere than `judge` says, or may fall from another instant, and the verdict.

    The figures are read in one statement. The programme must be in scope.
    """
    steps = {tier.pk: Step(tier.pk, tier.threshold) for tier in ladder}
    rules = _rules(program)
    if not steps:
        return
    query, known = _standings(program, now, members)
    for member_id, tier_id, reached_at, falls_at, figure in rows(f"{query} ORDER BY 1", known):
        standing = Standing(member_id, tier_id, reached_at, falls_at, int(figure))
        held = None
        if standing.tier_id is not None and standing.reached_at is not None:
            held = Held(steps[standing.tier_id], standing.reached_at, standing.falls_at)
        verdict = judge(steps.values(), standing.figure, held=held, rules=rules, now=now)
        if verdict is not None and (verdict.step.tier_id, verdict.falls_at) != (standing.tier_id, standing.falls_at):
            yield standing, verdict


def moves(*, program: Program, ladder: Sequence[Rung], now: datetime) -> list[tuple[int | None, int, int]]:
    """Returns how many members stand on one place of a ladder and deserve another: (held, deserved, members).

    `ladder` is not empty and may be a draft; places count from 0, by threshold. None is who stands nowhere.
    """
    query, known = _standings(program, now, EVERYBODY)
    rungs = ", ".join(
        f"({number}, {'NULL' if rung.tier_id is None else int(rung.tier_id)}::bigint, {int(rung.threshold)}::bigint)"
        for number, rung in enumerate(sorted(ladder, key=lambda rung: rung.threshold))
    )
    return rows(
        f"""WITH ladder (place, tier_id, threshold) AS (VALUES {rungs}), judged AS (
            SELECT h.place AS held,
                coalesce((SELECT max(l.place) FROM ladder l WHERE l.threshold <= b.figure), 0) AS deserved
            FROM ({query}) b LEFT JOIN ladder h ON h.tier_id = b.tier_id)
        SELECT held, deserved, count(*) FROM judged WHERE held IS DISTINCT FROM deserved
        GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2""",  # noqa: S608  # whole numbers, and queries of our own
        known,
    )


def _standings(program: Program, now: datetime, members: Members) -> tuple[str, dict[str, Any]]:
    """A query of (member_id, tier_id, reached_at, falls_at, figure) for living members who are not locked."""
    figures, known = _figures(program, now, members)
    query = f"""
        SELECT m.id AS member_id, s.tier_id, s.reached_at, s.falls_at, coalesce(f.figure, 0) AS figure
        FROM members_member m
        LEFT JOIN tiers_tiermembership s ON s.member_id = m.id
        LEFT JOIN ({figures}) f ON f.member_id = m.id
        WHERE m.program_id = %(program)s AND {members.where("m.id")} AND m.merged_into_id IS NULL
            AND m.redacted_at IS NULL AND s.is_locked IS NOT TRUE"""  # noqa: S608  # queries of our own
    return query, {**known, "program": program.pk, **members.known()}


def rows(query: str, known: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Runs a query made of `judged` and returns its rows."""
    with connection.cursor() as cursor:
        cursor.execute(query, known)
        return list(cursor.fetchall())


def _figures(program: Program, now: datetime, members: Members) -> tuple[str, dict[str, Any]]:
    """The figures of a range of members, as (member_id, figure); spend in currency units, with its fraction."""
    since = opened_at(_rules(program), now=now)
    if program.tier_entry == Program.TierEntry.POINTS:
        return earned(program_id=program.pk, since=since, now=now, members=members)
    orders = counting().filter(member_id__gte=members.first, member_id__lte=members.last)
    if members.only is not None:
        orders = orders.filter(member_id__in=members.only)
    if since is not None:
        orders = orders.filter(placed_at__gte=since)
    unit = 10 ** exponent(program.currency)
    is_spend = program.tier_entry == Program.TierEntry.SPEND
    figure = Sum(F("total_minor") - F("refunded_minor")) / unit if is_spend else Count("pk")
    found = orders.order_by().values("member_id").annotate(figure=figure).values("member_id", "figure")
    query, values = found.query.sql_with_params()
    known = {f"order_{number}": value for number, value in enumerate(values)}
    for name in known:
        query = query.replace("%s", f"%({name})s", 1)
    return query, known


def _rules(program: Program) -> Rules:
    return Rules(program.tier_period, program.zone, program.tier_grace_days)
