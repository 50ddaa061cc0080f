"""Editing the ladder: what is refused, who would move, and that nothing else changes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.errors import InvalidField, NotFound
from loyalty.programs.models import Program
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.operations import Ladder, TierTerms, assign, change_ladder, create_tier, delete_tier, requalify
from loyalty.tiers.operations.ladder import TierInUse
from loyalty.tiers.queries import Move, preview
from loyalty.tiers.tasks import requalify_some
from tests.a_shop import NOW
from tests.operations.loyalty.test_tiers import order

pytestmark = pytest.mark.django_db


def as_it_is(shop) -> Ladder:
    program = Program.objects.get(pk=shop.program.pk)
    tiers = [
        TierTerms(tier.name, tier.threshold, tier.multiplier, tier.entry_points, tier.public_id)
        for tier in Tier.objects.order_by("threshold")
    ]
    return Ladder(
        tiers, program.tier_entry, program.tier_period, program.tier_grace_days, program.tier_multiplier_scope
    )


def everything(shop) -> tuple:
    program = Program.objects.filter(pk=shop.program.pk).values().get()
    return program, list(Tier.objects.order_by("pk").values()), list(TierMembership.objects.order_by("pk").values())


def changed(ladder: Ladder, place: int, **fields) -> Ladder:
    tiers = list(ladder.tiers)
    tiers[place] = replace(tiers[place], **fields)
    return replace(ladder, tiers=tiers)


@pytest.fixture
def ladder(shop) -> Ladder:
    shop.tier("Bronze", 0)
    shop.tier("Silver", 100)
    shop.tier("Gold", 500)
    return as_it_is(shop)


class TestALadder:
    @pytest.mark.parametrize(
        ("place", "fields", "field"),
        [
            (1, {"name": "GOLD"}, "name"),
            (1, {"name": " "}, "name"),
            (1, {"threshold": 500}, "threshold"),
            (0, {"threshold": 1}, "threshold"),
            (1, {"threshold": 0}, "threshold"),
            (1, {"threshold": -5}, "threshold"),
            (1, {"multiplier": Decimal("1.0001")}, "multiplier"),
            (1, {"multiplier": Decimal(-1)}, "multiplier"),
            (0, {"entry_points": 5}, "entry_points"),
            (1, {"public_id": None}, "tiers"),
        ],
    )
    def test_refuses_what_breaks_a_rule_and_changes_nothing(self, shop, ladder, place, fields, field):
        before = everything(shop)
        wrong = changed(ladder, place, **fields)
        with pytest.raises(InvalidField) as refused:
            change_ladder(program_id=shop.program.pk, ladder=wrong, now=NOW)
        assert refused.value.field == field
        with pytest.raises(InvalidField):
            preview(program=shop.program, ladder=wrong, now=NOW)
        assert everything(shop) == before

    @pytest.mark.parametrize(
        ("fields", "field"),
        [({"grace_days": 91}, "grace_days"), ({"grace_days": -1}, "grace_days"), ({"entry": "x"}, "entry"),
         ({"period": "x"}, "period"), ({"multiplier_scope": "x"}, "multiplier_scope")],
    )  # fmt: skip
    def test_refuses_settings_out_of_range(self, shop, ladder, fields, field):
        before = everything(shop)
        with pytest.raises(InvalidField) as refused:
            change_ladder(program_id=shop.program.pk, ladder=replace(ladder, **fields), now=NOW)
        assert (refused.value.field, everything(shop)) == (field, before)

    def test_knows_its_own_tiers_only(self, shop, ladder):
        with pytest.raises(NotFound):
            change_ladder(program_id=shop.program.pk, ladder=changed(ladder, 1, public_id="tier_other"), now=NOW)

    def test_has_at_most_ten_tiers(self, shop, ladder):
        more = [TierTerms(f"T{n}", 1000 + n) for n in range(7)]
        change_ladder(program_id=shop.program.pk, ladder=replace(ladder, tiers=[*ladder.tiers, *more]), now=NOW)
        with pytest.raises(InvalidField):
            create_tier(program=shop.program, name="Eleventh", threshold=9999, multiplier=Decimal(1), now=NOW)
        assert Tier.objects.count() == 10

    def test_lets_two_tiers_exchange_names_and_thresholds(self, shop, ladder):
        silver, gold = ladder.tiers[1], ladder.tiers[2]
        swapped = [
            ladder.tiers[0],
            replace(silver, name="Gold", threshold=500),
            replace(gold, name="Silver", threshold=100),
        ]
        change_ladder(program_id=shop.program.pk, ladder=replace(ladder, tiers=swapped), now=NOW)
        found = dict(Tier.objects.values_list("public_id", "name"))
        assert (found[silver.public_id], found[gold.public_id]) == ("Gold", "Silver")

    def test_changes_nobodys_points_or_history(self, shop, ladder):
        ada = shop.member(points=150)
        requalify(member_id=ada.pk, now=NOW)
        before = shop.rows()
        change_ladder(program_id=shop.program.pk, ladder=changed(ladder, 1, threshold=200), now=NOW)
        assert shop.rows() == {**before, "Event": before["Event"] + 1}  # that the programme offers something else now
        shop.assert_sound()
        assert TierMembership.objects.get(member=ada).tier.name == "Silver"


class TestThePreview:
    def sweep(self, shop, now=NOW):
        shop.program.refresh_from_db()
        cursor = ""
        while cursor is not None:
            cursor = requalify_some(shop.program, cursor, now).cursor

    def test_tells_who_would_move_and_the_sweep_moves_exactly_those(self, shop, ladder):
        points = {7001: 0, 7002: 100, 7003: 150, 7004: 500, 7005: 700}
        members = {number: shop.member(number, points=given) for number, given in points.items()}
        self.sweep(shop)
        assign(member_id=members[7005].pk, tier=Tier.objects.get(name="Gold"), lock=True, now=NOW)
        draft = changed(changed(ladder, 1, threshold=150), 2, threshold=600)
        draft = replace(draft, tiers=[*draft.tiers, TierTerms("Copper", 50)])
        before = everything(shop)
        told = preview(program=shop.program, ladder=draft, now=NOW)
        assert everything(shop) == before
        assert told == [Move("Silver", "Copper", 1), Move("Gold", "Silver", 1)]
        change_ladder(program_id=shop.program.pk, ladder=draft, now=NOW)
        self.sweep(shop)
        stand = dict(TierMembership.objects.values_list("member__shopify_customer_id", "tier__name"))
        assert stand == {7001: "Bronze", 7002: "Copper", 7003: "Silver", 7004: "Silver", 7005: "Gold"}
        assert preview(program=shop.program, ladder=as_it_is(shop), now=NOW) == []

    def test_knows_every_entry_method_and_period(self, shop, ladder):
        ada = shop.member(points=500, now=NOW - timedelta(days=500))
        order(shop, ada, 120_00, at=NOW - timedelta(days=370))
        order(shop, ada, 1_00)
        requalify(member_id=ada.pk, now=NOW)
        reach = {
            (entry, period): [
                move.to_tier
                for move in preview(program=shop.program, ladder=replace(ladder, entry=entry, period=period), now=NOW)
            ]
            for entry in ("points", "spend", "purchases")
            for period in ("lifetime", "calendar_year", "rolling_year")
        }
        assert reach == {
            ("points", "lifetime"): [], ("points", "calendar_year"): ["Bronze"], ("points", "rolling_year"): ["Bronze"],
            ("spend", "lifetime"): ["Silver"], ("spend", "calendar_year"): ["Bronze"], ("spend", "rolling_year"): ["Bronze"],
            ("purchases", "lifetime"): ["Bronze"], ("purchases", "calendar_year"): ["Bronze"],
            ("purchases", "rolling_year"): ["Bronze"],
        }  # fmt: skip


class TestDeletingATier:
    def test_spares_the_base_and_a_tier_on_which_somebody_stands(self, shop, ladder):
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        before = everything(shop)
        with pytest.raises(InvalidField):
            delete_tier(public_id=ladder.tiers[0].public_id, now=NOW)
        with pytest.raises(TierInUse):
            delete_tier(public_id=ladder.tiers[1].public_id, now=NOW)
        with pytest.raises(NotFound):
            delete_tier(public_id="tier_nobody", now=NOW)
        assert everything(shop) == before

    def test_removes_one_nobody_needs(self, shop, ladder):
        delete_tier(public_id=ladder.tiers[2].public_id, now=NOW)
        assert list(Tier.objects.order_by("threshold").values_list("name", flat=True)) == ["Bronze", "Silver"]
