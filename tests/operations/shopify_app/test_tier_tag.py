"""The tag that names a VIP tier: where the merchant wants it, exactly one at a time, and nobody else's tag is touched."""

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.outbox.models import Delivery
from loyalty.outbox.ports import Done, Retry
from loyalty.tiers.models import Tier, TierMembership
from loyalty.tiers.operations import Ladder, TierTerms, assign, change_ladder, place_some
from shopify_app.metafields.syncing import sync_everything
from tests.shop_marks import MarkedShop

pytestmark = pytest.mark.django_db
THEIRS = ["VIP", "encore", "wholesale"]


@pytest.fixture
def shop(db, sandbox):
    made = MarkedShop.opened(sandbox, 7001, 7002, tags={7001: THEIRS})
    made.set(writes_tier_tags=True)
    with made.scope():
        for name, threshold in (("Member", 0), ("Silver", 100), ("Gold", 500)):
            made.tier(name, threshold)
        yield made


def put(shop, tier, number=7001):
    assign(member_id=shop.member(number).pk, tier=Tier.objects.get(name=tier), lock=True, now=timezone.now())
    return shop.work_off()


def rename(shop, old, new):
    tiers = [
        TierTerms(new if tier.name == old else tier.name, tier.threshold, tier.multiplier, public_id=tier.public_id)
        for tier in Tier.objects.order_by("threshold")
    ]
    change_ladder(program_id=shop.program.pk, ladder=Ladder(tiers, "points", "lifetime", 0, "all"), now=timezone.now())


class TestTheTag:
    def test_moves_with_the_member_and_is_one_at_a_time(self, shop):
        for tier in ("Gold", "Silver"):
            put(shop, tier)
            assert shop.tags() == sorted([*THEIRS, f"Encore VIP: {tier}"])

    def test_goes_with_the_last_tier(self, shop):
        put(shop, "Gold")
        TierMembership.objects.all().delete()
        Tier.objects.all().delete()
        sync_everything(program_id=shop.program.pk, now=timezone.now())
        shop.work_off()
        assert shop.tags() == sorted(THEIRS)
        assert "$app.tier" not in shop.metafields(number=7001)

    def test_follows_a_tiers_new_name_on_everybody_who_stands_there(self, shop):
        put(shop, "Gold"), put(shop, "Silver", 7002)
        rename(shop, "Gold", "Platinum")
        shop.work_off()
        assert shop.tags() == sorted([*THEIRS, "Encore VIP: Platinum"])
        assert shop.metafields(number=7001)["$app.tier"] == "Platinum"
        assert shop.tags(7002) == ["Encore VIP: Silver"]

    def test_comes_with_the_first_ladder_for_who_was_there_before(self, sandbox):
        shop = MarkedShop.opened(sandbox, 7001)
        shop.set(writes_tier_tags=True)
        ada = shop.member(points=600)
        shop.work_off()
        shop.tier("Member", 0), shop.tier("Gold", 500)
        with shop.scope():
            place_some(program=shop.program, now=timezone.now())
            assert TierMembership.objects.get(member=ada).tier.name == "Gold"
        shop.work_off()
        assert shop.tags() == ["Encore VIP: Gold"]

    def test_follows_a_new_name_that_differs_in_case_only(self, shop):
        put(shop, "Gold")
        rename(shop, "Gold", "GOLD")
        shop.work_off()
        assert shop.tags() == sorted([*THEIRS, "Encore VIP: GOLD"])

    @pytest.mark.parametrize("kept", [1, 2, 3])
    def test_ends_right_whichever_answer_is_lost(self, shop, kept):
        put(shop, "Silver")
        assign(member_id=shop.member().pk, tier=Tier.objects.get(name="Gold"), lock=True, now=timezone.now())
        for _ in range(kept):
            shop.sandbox.faults(shop.domain, lose_answers=1)
            assert isinstance(shop.work_off()[0], Retry)
            Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
        assert {type(outcome) for outcome in shop.work_off(timezone.now() + timedelta(days=1))} == {Done}
        assert shop.tags() == sorted([*THEIRS, "Encore VIP: Gold"])

    def test_that_is_there_already_costs_no_write(self, shop):
        put(shop, "Gold")
        before = shop.written()
        sync_everything(program_id=shop.program.pk, now=timezone.now())
        shop.work_off()
        assert shop.written() == before


class TestASwitchThatIsOff:
    def test_leaves_the_merchants_tags_alone_even_those_that_look_like_ours(self, sandbox):
        shop = MarkedShop.opened(sandbox, 7001, tags={7001: ["Encore VIP: By hand"]})
        with shop.scope():
            shop.tier("Member", 0), shop.tier("Gold", 500)
            put(shop, "Gold")
            assert shop.metafields()["$app.tier"] == "Gold"
            sync_everything(program_id=shop.program.pk, now=timezone.now())
            shop.work_off()
        assert shop.tags() == ["Encore VIP: By hand"]

    def test_takes_its_tags_back_once(self, shop):
        put(shop, "Gold")
        shop.set(writes_tier_tags=False)
        sync_everything(program_id=shop.program.pk, now=timezone.now(), takes_tags_back=True)
        shop.work_off()
        assert shop.tags() == sorted(THEIRS)

    def test_that_was_put_on_again_meanwhile_keeps_them(self, shop):
        put(shop, "Gold")
        sync_everything(program_id=shop.program.pk, now=timezone.now(), takes_tags_back=True)
        shop.work_off()
        assert "Encore VIP: Gold" in shop.tags()
