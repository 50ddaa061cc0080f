"""Analytics of what is not counted by the day: tiers as they stand, referrals and campaigns of a span. A statement each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, DateTimeField, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, TruncDate

from loyalty.analytics.measuring import span_of
from loyalty.analytics.models import CampaignDay, TierDay
from loyalty.analytics.queries import Counted
from loyalty.analytics.spans import Span
from loyalty.campaigns.models import Campaign
from loyalty.orders import queries as orders
from loyalty.referrals.models import Referral
from loyalty.tiers.models import Tier, TierMembership

MOST_CAMPAIGNS = 20
"""Campaigns that are told of, the latest first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A tier and what its members of today did in a span: whole days that are over, points whole, money in the smallest unit.

    Attributes:
        members: How many living members stand on it now.
    """

    name: str
    members: int
    orders: int
    revenue_minor: int
    issued: int
    spent: int


def by_tier(*, span: Span) -> list[Standing]:
    """Returns each tier and what those on it did, the lowest first, in one statement; members on no tier are left out."""
    standing = TierMembership.objects.filter(tier=OuterRef("pk")).order_by()
    gone = standing.filter(Q(member__merged_into__isnull=False) | Q(member__redacted_at__isnull=False))
    figures = ("orders", "revenue_minor", "issued", "spent")
    did = TierDay.objects.filter(tier_id=OuterRef("pk"), day__gte=span.first, day__lte=span.last).order_by()
    sums = {f"sum_{n}": Subquery(did.values("tier_id").annotate(it=Sum(n)).values("it")) for n in figures}
    # Who is gone is few and has an index: everybody on a tier is counted without looking at each member.
    everybody = Subquery(standing.values("tier").annotate(it=Count("*")).values("it"))
    left = Subquery(gone.values("tier").annotate(it=Count("*")).values("it"))
    tiers = Tier.objects.annotate(everybody=everybody, gone=left, **sums).order_by("threshold")
    return [
        Standing(
            each.name,
            (each.everybody or 0) - (each.gone or 0),
            *(int(getattr(each, f"sum_{name}") or 0) for name in figures),
        )
        for each in tiers
    ]


@dataclass(frozen=True, slots=True)
class Referred:
    """Referrals of a span, tests left out.

    Attributes:
        claimed: Invitations accepted in it.
        converted, completed: Friends whose first order was placed in it, and advocates who had their reward in it; what
            came to nothing later is left out.
        revenue_minor: Those first orders in the smallest unit, refunds taken off.
    """

    claimed: int
    converted: int
    completed: int
    revenue_minor: int


def referred(*, span: Span, zone: ZoneInfo) -> Referred:
    """Returns the referrals of a span of the programme in scope, in one statement."""
    since, until = span_of(span.first, span.last, zone)
    stands = Q(state__in=[Referral.State.FRIEND_CONVERTED, Referral.State.COMPLETED])
    claimed, converted, completed = (
        Q(**{f"{what}__gte": since, f"{what}__lt": until}) for what in ("claimed_at", "converted_at", "completed_at")
    )
    order = orders.counting().filter(shopify_order_id=OuterRef("order_id"))
    amount = Subquery(order.values(kept=F("total_minor") - F("refunded_minor"))[:1])
    kept = Case(When(converted & stands, then=amount))  # other referrals' orders are not looked up
    found = (
        Referral.objects.filter(claimed | converted | completed, is_test=False)
        .annotate(kept=kept)
        .aggregate(
            claimed=Count("pk", filter=claimed),
            converted=Count("pk", filter=converted & stands),
            completed=Count("pk", filter=completed & stands),
            revenue=Sum("kept", filter=converted & stands),
        )
    )
    return Referred(found["claimed"], found["converted"], found["completed"], int(found["revenue"] or 0))


@dataclass(frozen=True, slots=True)
class Ran:
    """A campaign and the days it has run, beside as many days before it.

    Attributes:
        cost: Points it has given beyond what the rules give: what its budget has paid, or without one what is rolled up of
            its awards up to yesterday; what was awarded before awards recorded their campaign, under its name.
        budget: How many it may give; None is any number.
        revenue_minor, before_minor: The whole shop's revenue on its days, and on as many days before it; None where those
            days are not all counted. What else differed between the two is not known: it is no proof of anything.
    """

    name: str
    public_id: str
    cost: int
    budget: int | None
    span: Span
    revenue_minor: int
    before_minor: int | None


def campaigns_run(*, of: Counted, span: Span, zone: ZoneInfo) -> list[Ran]:
    """Returns the campaigns that ran in a span, the latest start first, in one statement.

    One that is switched off and has given nothing is left out. What awards gave that know
    their campaign by its name alone (from before they recorded more) counts to each of that name on those days.
    """
    since, until = span_of(span.first, span.last, zone)
    ran = Campaign.objects.filter(Q(ends_at=None) | Q(ends_at__gt=since), starts_at__lt=until)
    gave = CampaignDay.objects.filter(
        Q(campaign_id=OuterRef("pk")) | Q(campaign_id=None, name=OuterRef("name")),
        day__gte=TruncDate(ExpressionWrapper(OuterRef("starts_at"), DateTimeField()), tzinfo=zone),
        day__lte=Coalesce(TruncDate(ExpressionWrapper(OuterRef("ends_at"), DateTimeField()), tzinfo=zone), of.through),
    ).order_by()
    ran = ran.annotate(gave=Subquery(gave.values("program_id").annotate(it=Sum("points")).values("it")))
    chosen = list(ran.order_by("-starts_at", "-pk")[:MOST_CAMPAIGNS])
    found = []
    for each in chosen:
        days = _days_of(each.starts_at, each.ends_at, of, zone)
        if days is None:
            continue
        cost = each.spent_points if each.budget_points is not None else int(each.gave or 0)
        if not (each.is_active or cost):
            continue
        before = days.before()
        before_minor = _revenue(of, before) if before.first >= of.first_day else None
        found.append(Ran(each.name, each.public_id, cost, each.budget_points, days, _revenue(of, days), before_minor))
    return found


def _days_of(starts_at: datetime, ends_at: datetime | None, of: Counted, zone: ZoneInfo) -> Span | None:
    """The days of the shop a campaign has touched so far."""
    first = starts_at.astimezone(zone).date()
    last = of.through if ends_at is None else min(_last_day(ends_at, zone), of.through)
    return Span(first, last) if first <= last else None


def _last_day(ends_at: datetime, zone: ZoneInfo) -> date:
    return (ends_at.astimezone(zone) - timedelta(microseconds=1)).date()


def _revenue(of: Counted, span: Span) -> int:
    return sum(day.revenue_minor for day in of.within(span))
