"""What may be asked of back-tests: of a rule, a campaign or a ladder that is not saved. Nothing is ever written.

Source: programme-rules facts, section 14.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from loyalty.backtesting import reading
from loyalty.backtesting.cases import Scheme
from loyalty.backtesting.ladders import with_ladder
from loyalty.backtesting.playing import Played, play
from loyalty.backtesting.reading import Stock
from loyalty.backtesting.schemes import (
    NEW,
    campaigns_of_today,
    draft_rule,
    facts_of_terms,
    modifiers_of,
    terms_of,
    today_of,
)
from loyalty.backtesting.worth import Worth, worth_of_points
from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.operations import CampaignTerms
from loyalty.earning.operations import RuleTerms
from loyalty.programs.models import Program
from loyalty.tiers import queries as tiers
from loyalty.tiers.terms import Ladder

PERIODS = (90, 180, 365)
"""How many days back an answer may look."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """The answer.

    Attributes:
        since, until: The half-open period looked at.
        stock: What Encore holds; of the orders in the period the newest `played.orders` were looked at.
        worth: What points are worth; None when no reward says it.
        ran: The time a campaign was judged as running in.
        moves: How many members a ladder would move, whether they ordered or not.
    """

    since: datetime
    until: datetime
    stock: Stock
    played: Played
    worth: Worth | None
    ran: tuple[datetime, datetime] | None = None
    moves: Sequence[tiers.Move] = ()


def of_rule(
    *, program: Program, terms: RuleTerms, public_id: str | None, days: int, now: datetime,
    limit: int = reading.NEWEST,
) -> BackTest:  # fmt: skip
    """Returns what a rule for orders would have cost in the last `days`, against today's rules. A rule that is off gives nothing.

    Args:
        public_id: The stored rule it changes; None is a new one.

    Raises:
        InvalidField: An option breaks a rule; the field is named.
        RuleNotFound: There is no such rule.
    """
    modifiers = modifiers_of(campaigns_of_today())
    draft = draft_rule(terms=terms, public_id=public_id, modifiers=modifiers)
    today = today_of(program=program, modifiers=modifiers)
    changed = today.in_place(draft) if terms.is_active else today.without(draft.rule.id)
    return _played(program, today, changed, days=days, now=now, limit=limit)


def of_campaign(
    *, program: Program, terms: CampaignTerms, public_id: str | None, days: int, now: datetime,
    limit: int = reading.NEWEST,
) -> BackTest:  # fmt: skip
    """Returns what a campaign would have cost in the last `days`, against today's rules and campaigns.

    One whose days are over is judged in its own days. Any other is judged as if it had just ended, after as many days; one
    without an end as if it had run all the time. So is the stored one it changes, on the other side.

    Args:
        public_id: The stored campaign it changes; None is a new one.

    Raises:
        NotFound: There is no such campaign.
    """
    since = now - timedelta(days=days)
    stored = campaigns.campaign(public_id=public_id) if public_id is not None else None
    others = modifiers_of(campaigns_of_today(besides=public_id))
    number = stored.pk if stored is not None else NEW
    today = today_of(program=program, modifiers=others)

    def side(with_terms: CampaignTerms | None) -> Scheme:
        if with_terms is None or not with_terms.is_active:
            return today
        return _joined(today, with_terms, number, _as_past(with_terms, since=since, now=now))

    before = side(terms_of(stored) if stored is not None else None)
    found = _played(program, before, side(terms), days=days, now=now, limit=limit)
    return replace(found, ran=_as_past(terms, since=since, now=now))


def of_ladder(*, program: Program, ladder: Ladder, days: int, now: datetime, limit: int = reading.NEWEST) -> BackTest:
    """Returns whom a ladder would move, and what its multipliers would have cost in the last `days`, against today's.

    Raises:
        InvalidField, NotFound: As `tiers.operations.change_ladder` would.
    """
    moves = tiers.preview(program=program, ladder=ladder, now=now)
    today = today_of(program=program, modifiers=modifiers_of(campaigns_of_today()))
    orders = reading.newest(since=now - timedelta(days=days), until=now, limit=limit)
    draft = with_ladder(today, program=program, ladder=ladder, orders=orders, now=now)
    return replace(_played(program, today, draft, days=days, now=now, limit=limit), moves=moves)


def _played(program: Program, today: Scheme, draft: Scheme, *, days: int, now: datetime, limit: int) -> BackTest:
    since = now - timedelta(days=days)
    every = (*today.earnings, *draft.earnings)
    orders = reading.past_orders(
        reading.newest(since=since, until=now, limit=limit),
        asks_products=any(each.asks_products for each in every),
        asks_firsts=any(each.asks_firsts for each in every),
    )
    played = play(orders, today=today, draft=draft, zone=program.zone)
    worth = worth_of_points(currency=program.currency, now=now)
    return BackTest(since, now, reading.stock(since=since, until=now), played, worth)


def _as_past(terms: CampaignTerms, *, since: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The half-open time in which a campaign is judged; see `of_campaign`."""
    if terms.ends_at is None:
        return since, now
    if terms.ends_at <= now:
        return terms.starts_at, terms.ends_at
    return max(since, now - (terms.ends_at - terms.starts_at)), now


def _joined(scheme: Scheme, terms: CampaignTerms, number: int, ran: tuple[datetime, datetime]) -> Scheme:
    """A scheme with one campaign more, beside those that change its rules already."""
    facts = dict(facts_of_terms(terms, campaign_id=number, ran=ran))
    return replace(
        scheme,
        earnings=tuple(
            replace(each, campaigns=(*each.campaigns, facts[each.rule.id])) if each.rule.id in facts else each
            for each in scheme.earnings
        ),
    )
