"""The panel as a member would see it who does not exist: the shop's real rules, rewards and tiers, for a preview."""

from __future__ import annotations

from datetime import datetime, timedelta

from loyalty.programs.models import Program
from loyalty.rewards.offering import for_sale
from loyalty.tiers.models import Tier
from loyalty.tiers.queries import Progress, ladder
from shopify_app.display import words
from shopify_app.display.closing import closed
from shopify_app.display.history import Line
from shopify_app.display.models import Display
from shopify_app.display.offer import Offer, offer_to_guest, shown_rules, step
from shopify_app.display.standing import Own, climb_of, offered_to

NAME = "Ada"
USUAL_POINTS = 320
LINES = 5


def example_of(*, program: Program, display: Display, language: str, now: datetime) -> tuple[Offer, Own]:
    """Returns a panel as `panel_of` does, for a member in the middle of things: some rewards in reach, a tier to go for."""
    offer = offer_to_guest(program=program, display=display, language=language, now=now)
    sold, tiers, closing = for_sale(now=now), list(ladder()), closed(program)
    costs = sorted(each.points_cost for each in sold)
    figure = costs[len(costs) // 2] + 20 if costs else USUAL_POINTS
    held, above = _between(tiers)
    missing = (above.threshold - (held.threshold if held else 0)) * 2 // 5 if above else 0
    shown = Offer(
        welcome=offer.welcome,
        ways=offer.ways,
        rewards=[
            offered_to(each, program, available=figure, tier=held, is_full=False, is_closed=bool(closing))
            for each in sold
        ],
        tiers=[step(tier, program, own=held) for tier in tiers] if display.shows_tiers else [],
    )
    own = Own(
        first_name=NAME,
        figure=figure,
        balance=words.points(figure, program),
        waiting="",
        ends_at=None,
        ending="",
        climb=climb_of(Progress(held, above, max(1, missing)), program),
        closed=closing,
        codes=[],
        lines=_lines(now) if display.shows_history else [],
        link="",
        asks_birthday=False,
        birthday=None,
    )
    return shown, own


def _between(tiers: list[Tier]) -> tuple[Tier | None, Tier | None]:
    """The lowest tier and the one above it."""
    return (tiers[0] if tiers else None), (tiers[1] if len(tiers) > 1 else None)


def _lines(now: datetime) -> list[Line]:
    """What such a member might have done last."""
    return [
        Line(rule.customer_facing_label or rule.name, rule.points, now - timedelta(days=9 * number + 2))
        for number, rule in enumerate(shown_rules()[:LINES])
    ]
