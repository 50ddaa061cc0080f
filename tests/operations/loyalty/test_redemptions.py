"""Redemptions without a worker: what is checked before the points are held, and how each one ends once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.earning.operations import set_excluded
from loyalty.errors import IdempotencyKeyReused, InvalidField, ProgramDisabled
from loyalty.members.errors import CustomerExcluded
from loyalty.rewards import queries
from loyalty.rewards.errors import LimitReached, NotForSale, RewardNotFound, RewardTooExpensive, TierRequired
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations import (
    RewardTerms,
    begin,
    change_reward,
    create_reward,
    delete_reward,
    fail,
    finish,
    issue_free,
    switch_reward,
)
from loyalty.rewards.operations.purchase import PATIENCE
from loyalty.rewards.tasks import issue
from tests.a_shop import NOW

TERMS = RewardTerms(name="$5 off", discount_type="fixed_amount", points_cost=100, discount_amount=Decimal(5))


@pytest.fixture
def ada(shop):
    return shop.member(7001, points=250)


def buy(member, reward, key=None, now=NOW):
    return begin(member=member, reward_id=reward.public_id, now=now, source="rest", key=key)[0]


class TestBeginning:
    def test_holds_the_points_and_stores_the_code_and_the_terms(self, shop, ada):
        reward = shop.reward(100, expiry_days=30, minimum_spend=Decimal(20))
        bought = buy(ada, reward)
        stands = shop.balances(ada)
        assert (stands.available, stands.held, stands.lifetime, stands.redeemed) == (150, 100, 250, 0)
        assert bought.code.startswith("TEA-")
        assert len(bought.code) == len("TEA-") + 8
        assert bought.expires_at == (NOW + timedelta(days=30)).replace(hour=0)
        change_reward(public_id=reward.public_id, terms=TERMS, now=NOW)
        bought.refresh_from_db()
        assert (bought.terms["minimum_spend"], bought.terms["reward_version"]) == ("20.000", 1)
        assert shop.kinds() == []  # nothing is told before there is a code

    def test_takes_an_exact_balance(self, shop, ada):
        buy(ada, shop.reward(250))
        assert shop.balances(ada).available == 0

    def test_under_the_same_key_returns_the_first_although_it_emptied_the_account(self, shop, ada):
        reward = shop.reward(250)
        first = buy(ada, reward, "k")
        switch_reward(public_id=reward.public_id, on=False, now=NOW)
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        with shop.nothing_changes():
            assert buy(ada, reward, "k").pk == first.pk

    def test_under_the_same_key_for_another_reward_or_member_is_refused(self, shop, ada):
        first, second = shop.reward(10), shop.reward(10)
        bea = shop.member(7002, points=50)
        buy(ada, first, "k")
        for member, reward in ((ada, second), (bea, first)):
            with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
                buy(member, reward, "k")


class TestARefusal:
    def test_of_too_few_points(self, shop, ada):
        reward = shop.reward(251)
        with (
            shop.nothing_changes(),
            pytest.raises(RewardTooExpensive, match="has 250 points but this reward costs 251"),
        ):
            buy(ada, reward)

    def test_of_a_reward_that_is_off_deleted_or_nobodys(self, shop, ada):
        off, gone = shop.reward(), shop.reward()
        switch_reward(public_id=off.public_id, on=False, now=NOW)
        delete_reward(public_id=gone.public_id, now=NOW)
        for reward in (off, gone, Reward(public_id="reward_nobodys")):
            with shop.nothing_changes(), pytest.raises(RewardNotFound):
                buy(ada, reward)

    def test_of_an_excluded_member(self, shop, ada):
        reward = shop.reward()
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        with shop.nothing_changes(), pytest.raises(CustomerExcluded):
            buy(ada, reward)

    def test_while_the_programme_is_off(self, shop, ada):
        reward = shop.reward()
        shop.set(is_enabled=False)
        with shop.nothing_changes(), pytest.raises(ProgramDisabled):
            buy(ada, reward)

    def test_of_another_tiers_reward_even_from_above(self, shop):
        shop.tier("Member", 0)
        silver, gold = shop.tier("Silver", 100), shop.tier("Gold", 1000)
        ada = shop.member(7001)
        shop.action(points=200)
        shop.award()
        rewards = {tier.name: shop.reward(10, tier=tier) for tier in (silver, gold)}
        with shop.nothing_changes(), pytest.raises(TierRequired, match="on the Gold tier"):
            buy(ada, rewards["Gold"])
        assert buy(ada, rewards["Silver"]).state == "holding"
        shop.award()
        for _ in range(4):
            shop.award()
        with shop.nothing_changes(), pytest.raises(TierRequired, match="on the Silver tier"):
            buy(ada, rewards["Silver"])

    def test_beyond_the_limit_per_customer(self, shop, ada):
        reward = shop.reward(10, max_redemptions=2)
        bea = shop.member(7002, points=50)
        finish(redemption_id=buy(ada, reward).pk, discount_gid="gid://x/1", now=NOW)
        buy(ada, reward)
        with shop.nothing_changes(), pytest.raises(LimitReached, match="2 times"):
            buy(ada, reward)
        assert buy(bea, reward).state == "holding"

    def test_names_the_member_then_the_tier_then_the_limit_then_the_points(self, shop):
        gold = shop.tier("Gold", 1000)
        shop.tier("Member", 0)
        ada = shop.member(7001)
        reward = shop.reward(500, tier=gold, max_redemptions=1)
        with pytest.raises(TierRequired):
            buy(ada, reward)


class TestAnEnd:
    @pytest.fixture
    def bought(self, shop, ada):
        return buy(ada, shop.reward(100), "k")

    def test_with_a_code_captures_the_points_and_tells_once(self, shop, ada, bought):
        done = finish(redemption_id=bought.pk, discount_gid="gid://x/1", now=NOW)
        assert (done.state, done.deadline_at, shop.kinds()) == ("active", None, ["points.redeemed"])
        assert (shop.balances(ada).held, shop.balances(ada).redeemed) == (0, 100)
        with shop.nothing_changes():
            finish(redemption_id=bought.pk, discount_gid="gid://x/2", now=NOW)
            fail(redemption_id=bought.pk, reason="late", now=NOW)

    def test_without_a_code_returns_the_points_and_frees_the_key(self, shop, ada, bought):
        done = fail(redemption_id=bought.pk, reason="down", now=NOW)
        assert (done.state, done.idempotency_key, done.code_needs_removal) == ("failed", None, True)
        assert (shop.balances(ada).available, shop.kinds()) == (250, ["redemption.failed"])
        with shop.nothing_changes():
            fail(redemption_id=bought.pk, reason="again", now=NOW)
        assert buy(ada, bought.reward, "k").pk != bought.pk

    def test_that_failed_takes_no_part_in_the_limit_and_in_the_history(self, shop, ada):
        reward = shop.reward(10, max_redemptions=1)
        fail(redemption_id=buy(ada, reward).pk, reason="down", now=NOW)
        assert buy(ada, reward).state == "holding"
        assert list(queries.redemptions_of(member_id=ada.pk)) == []

    def test_that_comes_after_it_was_given_up_marks_the_code_for_removal_and_keeps_the_points(self, shop, ada, bought):
        fail(redemption_id=bought.pk, reason="late", now=NOW)
        Redemption.objects.update(code_needs_removal=False, next_removal_at=None)
        with shop.nothing_changes():
            late = finish(redemption_id=bought.pk, discount_gid="gid://x/1", now=NOW)
        assert (late.state, late.code_needs_removal, shop.balances(ada).available) == ("failed", True, 250)

    def test_of_one_past_its_deadline_is_left_to_the_sweep_and_asks_shopify_nothing(self, shop, ada, bought):
        with shop.nothing_changes():
            issue(program_id=shop.program.pk, redemption_id=bought.pk)  # the clock says years after NOW
        assert queries.overdue(now=NOW + PATIENCE) == [bought.pk]


class TestAReward:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"), ({"discount_type": "magic"}, "discount_type"), ({"points_cost": -1}, "points_cost"),
            ({"points_cost": 1_000_000_001}, "points_cost"), ({"discount_amount": None}, "discount_amount"),
            ({"discount_amount": Decimal(0)}, "discount_amount"), ({"discount_amount": Decimal("5.001")}, "discount_amount"),
            ({"discount_type": "percentage", "discount_amount": Decimal("100.1")}, "discount_amount"),
            ({"discount_type": "percentage", "discount_amount": None}, "discount_amount"),
            ({"minimum_spend": Decimal(-1)}, "minimum_spend"), ({"max_redemptions": 0}, "max_redemptions"),
            ({"expiry_days": 0}, "expiry_days"), ({"expiry_days": 3651}, "expiry_days"),
        ],
    )  # fmt: skip
    def test_with_an_impossible_term_is_refused_and_the_field_named(self, shop, changes, field):
        terms = RewardTerms(**{**{name: getattr(TERMS, name) for name in TERMS.__slots__}, **changes})
        with shop.nothing_changes(), pytest.raises(InvalidField) as refusal:
            create_reward(program=shop.program, terms=terms, now=NOW)
        assert refusal.value.field == field

    def test_that_costs_nothing_is_only_given(self, shop, ada):
        given = shop.reward(0)
        with shop.nothing_changes(), pytest.raises(NotForSale, match="cannot be bought"):
            buy(ada, given)
        assert (
            issue_free(member=ada, reward_id=given.public_id, occurrence="o", source="tier", now=NOW)[0].state
            == "holding"
        )

    def test_in_yen_has_no_decimals(self, shop):
        shop.set(currency="JPY")
        with pytest.raises(InvalidField):
            shop.reward(discount_amount=Decimal("5.5"))
        assert shop.reward(discount_amount=Decimal(500)).discount_amount == 500

    def test_of_free_shipping_has_no_amount(self, shop):
        assert shop.reward(discount_type="free_shipping").discount_amount is None

    def test_that_was_deleted_cannot_be_changed(self, shop):
        reward = shop.reward()
        delete_reward(public_id=reward.public_id, now=NOW)
        for call in (
            lambda: change_reward(public_id=reward.public_id, terms=TERMS, now=NOW),
            lambda: switch_reward(public_id=reward.public_id, on=True, now=NOW),
            lambda: queries.reward(public_id=reward.public_id),
        ):
            with pytest.raises(RewardNotFound):
                call()
