"""VIP tiers: the ladder in one form; who would move is shown before anybody does."""

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from loyalty.outbox.relay import attempt, claim, fan_out
from loyalty.programs.models import Program
from loyalty.rewards.models import EntryReward, Redemption
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import place_some, requalify
from loyalty.tiers.queries import tier_of
from loyalty.tiers.tasks import requalify_some
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        made.tier("Bronze", 0)
        made.tier("Silver", 100, "1.25")
        yield made


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


@pytest.fixture
def post(staff):
    as_it_is = {
        "entry": "points", "period": "lifetime", "grace_days": "0", "name_0": "Bronze", "multiplier_0": "1",
        "name_1": "Silver", "threshold_1": "100", "multiplier_1": "1.25", "entry_points_1": "0",
        "entry_reward_1": "", "name_2": "", "threshold_2": "", "multiplier_2": "", "entry_points_2": "", "entry_reward_2": "",
    }  # fmt: skip
    return lambda **changes: staff.post("/standalone/vip-tiers", {**as_it_is, **changes})


def stored(shop) -> tuple:
    names = ("tier_entry", "tier_period", "tier_grace_days", "tier_multiplier_scope")
    tiers = Tier.objects.order_by("threshold").values_list("name", "threshold", "multiplier", "entry_points")
    return Program.objects.filter(pk=shop.program.pk).values(*names).get(), list(tiers)


class TestAFieldAlone:
    @pytest.mark.parametrize(
        ("field", "given", "column", "kept"),
        [
            ("entry", "spend", "tier_entry", "spend"),
            ("period", "calendar_year", "tier_period", "calendar_year"),
            ("grace_days", "14", "tier_grace_days", 14),
        ],
    )
    def test_changes_its_own_setting(self, shop, post, field, given, column, kept):
        settings, tiers = stored(shop)
        assert post(**{field: given}).status_code == 303
        assert stored(shop) == ({**settings, column: kept}, tiers)

    @pytest.mark.parametrize(
        ("field", "given", "place", "kept"),
        [("name_1", "Argent", 0, "Argent"), ("threshold_1", "150", 1, 150), ("multiplier_1", "2", 2, 2),
         ("entry_points_1", "50", 3, 50)],
    )  # fmt: skip
    def test_changes_its_own_tier(self, shop, post, field, given, place, kept):
        settings, (base, silver) = stored(shop)
        assert post(**{field: given}).status_code == 303
        changed = (*silver[:place], kept, *silver[place + 1 :])
        assert stored(shop) == (settings, [base, changed])

    @pytest.mark.parametrize(
        ("field", "given"),
        [("entry", "x"), ("period", ""), ("grace_days", "91"), ("name_1", ""), ("name_1", "bronze"), ("threshold_1", "0"),
         ("multiplier_1", "1.0001"), ("entry_points_1", "-1"), ("name_2", "Gold"), ("threshold_2", "500")],
    )  # fmt: skip
    def test_that_is_wrong_changes_nothing(self, shop, post, field, given):
        before = stored(shop)
        assert post(**{field: given}).status_code == 422
        assert stored(shop) == before


class TestTheRewardForReachingATier:
    def test_alone_changes_what_who_rises_is_given_and_nothing_else(self, shop, staff, post):
        reward, before = shop.reward(0, name="Welcome"), stored(shop)
        assert post(entry_reward_1=reward.public_id).status_code == 303
        assert stored(shop) == before
        assert EntryReward.objects.get().reward == reward
        assert f'value="{reward.public_id}" selected' in staff.get("/standalone/vip-tiers").content.decode()
        place_some(program=shop.program, now=NOW)
        shop.member(points=100)
        place_some(program=shop.program, now=NOW)
        fan_out(now=NOW)
        attempt(claim=claim(destination="encore:entry-rewards", now=NOW), now=NOW)
        assert Redemption.objects.get().reward == reward

    def test_of_another_shop_nobody_or_without_a_tier_is_refused(self, shop, post):
        with scopes_disabled():
            other = AShop.new().reward(0)
        before = stored(shop)
        for changes in (
            {"entry_reward_1": other.public_id},
            {"entry_reward_1": "reward_nobodys"},
            {"entry_reward_2": shop.reward(0).public_id},
        ):
            assert post(**changes).status_code == 422
        assert (stored(shop), EntryReward.objects.count()) == (before, 0)

    def test_is_named_with_who_would_move_before_they_do(self, shop, post):
        reward = shop.reward(0, name="Welcome")
        ada, bea = shop.member(7001, points=80), shop.member(7002, points=120)
        place_some(program=shop.program, now=NOW)
        shown = post(threshold_1="70", entry_points_1="1500", entry_reward_1=reward.public_id).content.decode()
        assert "Bronze → Silver: 1 member, given 1,500 points and “Welcome”" in shown
        shown = post(threshold_1="200", entry_reward_1=reward.public_id).content.decode()
        assert "Silver → Bronze: 1 member<" in shown
        assert (ada.pk, bea.pk, Redemption.objects.count()) == (ada.pk, bea.pk, 0)


class TestALadderThatMovesMembers:
    def test_shows_them_first_and_asks(self, shop, post):
        ada = shop.member(points=120)
        requalify(member_id=ada.pk, now=NOW)
        before = stored(shop)
        shown = post(threshold_1="200", name_2="Copper", threshold_2="110")
        assert (shown.status_code, stored(shop)) == (422, before)
        assert "Silver → Copper: 1 member<" in shown.content.decode()
        assert post(threshold_1="200", name_2="Copper", threshold_2="110", is_confirmed="on").status_code == 303
        shop.program.refresh_from_db()
        requalify_some(shop.program, "", NOW)
        assert tier_of(member_id=ada.pk).name == "Copper"

    def test_asks_nothing_when_nobody_moves(self, shop, post):
        assert post(name_2="Gold", threshold_2="500").status_code == 303
        assert [row[:2] for row in stored(shop)[1]] == [("Bronze", 0), ("Silver", 100), ("Gold", 500)]


class TestDeleting:
    def test_is_for_a_tier_on_which_nobody_stands(self, shop, staff):
        ada = shop.member(points=100)
        requalify(member_id=ada.pk, now=NOW)
        gold = shop.tier("Gold", 500)
        for tier in (gold, *Tier.objects.exclude(pk=gold.pk)):
            assert staff.post(f"/standalone/vip-tiers/{tier.public_id}/delete").status_code == 303
        assert list(Tier.objects.order_by("threshold").values_list("name", flat=True)) == ["Bronze", "Silver"]
        assert staff.post("/standalone/vip-tiers/tier_nobodys/delete").status_code == 404


def test_the_first_ladder_begins_with_its_base(db):
    made = AShop.new()
    set_login(program=made.program, username="bob", password="bob")
    client = Client()
    client.login(username="bob", password="bob")
    assert client.get("/standalone/vip-tiers").status_code == 200
    form = {"entry": "spend", "period": "rolling_year", "grace_days": "0", "name_0": "Base", "multiplier_0": "1"}
    assert client.post("/standalone/vip-tiers", form).status_code == 303
    with made.scope():
        assert list(Tier.objects.values_list("name", "threshold")) == [("Base", 0)]
