"""Members placed in sets stand where the pure judge puts each of them: any ladder, period, zone, grace and dates."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.ledger.models import Entry
from loyalty.members.models import Member
from loyalty.orders.models import Order
from loyalty.outbox.models import Event
from loyalty.tiers.models import Tier, TierEntryGrant, TierMembership
from loyalty.tiers.operations import place_some
from loyalty.tiers.qualification import Held, Rules, Step, judge
from loyalty.tiers.queries import figure_of
from tests.a_shop import AShop

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
_numbers = itertools.count(1)
AGO = st.integers(-1, 800).map(lambda days: NOW - timedelta(days=days, hours=days % 24))
SETTINGS = st.fixed_dictionaries(
    {
        "tier_entry": st.sampled_from(["points", "spend", "purchases"]),
        "tier_period": st.sampled_from(["lifetime", "calendar_year", "rolling_year"]),
        "tier_grace_days": st.sampled_from([0, 1, 45, 90]),
        "time_zone": st.sampled_from(["UTC", "America/New_York", "Pacific/Auckland"]),
        "currency": st.sampled_from(["USD", "JPY"]),
        "is_enabled": st.sampled_from([True, True, False]),
    }
)
LADDER = st.lists(st.integers(0, 6), unique=True, max_size=4)
LIFE = st.fixed_dictionaries(
    {
        "worth": st.lists(st.tuples(st.integers(1, 4), AGO), max_size=3),
        "place": st.one_of(st.none(), st.integers(0, 3)),
        "reached_at": AGO,
        "falls_at": st.one_of(st.none(), AGO, AGO.map(lambda at: NOW + (NOW - at))),
        "is_locked": st.sampled_from([False, False, False, True]),
        "status": st.sampled_from(["member", "member", "excluded"]),
        "had_entry": st.booleans(),
    }
)


def live(shop: AShop, life: dict, tiers: list[Tier]) -> Member:
    """A member with what they earned and bought, standing somewhere or nowhere."""
    member = shop.member(next(_numbers), now=NOW - timedelta(days=900))
    for worth, at in life["worth"]:
        shop.give(member, worth, now=at)
        unit = 100 if shop.program.currency == "USD" else 1
        Order.objects.create(
            program=shop.program, shopify_order_id=next(_numbers), member=member, currency=shop.program.currency,
            total_minor=worth * unit, placed_at=at, paid_at=at, shopify_updated_at=at, created_at=at, updated_at=at,
        )  # fmt: skip
    TierMembership.objects.filter(member=member).delete()
    Member.objects.filter(pk=member.pk).update(status=life["status"])
    if life["place"] is not None and tiers:
        stands = {name: life[name] for name in ("reached_at", "falls_at", "is_locked")}
        TierMembership.objects.create(
            program=shop.program, member=member, tier=tiers[life["place"] % len(tiers)], **stands
        )
    if life["had_entry"]:
        TierEntryGrant.objects.bulk_create(
            TierEntryGrant(program=shop.program, member=member, tier=tier, points=7, granted_at=NOW)
            for tier in tiers[:1]
        )
    return member


def belongs(shop: AShop, member: Member, tiers: list[Tier]) -> tuple[int, datetime | None] | None:
    """Where the pure judge puts one member: the tier and from when they may fall; None where nothing is to be done."""
    stands = TierMembership.objects.select_related("tier").filter(member=member).first()
    if stands is not None and stands.is_locked:
        return stands.tier_id, stands.falls_at
    program = shop.program
    held = Held(Step(stands.tier_id, stands.tier.threshold), stands.reached_at, stands.falls_at) if stands else None
    verdict = judge(
        [Step(tier.pk, tier.threshold) for tier in tiers],
        figure_of(program=program, member_id=member.pk, now=NOW),
        held=held,
        rules=Rules(program.tier_period, program.zone, program.tier_grace_days),
        now=NOW,
    )
    return (verdict.step.tier_id, verdict.falls_at) if verdict else None


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
@given(programme=SETTINGS, thresholds=LADDER, lives=st.lists(LIFE, min_size=1, max_size=6), limit=st.integers(1, 4))
def test_a_set_is_placed_as_the_judge_places_each(
    programme: dict, thresholds: list[int], lives: list[dict], limit: int
) -> None:
    with transaction.atomic():
        shop = AShop.new(**programme)
        with shop.scope():
            tiers = [shop.tier(f"T{threshold}", threshold) for threshold in thresholds]
            Tier.objects.exclude(threshold=0).update(entry_points=7)
            tiers = list(Tier.objects.order_by("pk"))
            members = [live(shop, life, tiers) for life in lives]
            before = dict(TierMembership.objects.values_list("member_id", "tier__threshold"))
            had = set(TierEntryGrant.objects.values_list("member_id", "tier__threshold"))
            wanted = {member.pk: belongs(shop, member, tiers) for member in members}
            after: int | None = 0
            while after is not None:
                after = place_some(program=shop.program, now=NOW, after=after, limit=limit).last
            found = {row.member_id: (row.tier_id, row.falls_at) for row in TierMembership.objects.all()}
            assert found == {member: place for member, place in wanted.items() if place is not None}
            stands = dict(TierMembership.objects.values_list("member_id", "tier__threshold"))
            moved = {member for member, threshold in before.items() if stands[member] != threshold}
            told = list(Event.objects.filter(kind="tier.changed").values_list("member_id", flat=True))
            assert (set(told), len(told)) == (moved, len(moved))
            excluded = set(Member.objects.filter(status="excluded").values_list("pk", flat=True))
            risen = {(member, stands[member]) for member in moved - excluded if stands[member] > before[member]}
            given_to = Entry.objects.filter(source="tier").values_list("account__member_id", flat=True)
            assert sorted(given_to) == sorted(member for member, _ in risen - had if shop.program.is_enabled)
            shop.assert_sound()
        transaction.set_rollback(True)
