"""A back-test in the words and figures of its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from loyalty.backtesting.cases import Unjudged
from loyalty.backtesting.playing import Month
from loyalty.backtesting.queries import PERIODS, BackTest
from loyalty.programs.models import Program
from loyalty.tiers.queries import Move
from shopify_app.dashboard.templatetags.encore import MINUS, day, number, plain, signed

REASONS = {
    Unjudged.PRODUCTS: "whose products' tags or collections are not known",
    Unjudged.AUDIENCE: "of members who have changed tier since, while a campaign for certain tiers ran",
    Unjudged.LIMIT: "under a rule with a limit per period, whose use in the past is not known",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure on either side, and how they differ."""

    label: str
    today: str
    draft: str
    difference: str
    orders: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows. `others` are the other periods that may be asked for, in days."""

    days: int
    headline: str
    figures: list[Row]
    months: list[Row]
    moves: list[str]
    notes: list[str]
    others: list[int]


def answer_of(found: BackTest, *, program: Program, days: int, about: str) -> Answer:
    """Returns a back-test as its page shows it.

    Args:
        days: How many days it looks back.
        about: What is tried: `rule`, `campaign` or `ladder`.
    """
    return Answer(
        days=days,
        headline=_headline(found),
        figures=list(_figures(found)),
        months=[_month(each) for each in found.played.months],
        moves=[_move(each) for each in found.moves if each.from_tier],
        notes=[*_looked_at(found, program, days), *_judged(found, program, about)],
        others=[each for each in PERIODS if each != days],
    )


def count(figure: int, one: str, many: str = "") -> str:
    """Returns a number with its noun: "1 order", "1,200 orders"."""
    return f"{figure:,} {one if figure == 1 else many or f'{one}s'}"


def _headline(found: BackTest) -> str:
    played = found.played
    if not played.orders:
        return "There is no order to look at."
    more = played.draft.points - played.today.points
    if not more and not played.changed:
        return "Nothing would have been different."
    money = f", worth about {_money(found, abs(more))}" if found.worth and more else ""
    if not more:
        difference = "As many points as today"
    else:
        difference = f"{count(abs(more), 'point')} {'more' if more > 0 else 'less'} than today{money}"
    return f"{difference}; {count(played.changed, 'member')} would have got another number of points."


def _figures(found: BackTest) -> Iterator[Row]:
    today, draft = found.played.today, found.played.draft
    for label, here, there in (
        ("Orders that earn", today.orders, draft.orders),
        ("Points", today.points, draft.points),
        ("Members who earn", today.members, draft.members),
    ):
        yield Row(label, number(here), number(there), _change(there - here))
    if found.worth:
        more = draft.points - today.points
        sign = "+" if more > 0 else MINUS if more < 0 else ""
        yield Row(
            "Worth about",
            _money(found, today.points),
            _money(found, draft.points),
            f"{sign}{_money(found, abs(more))}",
        )


def _month(month: Month) -> Row:
    label = f"{month.first_day:%b %Y}"
    return Row(
        label, number(month.today), number(month.draft), _change(month.draft - month.today), number(month.orders)
    )


def _change(figure: int) -> str:
    """A difference with its sign; none has none."""
    return signed(figure) if figure else "0"


def _move(move: Move) -> str:
    return f"{move.from_tier} → {move.to_tier}: {count(move.members, 'member')}"


def _money(found: BackTest, points: int) -> str:
    assert found.worth is not None, points
    return f"{found.worth.of(points):,} {found.worth.currency}"


def _looked_at(found: BackTest, program: Program, days: int) -> Iterator[str]:
    """What was looked at, and what was left out."""
    stock, played = found.stock, found.played
    if stock.since is None:
        yield "Encore holds no order of your shop yet."
        return
    yield f"Encore holds {count(stock.orders, 'order')} of your shop, the first placed on {day(stock.since, program)}."
    which = "that are paid and neither cancelled nor wholly given back. Refunds are taken off."
    if played.orders < stock.in_period:
        yield f"Looked at: the newest {played.orders:,} of {count(stock.in_period, 'order')} of the last {days} days {which}"
    else:
        yield f"Looked at: {count(played.orders, 'order')} of the last {days} days {which}"
    if played.strangers:
        yield f"{count(played.strangers, 'order')} of them are of nobody who takes part, and earn nothing in either column."
    for reason, orders in played.unjudged.items():
        yield f"Not judged, and in no figure: {count(orders, 'order')} {REASONS[reason]}."


def _judged(found: BackTest, program: Program, about: str) -> Iterator[str]:
    """How it was judged."""
    yield "Members are judged on the tier and by the tags of today, and rules as if they had been on all the time."
    if found.ran is not None:
        yield f"The campaign is judged as if it had run {_ran(*found.ran, program)}. A budget is drawn on by these orders alone."
        yield "Only orders are looked at: what a campaign gives on other rules is not in these figures."
    if about == "ladder":
        yield "Points and rewards for reaching a tier are not in these figures."
    worth = found.worth
    if worth is None:
        yield "No money is shown: you have no reward that gives a fixed amount for a fixed number of points."
    else:
        gives = f"{plain(worth.amount)} {worth.currency} for {count(worth.points, 'point')}"
        yield f"Points are worth what your cheapest reward gives: “{worth.reward}”, {gives}."


def _ran(starts_at: datetime, ends_at: datetime, program: Program) -> str:
    last = ends_at - timedelta(microseconds=1)
    return f"from {day(starts_at, program)} to {day(last, program)}"
