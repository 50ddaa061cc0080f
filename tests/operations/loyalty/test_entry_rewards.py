"""A tier gives a reward to who rises to it: once per member and tier for ever, by the event that tells of the rise."""

from datetime import timedelta

import pytest

from loyalty.earning.operations import set_excluded, undo
from loyalty.earning.operations.merging import merge_customers
from loyalty.errors import InvalidField
from loyalty.members.operations import redact
from loyalty.outbox.models import Delivery
from loyalty.outbox.operations import send_again
from loyalty.outbox.relay import attempt, claim, fan_out
from loyalty.programs.models import Program
from loyalty.rewards.errors import RewardInUse
from loyalty.rewards.models import EntryReward, Redemption
from loyalty.rewards.operations import change_tiers, delete_reward, fail, switch_reward
from loyalty.rewards.operations.merging import take_over_purchases
from loyalty.skips.models import Skip
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import Ladder, TierTerms, assign, delete_tier, place_some
from loyalty.tiers.operations.ladder import TierNamed
from tests.a_shop import NOW

DESTINATION = "encore:entry-rewards"


def ladder(shop, **thresholds) -> Ladder:
    program = Program.objects.get(pk=shop.program.pk)
    present = {tier.name: tier.public_id for tier in Tier.objects.all()}
    tiers = [TierTerms(name, threshold, public_id=present.get(name)) for name, threshold in thresholds.items()]
    return Ladder(
        tiers, program.tier_entry, program.tier_period, program.tier_grace_days, program.tier_multiplier_scope
    )


def save(shop, gives, now=NOW, **thresholds):
    wanted = ladder(shop, **(thresholds or {"Bronze": 0, "Silver": 100, "Gold": 500}))
    change_tiers(program_id=shop.program.pk, ladder=wanted, entry_rewards=gives, now=now)


def tell(now=NOW) -> list[str]:
    """Lets the relay tell all that waits, and returns how the deliveries of entry rewards stand."""
    while fan_out(now=now):
        pass
    while found := claim(destination=DESTINATION, now=now):
        attempt(claim=found, now=now)
    return list(Delivery.objects.filter(destination=DESTINATION).order_by("pk").values_list("state", flat=True))


def given() -> list[tuple[int, str]]:
    found = Redemption.objects.order_by("pk").values_list("member__shopify_customer_id", "occurrence")
    tiers = {f"tier:{tier.pk}": tier.name for tier in Tier.objects.all()}
    return [(customer, tiers[str(occurrence)]) for customer, occurrence in found]


@pytest.fixture
def reward(shop):
    made = shop.reward(0, name="Welcome to Gold")
    save(shop, {500: made.public_id})
    return made


class TestWhoRises:
    def test_is_given_the_reward_of_the_tier_they_arrive_on_for_no_points(self, shop, reward):
        shop.action(points=500)
        ada = shop.member()
        shop.award()
        assert tell() == ["done"]
        redemption = Redemption.objects.get()
        assert (redemption.member, redemption.reward, redemption.points_spent) == (ada, reward, 0)
        assert (redemption.terms["source"], redemption.state, given()) == ("tier", "holding", [(7001, "Gold")])
        assert shop.balances(ada).available == 500

    def test_to_a_tier_that_gives_none_is_given_none(self, shop, reward):
        shop.action(points=100)
        shop.member()
        shop.award()
        assert (tell(), given()) == (["skipped"], [])

    def test_again_after_a_fall_is_given_nothing_more_although_the_first_could_not_be_given(self, shop, reward):
        shop.action(points=500)
        shop.member()
        first = shop.award()
        tell()
        fail(redemption_id=Redemption.objects.get().pk, reason="no such product", now=NOW)
        undo(public_id=first.public_id, now=NOW)
        shop.award()
        assert tell() == ["done", "skipped", "done"]  # up, down, up
        assert given() == [(7001, "Gold")]

    def test_by_hand_or_in_the_sweep_after_the_ladder_was_edited_is_given_it_too(self, shop, reward):
        ada, bea = shop.member(7001), shop.member(7002, points=400)
        assign(member_id=ada.pk, tier=Tier.objects.get(name="Gold"), lock=True, now=NOW)
        place_some(program=shop.program, now=NOW)
        save(shop, {300: reward.public_id}, Bronze=0, Silver=100, Gold=300)
        shop.program.refresh_from_db()
        place_some(program=shop.program, now=NOW)
        tell()
        assert sorted(given()) == [(ada.shopify_customer_id, "Gold"), (bea.shopify_customer_id, "Gold")]

    def test_before_the_tier_gave_anything_is_given_nothing_later(self, shop):
        shop.member(7001, points=500)
        save(shop, {})
        place_some(program=shop.program, now=NOW)
        save(shop, {500: shop.reward(0).public_id})
        place_some(program=shop.program, now=NOW)
        assert (tell(), given()) == ([], [])

    @pytest.mark.parametrize("why", ["excluded", "programme off", "no test customer", "forgotten"])
    def test_and_takes_no_part_is_given_nothing(self, shop, reward, why):
        ada = shop.member(points=500)
        place_some(program=shop.program, now=NOW)
        if why == "excluded":
            set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        if why == "programme off":
            shop.set(is_enabled=False)
        if why == "no test customer":
            shop.set(test_mode="restrict", test_mode_emails=["tester@example.com"])
        fan_out(now=NOW)
        if why == "forgotten":
            redact(shopify_customer_id=7001, now=NOW)
        assert (tell(), given()) == (["skipped"], [])

    def test_while_the_reward_is_off_gets_it_when_it_is_sent_again(self, shop, reward):
        shop.member(points=500)
        place_some(program=shop.program, now=NOW)
        switch_reward(public_id=reward.public_id, on=False, now=NOW)
        assert tell() == ["dead"]
        failed = Delivery.objects.get(destination=DESTINATION)
        assert "Switch it on, then send this again" in failed.last_error
        switch_reward(public_id=reward.public_id, on=True, now=NOW)
        send_again(delivery_id=failed.pk, now=NOW)
        assert (tell(), given()) == (["done"], [(7001, "Gold")])
        send_again(delivery_id=failed.pk, now=NOW)
        with shop.nothing_changes():
            assert tell() == ["done"]

    def test_by_a_merge_of_two_of_whom_one_had_it_is_given_no_second(self, shop, reward):
        shop.member(7001, points=500), shop.member(7002)
        place_some(program=shop.program, now=NOW)
        tell()
        moved = merge_customers(program=shop.program, gone=7001, kept=7002, now=NOW)
        take_over_purchases(from_member_id=moved[0], into_member_id=moved[1])
        assert tell() == ["done", "done"]
        assert given() == [(7002, "Gold")]


class TestInShadow:
    """What a test brought about is a test, and goes with it."""

    @pytest.fixture
    def ada(self, shop, reward):
        shop.action(points=500)
        return shop.member(email="ada@example.com")

    def test_who_rises_by_a_test_is_given_a_test_and_after_the_clean_up_the_reward_in_earnest(self, shop, ada):
        shop.test_mode("shadow", ada)
        shop.award()
        shop.test_mode("off")
        tell()
        shop.clean_up()
        shop.award()
        tell()
        rewards = Redemption.objects.order_by("pk").values_list("is_test", "state")
        assert list(rewards) == [(True, "failed"), (False, "holding")]

    def test_a_test_that_is_told_after_its_clean_up_gives_nothing(self, shop, ada):
        shop.test_mode("shadow", ada)
        shop.award()
        shop.test_mode("off")
        shop.clean_up()
        assert (tell(), given()) == (["skipped", "skipped"], [])
        assert Delivery.objects.filter(last_error="The test that this comes from was cleaned up").count() == 1

    def test_who_rose_in_earnest_before_is_given_the_reward_in_earnest(self, shop, ada):
        shop.award()
        shop.test_mode("shadow", ada)
        tell()
        assert Redemption.objects.get().is_test is False


class TestWhileOnlyTestCustomersEarn:
    """A member rose before, and the relay tells it while they are left out."""

    @pytest.fixture(autouse=True)
    def left_out(self, shop, reward):
        self.shop, self.reward, self.bob = shop, reward, shop.member(points=500)
        place_some(program=shop.program, now=NOW)
        shop.test_mode("restrict", shop.member(7002, email="ada@example.com"))
        tell()

    def missed(self):
        return list(Skip.objects.values_list("name", "points", "state", "sentence"))

    def test_what_they_miss_is_kept_once_and_given_once(self):
        send_again(delivery_id=Delivery.objects.get(destination=DESTINATION).pk, now=NOW)
        assert (tell(), given()) == (["skipped"], [])
        assert self.missed() == [("Welcome to Gold: Welcome to Gold", 0, "waiting", "")]
        self.shop.test_mode("off")
        self.shop.award_missed()
        assert (given(), self.missed()[0][2]) == ([(7001, "Gold")], "given")
        with self.shop.nothing_changes():
            self.shop.award_missed(NOW + timedelta(minutes=1))

    @pytest.mark.parametrize(
        ("why", "sentence"),
        [
            ("the reward is off", "The reward is switched off or its dates are over"),
            ("the tier gives none", "The tier gives no reward now"),
            ("still left out", "The loyalty program is in test mode and this customer is not a test customer"),
        ],
    )
    def test_what_cannot_be_given_yet_goes_on_waiting_and_says_why(self, why, sentence):
        if why != "still left out":
            self.shop.test_mode("off")
        if why == "the reward is off":
            switch_reward(public_id=self.reward.public_id, on=False, now=NOW)
        if why == "the tier gives none":
            save(self.shop, {})
        self.shop.award_missed()
        assert given() == []
        assert self.missed()[0][2:] == ("waiting", sentence)


class TestAProgrammeWithoutEntryRewards:
    def test_tells_nobody(self, shop):
        save(shop, {})
        shop.member(points=500)
        place_some(program=shop.program, now=NOW)
        assert tell() == []


class TestChoosing:
    def stored(self):
        return dict(EntryReward.objects.values_list("tier__name", "reward__name"))

    def test_goes_with_the_ladder_for_new_tiers_too_and_is_taken_away_again(self, shop, reward):
        other = shop.reward(100, name="Five off")
        save(shop, {100: other.public_id, 900: reward.public_id}, Bronze=0, Silver=100, Gold=500, Platinum=900)
        assert self.stored() == {"Silver": "Five off", "Platinum": "Welcome to Gold"}
        save(shop, {}, Bronze=0, Silver=100, Gold=500, Platinum=900)
        assert self.stored() == {}

    def test_follows_its_tier_when_thresholds_are_exchanged(self, shop, reward):
        save(shop, {100: reward.public_id}, Bronze=0, Silver=500, Gold=100)
        assert self.stored() == {"Gold": "Welcome to Gold"}

    @pytest.mark.parametrize("what", ["the base tier", "no tier", "no reward", "a deleted reward"])
    def test_what_cannot_be_is_refused_and_changes_nothing(self, shop, reward, what):
        gone = shop.reward(0)
        delete_reward(public_id=gone.public_id, now=NOW)
        wrong = {
            "the base tier": {0: reward.public_id},
            "no tier": {77: reward.public_id},
            "no reward": {100: "reward_nobodys"},
            "a deleted reward": {100: gone.public_id},
        }[what]
        before = list(Tier.objects.order_by("pk").values()), self.stored()
        with shop.nothing_changes(), pytest.raises(InvalidField) as refused:
            save(shop, wrong, Bronze=0, Silver=150, Gold=500)
        assert refused.value.field == "entry_reward"
        assert (list(Tier.objects.order_by("pk").values()), self.stored()) == before

    def test_keeps_the_reward_from_being_deleted_until_another_is_chosen(self, shop, reward):
        with shop.nothing_changes(), pytest.raises(RewardInUse, match="Gold gives this reward"):
            delete_reward(public_id=reward.public_id, now=NOW)
        save(shop, {})
        delete_reward(public_id=reward.public_id, now=NOW + timedelta(days=1))

    def test_ends_with_its_tier_but_a_reward_for_a_tiers_members_keeps_the_tier(self, shop, reward):
        gold = Tier.objects.get(name="Gold")
        only = shop.reward(100, name="Gold only", tier=gold)
        with shop.nothing_changes(), pytest.raises(TierNamed, match="“Gold only” is for this tier only"):
            delete_tier(public_id=gold.public_id, now=NOW)
        type(only).objects.filter(pk=only.pk).update(tier=None, reward_type="discount")
        delete_tier(public_id=gold.public_id, now=NOW)
        assert self.stored() == {}
