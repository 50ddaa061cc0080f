"""What the loyalty panel says to a member: balance, tier, rewards within reach, codes, and what happened last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from loyalty.earning.queries import rules_spent
from loyalty.ledger.queries import Standing, entries_of, expiries_of, standings_of
from loyalty.members.models import Member
from loyalty.programs.models import Program
from loyalty.referrals.queries import link_of, open_rule
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.offering import for_sale, used_up
from loyalty.rewards.operations.buyable import is_for
from loyalty.rewards.queries import in_state, redemptions_of
from loyalty.tiers.models import Tier
from loyalty.tiers.queries import Progress, figure_of, ladder, progress, tier_of
from shopify_app.display import words
from shopify_app.display.closing import closed_to
from shopify_app.display.history import Line, lines
from shopify_app.display.models import Display
from shopify_app.display.offer import Offer, Offered, offered, shown_rules, step, ways

LINES_SHOWN = 20
CODES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Code:
    """A code that works; `ends_at` is the first instant at which it does not."""

    public_id: str
    name: str
    code: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Climb:
    """Where a member stands on the ladder; `share` is how far they are to the next tier, 0 to 100. `next_tier` empty: on top."""

    tier: str
    next_tier: str
    missing: str
    share: int


@dataclass(frozen=True, slots=True)
class Own:
    """What is a member's own.

    Attributes:
        figure: The points they can spend, as a number, and `balance` in words.
        waiting: Points that are earned and wait, in words; empty: none.
        ends_at, ending: When points end next, None: they do not; and which, in words.
        closed: Why they cannot redeem now, in one sentence; empty: they can.
        link: Their own link for friends; empty: there is none to share.
        asks_birthday: A birthday earns, and theirs is not known.
    """

    first_name: str
    figure: int
    balance: str
    waiting: str
    ends_at: datetime | None
    ending: str
    climb: Climb | None
    closed: str
    codes: list[Code]
    lines: list[Line]
    link: str
    asks_birthday: bool
    birthday: date | None


def panel_of(*, program: Program, display: Display, member: Member, language: str, now: datetime) -> tuple[Offer, Own]:
    """Returns what a member reads. Their points that ended count no more, whether or not a job has marked them."""
    standing = standings_of(member_ids=[member.pk], now=now)[member.pk]
    available = standing.balances.available
    tiers, tier = list(ladder()), tier_of(member_id=member.pk)
    stands = progress(tiers=tiers, held=tier, figure=figure_of(program=program, member_id=member.pk, now=now))
    closed = closed_to(program=program, member=member, debt=standing.balances.debt)
    sold = for_sale(now=now)
    full = used_up(member_id=member.pk, offered=sold, zone=program.zone, now=now)
    offer = Offer(
        welcome=display.welcome.get(language, ""),
        ways=ways(program, done=rules_spent(member_id=member.pk)) if display.shows_earning else [],
        rewards=[
            offered_to(each, program, available=available, tier=tier, is_full=each.pk in full, is_closed=bool(closed))
            for each in sold
        ],
        tiers=[step(each, program, own=tier) for each in tiers] if display.shows_tiers else [],
    )
    climb = climb_of(stands, program)
    own = _own(
        program=program, display=display, member=member, standing=standing, climb=climb, closed=closed, now=now
    )  # fmt: skip
    return offer, own


def _own(
    *, program: Program, display: Display, member: Member, standing: Standing, climb: Climb | None, closed: str,
    now: datetime,
) -> Own:  # fmt: skip
    balances = standing.balances
    takes_part = program.is_enabled and not member.is_excluded
    active = in_state(redemptions_of(member_id=member.pk), Redemption.State.ACTIVE, now=now)
    has_birthday = shown_rules().filter(action="birthday").exists()
    return Own(
        first_name=member.first_name or "",
        figure=balances.available,
        balance=words.points(balances.available, program),
        waiting=words.points(balances.pending, program) if balances.pending else "",
        ends_at=standing.next_expires_at,
        ending=words.points(_ending(member, standing, now=now), program) if standing.next_expires_at else "",
        climb=climb,
        closed=closed,
        codes=codes(active.filter(code__isnull=False)[:CODES_SHOWN]),
        lines=lines(entries_of(member_id=member.pk)[:LINES_SHOWN], member_id=member.pk)
        if display.shows_history
        else [],
        link=link_of(member, program) if takes_part and open_rule() is not None else "",
        asks_birthday=has_birthday and takes_part and member.date_of_birth is None,
        birthday=member.date_of_birth if has_birthday else None,
    )


def _ending(member: Member, standing: Standing, *, now: datetime) -> int:
    """How many points end next: those of the next lots, or where the balance ends by inactivity, all."""
    first = next(iter(expiries_of(member_id=member.pk, now=now)), None)
    return first[1] if first is not None and first[0] == standing.next_expires_at else standing.balances.available


def codes(found: Iterable[Redemption]) -> list[Code]:
    """Returns codes as their owner reads them."""
    return [Code(each.public_id, str(each.terms["reward_name"]), each.code or "", each.expires_at) for each in found]


def climb_of(stands: Progress, program: Program) -> Climb | None:
    """Returns a standing on the ladder in words; None where there is no ladder."""
    if stands.tier is None and stands.next_tier is None:
        return None
    name = stands.tier.name if stands.tier else ""
    if stands.next_tier is None:
        return Climb(name, "", "", 100)
    begin = stands.tier.threshold if stands.tier else 0
    way = stands.next_tier.threshold - begin
    share = 100 * (way - stands.missing) // way if way else 0
    return Climb(name, stands.next_tier.name, words.needed(stands.missing, program), min(100, max(0, share)))


def offered_to(
    reward: Reward, program: Program, *, available: int, tier: Tier | None, is_full: bool, is_closed: bool
) -> Offered:
    """Returns a reward as a member reads it who has so many points to spend and stands on that tier.

    Args:
        is_full: They have had it as often as it allows.
        is_closed: They cannot redeem now, whatever they have.
    """
    cost, standing = reward.points_cost, {"state": "open"}
    if is_closed:
        standing = {"state": "closed"}
    elif not is_for(reward, tier):
        standing = {"state": "locked"}
    elif is_full:
        standing = {"state": "used", "note": _("You have had it as often as it can be had")}
    elif available < cost:
        standing = {"state": "missing", "missing": words.points(cost - available, program)}
    return offered(reward, program, share=min(100, 100 * available // cost), **standing)
