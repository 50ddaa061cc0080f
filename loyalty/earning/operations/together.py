"""Many awards in one call: judged one by one like any other, read and written in sets.

Nothing is decided here. An award goes with the set only when it is plainly to be written; whatever else it is (refused, a
replay of what can't be judged any more, out of a campaign's budget, changed meanwhile) goes through `award` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import IntegrityError, OperationalError, transaction

from loyalty.earning import facts as reading
from loyalty.earning.activity import Activity
from loyalty.earning.errors import TooMuchContention
from loyalty.earning.evaluation import Evaluation
from loyalty.earning.facts import Facts
from loyalty.earning.operations.award import award, conclude, judge
from loyalty.earning.operations.writing import COLUMNS, JSON_COLUMNS, arguments
from loyalty.earning.results import AwardResult
from loyalty.errors import Refusal
from loyalty.ledger import kernel

SET = 100
"""Awards of one transaction: more would hold members' locks for long and gain nothing (performance facts, section 2)."""


@dataclass(frozen=True, slots=True)
class _Judged:
    number: int
    activity: Activity
    facts: Facts
    evaluation: Evaluation


def award_all(*, activities: Sequence[Activity], program_id: int, now: datetime) -> list[AwardResult | Refusal]:
    """Awards many activities of a programme, each exactly as `award` would, and returns what came of each, in order.

    Each succeeds or is refused alone; sending all of them again is a replay of those that have keys. Activities of one
    member are awarded in their order, each seeing what the one before has changed.
    """
    answers: dict[int, AwardResult | Refusal] = {}
    for wave, first_facts in _waves(activities, program_id, now):
        numbers = sorted(wave, key=lambda number: first_facts[number].account_id or 0)  # locks are taken in one order
        for start in range(0, len(numbers), SET):
            some = numbers[start : start + SET]
            answers |= _award_set([(number, activities[number], first_facts[number]) for number in some], now)
    return [answers[number] for number in range(len(activities))]


def _waves(
    activities: Sequence[Activity], program_id: int, now: datetime
) -> Iterator[tuple[list[int], dict[int, Facts]]]:
    """Yields numbers of activities, no member twice in one wave, with facts that were read after the wave before."""
    facts = _read(activities, range(len(activities)), program_id, now)
    of_member: dict[int | None, list[int]] = {}
    for number, found in facts.items():
        of_member.setdefault(found.member.id if found.member else None, []).append(number)
    unknown = of_member.pop(None, [])  # refused whatever comes before them
    for place in count():
        wave = [numbers[place] for numbers in of_member.values() if place < len(numbers)]
        if place == 0:
            wave += unknown
        elif wave:
            facts = _read(activities, wave, program_id, now)
        if not wave:
            return
        yield wave, facts


def _read(activities: Sequence[Activity], numbers: Sequence[int], program_id: int, now: datetime) -> dict[int, Facts]:
    wanted = [(activities[number].rule, activities[number].customer) for number in numbers]
    return dict(zip(numbers, reading.read_all(program_id=program_id, wanted=wanted, now=now), strict=True))


def _award_set(some: list[tuple[int, Activity, Facts]], now: datetime) -> dict[int, AwardResult | Refusal]:
    """Writes what is plain as one statement, and the rest one by one."""
    plain, rest = [], []
    for number, activity, facts in some:
        judged = judge(activity, facts, now)
        # A budget is drawn on under the campaign's lock: in a set that lock would cross those of members.
        if isinstance(judged, Evaluation) and judged.skip is None and not judged.campaign_points:
            plain.append(_Judged(number, activity, facts, judged))
        else:
            rest.append((number, activity, facts))
    answers: dict[int, AwardResult | Refusal | None] = {}
    if plain:
        try:
            with transaction.atomic():
                answers = _write(plain, now)
        except (IntegrityError, OperationalError):  # somebody else's award came between, or holds a lock for long
            answers = {each.number: None for each in plain}
    told = {number: answer for number, answer in answers.items() if answer is not None}
    again = [(each.number, each.activity, each.facts) for each in plain if answers[each.number] is None]
    return told | {number: _alone(activity, facts, now) for number, activity, facts in [*rest, *again]}


def _write(plain: Sequence[_Judged], now: datetime) -> dict[int, AwardResult | Refusal | None]:
    rows = kernel.call_each(
        "earning_award",
        COLUMNS,
        [arguments(each.activity, each.facts, each.evaluation, now) for each in plain],
        as_json=JSON_COLUMNS,
    )
    answers: dict[int, AwardResult | Refusal | None] = {}
    for each, row in zip(plain, rows, strict=True):
        try:
            answers[each.number] = conclude(row, each.activity, each.facts, now)
        except Refusal as refusal:
            answers[each.number] = refusal
    return answers


def _alone(activity: Activity, facts: Facts, now: datetime) -> AwardResult | Refusal:
    try:
        return award(activity=activity, program_id=facts.program_id, now=now)
    except Refusal as refusal:
        return refusal
    except OperationalError:
        return TooMuchContention()
