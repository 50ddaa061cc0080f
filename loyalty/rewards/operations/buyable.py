"""Whether a member may buy a reward now, for how many points, and under which terms. The caller holds the account's lock.

The order of locks is account, then reward: a limit in total is counted under the reward's own row, so that two members
at once cannot both have the last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, ProgramDisabled
from loyalty.members.errors import CustomerExcluded
from loyalty.members.models import Member
from loyalty.programs.calendar import first_day, midnight
from loyalty.programs.models import Program
from loyalty.rewards.errors import LimitReached, NotForSale, RewardNotFound, TierRequired
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.terms import amount_for
from loyalty.tiers.models import Tier
from loyalty.tiers.queries import tier_of


@dataclass(frozen=True, slots=True)
class Choice:
    """What the buyer decides: points of a flexible reward (None is the fewest), and one variant of a free product.

    `variant` is a variant's number or gid; None leaves all of them to choose from in the shop.
    """

    points: int | None = None
    variant: str | None = None

    def __str__(self) -> str:
        """The choice as a part of the request's fingerprint; nothing chosen is nothing said."""
        points = f":points={self.points}" if self.points is not None else ""
        return points + (f":variant={self.variant.rsplit('/', 1)[-1]}" if self.variant is not None else "")


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward that may be bought, what it costs this time, and the terms to keep with the redemption.

    `variants` are those of a free product that the code would be for.
    """

    reward: Reward
    points: int
    variants: list[str]
    terms: dict[str, object]


def buyable(*, reward_id: str, member: Member, program: Program, choice: Choice, source: str, now: datetime) -> Offer:
    """Returns the reward if this member may buy it now. See `purchase` for what it refuses."""
    found = Reward.objects.existing().select_related("tier").filter(public_id=reward_id)
    reward: Reward | None = found.first()
    if reward is not None and reward.total_limit is not None:
        # Locked, and read again: a change that is being saved decides.
        reward = found.select_for_update(no_key=True, of=("self",)).first()
    if reward is None or not reward.is_offered(now=now):
        raise RewardNotFound(reward_id)
    member.refresh_from_db(fields=["status"])
    if member.is_excluded:
        raise CustomerExcluded
    if not program.is_enabled:
        raise ProgramDisabled
    _check_tier(reward, member)
    if not reward.is_for_sale:
        raise NotForSale
    offer = offer_of(reward, choice=choice, currency=program.currency, source=source)
    _check_limits(reward, member, program.zone, now)
    return offer


def offer_of(reward: Reward, *, choice: Choice, currency: str, source: str) -> Offer:
    """Returns what a choice makes of a reward: its price and its terms.

    Raises:
        InvalidField: The choice is not one the reward offers.
    """
    points, variants = _points(reward, choice), _variants(reward, choice)
    terms = _terms(reward, points=points, variants=variants, currency=currency, source=source)
    return Offer(reward, points, variants, terms)


def _check_tier(reward: Reward, member: Member) -> None:
    if reward.tier is not None and not is_for(reward, tier_of(member_id=member.pk)):
        raise TierRequired(reward.tier.name, and_above=reward.tier_and_above)


def is_for(reward: Reward, standing: Tier | None) -> bool:
    """Whether who stands on this tier, or on none, may buy a reward."""
    if reward.tier is None:
        return True
    if standing is None:
        return False
    return standing.pk == reward.tier.pk or (reward.tier_and_above and standing.threshold >= reward.tier.threshold)


def _points(reward: Reward, choice: Choice) -> int:
    if choice.points is None or choice.points == reward.points_cost:
        return reward.points_cost
    if not reward.is_flexible:
        raise InvalidField(
            "points",
            _("points must be %(least)s, the cost of this reward, or absent") % {"least": reward.points_cost},
        )
    assert reward.max_points is not None
    if not reward.points_cost <= choice.points <= reward.max_points:
        raise InvalidField(
            "points",
            _("points must be between %(least)s and %(max_points)s")
            % {"least": reward.points_cost, "max_points": reward.max_points},
        )
    return choice.points


def _variants(reward: Reward, choice: Choice) -> list[str]:
    if choice.variant is None:
        return list(reward.variant_gids)
    if reward.discount_type != Reward.DiscountType.FREE_PRODUCT:
        raise InvalidField("variant_id", _("variant_id is only for a reward that gives a free product"))
    chosen = [gid for gid in reward.variant_gids if choice.variant in (gid, gid.rsplit("/", 1)[-1])]
    if not chosen:
        raise InvalidField("variant_id", _("variant_id must be one of the reward's product variants"))
    return chosen


def _check_limits(reward: Reward, member: Member, zone: ZoneInfo, now: datetime) -> None:
    """Counts what was bought and not given back, and nothing that was given for nothing.

    What is still being issued counts: it may yet succeed. A test counts for the test customer alone: it takes nothing of
    what there is for all.
    """
    bought = Redemption.objects.filter(reward=reward, is_refunded=False, occurrence=None).exclude(
        state=Redemption.State.FAILED
    )
    theirs = bought.filter(member=member)
    if _reached(theirs, reward.max_redemptions):
        raise LimitReached(reward.max_redemptions or 0)
    if reward.period_limit is not None:
        since = period_begin(reward.limit_period, now=now, zone=zone)
        if _reached(theirs.filter(created_at__gte=since), reward.period_limit):
            raise LimitReached(reward.period_limit, period=reward.limit_period)
    if _reached(bought.filter(is_test=False), reward.total_limit):
        raise LimitReached(reward.total_limit or 0, in_total=True)


def _reached(bought: QuerySet[Redemption], limit: int | None) -> bool:
    return limit is not None and bought.count() >= limit


def period_begin(period: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Returns the first instant of the day, week (from Monday), month or year of the shop that holds `now`, as UTC."""
    return midnight(first_day(period, now.astimezone(zone).date()), zone=zone)


def _terms(reward: Reward, *, points: int, variants: list[str], currency: str, source: str) -> dict[str, object]:
    """The terms a code is bought under, kept with the redemption: later changes of the reward do not reach it."""
    amount = reward.discount_amount
    if reward.amount_per_point is not None:
        amount = amount_for(points, amount_per_point=reward.amount_per_point, currency=currency)
    combines = ("product", "order", "shipping")
    return {
        "reward_name": reward.name,
        "reward_number": reward.pk,
        "reward_version": reward.version,
        "points": points,
        "discount_type": reward.discount_type,
        "discount_amount": _text(amount),
        "currency": currency,
        "minimum_spend": _text(reward.minimum_spend),
        "maximum_shipping": _text(reward.maximum_shipping),
        "countries": list(reward.countries),
        "rest_of_world": reward.rest_of_world,
        "variant_gids": variants,
        "quantity": reward.quantity,
        "applies_to": reward.applies_to,
        "applies_to_gids": list(reward.applies_to_gids),
        "combines_with": [name for name in combines if getattr(reward, f"combines_with_{name}")],
        "purchase_type": reward.purchase_type,
        "reactivates_on_refund": reward.reactivates_on_refund,
        "source": source,
    }


def _text(amount: Decimal | None) -> str | None:
    return str(amount) if amount is not None else None
