"""A back-test in the words and figures of its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.backtesting.cases import Unjudged
from loyalty.backtesting.playing import Month
from loyalty.backtesting.queries import PERIODS, BackTest
from loyalty.money import to_minor
from loyalty.programs.models import Program
from loyalty.tiers.queries import Move
from shopify_app.dashboard.reading import MINUS, a_month, day, last_day, money, number, price, signed


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


def _headline(found: BackTest) -> str:
    played = found.played
    if not played.orders:
        return _("There is no order to look at.")
    more = played.draft.points - played.today.points
    if not more and not played.changed:
        return _("Nothing would have been different.")
    changed = ngettext(
        "%(n)s member would have got another number of points.",
        "%(n)s members would have got another number of points.",
        played.changed,
    ) % {"n": number(played.changed)}
    return _("%(difference)s; %(changed)s") % {"difference": _difference(found, more), "changed": changed}


def _difference(found: BackTest, more: int) -> str:
    points = abs(more)
    said = {"n": number(points), "money": _money(found, points) if found.worth else ""}
    if not more:
        return _("As many points as today")
    if more > 0 and found.worth:
        words = ngettext(
            "%(n)s point more than today, worth about %(money)s",
            "%(n)s points more than today, worth about %(money)s",
            points,
        )
    elif more > 0:
        words = ngettext("%(n)s point more than today", "%(n)s points more than today", points)
    elif found.worth:
        words = ngettext(
            "%(n)s point less than today, worth about %(money)s",
            "%(n)s points less than today, worth about %(money)s",
            points,
        )
    else:
        words = ngettext("%(n)s point less than today", "%(n)s points less than today", points)
    return words % said


def _figures(found: BackTest) -> Iterator[Row]:
    today, draft = found.played.today, found.played.draft
    for label, here, there in (
        (_("Orders that earn"), today.orders, draft.orders),
        (_("Points"), today.points, draft.points),
        (_("Members who earn"), today.members, draft.members),
    ):
        yield Row(label, number(here), number(there), _change(there - here))
    if found.worth:
        more = draft.points - today.points
        sign = "+" if more > 0 else MINUS if more < 0 else ""
        yield Row(
            _("Worth about"),
            _money(found, today.points),
            _money(found, draft.points),
            f"{sign}{_money(found, abs(more))}",
        )


def _month(month: Month) -> Row:
    label = a_month(month.first_day)
    return Row(
        label, number(month.today), number(month.draft), _change(month.draft - month.today), number(month.orders)
    )


def _change(figure: int) -> str:
    """A difference with its sign; none has none."""
    return signed(figure) if figure else number(0)


def _move(move: Move) -> str:
    return ngettext(
        "%(from)s → %(to)s: %(n)s member", "%(from)s → %(to)s: %(n)s members", move.members
    ) % {"from": move.from_tier, "to": move.to_tier, "n": number(move.members)}  # fmt: skip


def _money(found: BackTest, points: int) -> str:
    assert found.worth is not None, points
    return money(to_minor(found.worth.of(points), found.worth.currency), found.worth.currency)


def _looked_at(found: BackTest, program: Program, days: int) -> Iterator[str]:
    """What was looked at, and what was left out."""
    stock, played = found.stock, found.played
    if stock.since is None:
        yield _("Encore holds no order of your shop yet.")
        return
    yield ngettext(
        "Encore holds %(n)s order of your shop, the first placed on %(day)s.",
        "Encore holds %(n)s orders of your shop, the first placed on %(day)s.",
        stock.orders,
    ) % {"n": number(stock.orders), "day": day(stock.since, program)}
    said = {"n": number(played.orders), "days": number(days), "all": number(stock.in_period)}
    if played.orders < stock.in_period:
        yield (
            ngettext(
                "Looked at: the newest %(n)s of %(all)s order of the last %(days)s days that are paid and neither cancelled nor "
                "wholly given back. Refunds are taken off.",
                "Looked at: the newest %(n)s of %(all)s orders of the last %(days)s days that are paid and neither cancelled nor "
                "wholly given back. Refunds are taken off.",
                stock.in_period,
            )
            % said
        )
    else:
        yield (
            ngettext(
                "Looked at: %(n)s order of the last %(days)s days that is paid and neither cancelled nor wholly given back. "
                "Refunds are taken off.",
                "Looked at: %(n)s orders of the last %(days)s days that are paid and neither cancelled nor wholly given back. "
                "Refunds are taken off.",
                played.orders,
            )
            % said
        )
    if played.strangers:
        yield ngettext(
            "%(n)s order of them is of nobody who takes part, and earns nothing in either column.",
            "%(n)s orders of them are of nobody who takes part, and earn nothing in either column.",
            played.strangers,
        ) % {"n": number(played.strangers)}
    for reason, orders in played.unjudged.items():
        yield _unjudged(reason, orders) % {"n": number(orders)}


def _unjudged(reason: Unjudged, orders: int) -> str:
    if reason == Unjudged.PRODUCTS:
        return ngettext(
            "Not judged, and in no figure: %(n)s order whose products' tags or collections are not known.",
            "Not judged, and in no figure: %(n)s orders whose products' tags or collections are not known.",
            orders,
        )
    if reason == Unjudged.AUDIENCE:
        return ngettext(
            "Not judged, and in no figure: %(n)s order of members who have changed tier since, while a campaign for certain "
            "tiers ran.",
            "Not judged, and in no figure: %(n)s orders of members who have changed tier since, while a campaign for certain "
            "tiers ran.",
            orders,
        )
    return ngettext(
        "Not judged, and in no figure: %(n)s order under a rule with a limit per period, whose use in the past is not known.",
        "Not judged, and in no figure: %(n)s orders under a rule with a limit per period, whose use in the past is not known.",
        orders,
    )


def _judged(found: BackTest, program: Program, about: str) -> Iterator[str]:
    """How it was judged."""
    yield _("Members are judged on the tier and by the tags of today, and rules as if they had been on all the time.")
    if found.ran is not None:
        starts_at, ends_at = found.ran
        yield _(
            "The campaign is judged as if it had run from %(first)s to %(last)s. A budget is drawn on by these orders alone."
        ) % {"first": day(starts_at, program), "last": last_day(ends_at, program)}
        yield _("Only orders are looked at: what a campaign gives on other rules is not in these figures.")
    if about == "ladder":
        yield _("Points and rewards for reaching a tier are not in these figures.")
    worth = found.worth
    if worth is None:
        yield _("No money is shown: you have no reward that gives a fixed amount for a fixed number of points.")
    else:
        yield ngettext(
            "Points are worth what your cheapest reward gives: “%(reward)s”, %(money)s for %(n)s point.",
            "Points are worth what your cheapest reward gives: “%(reward)s”, %(money)s for %(n)s points.",
            worth.points,
        ) % {
            "reward": worth.reward, "money": price(worth.amount, worth.currency), "n": number(worth.points),
        }  # fmt: skip
