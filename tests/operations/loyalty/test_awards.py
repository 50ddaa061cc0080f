"""Awards: once by key, once by occurrence, and every refusal leaves everything as it was."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.earning.errors import AlreadyAwarded, CustomActionNotFound, RuleNotFound
from loyalty.earning.facts import RuleReference
from loyalty.earning.models import Award
from loyalty.earning.operations import delete_rule, set_excluded, switch_rule
from loyalty.errors import IdempotencyKeyReused, NotFound, PlanRequired
from loyalty.ledger.models import Entry
from loyalty.members.errors import CustomerExcluded, CustomerNotFound
from loyalty.rewards.operations import begin
from tests.a_shop import NOW


@pytest.fixture
def ada(shop):
    return shop.member(7001)


class TestAnAward:
    def test_grants_the_points_as_one_entry_one_lot_and_one_event(self, shop, ada):
        shop.action(points=100)
        done = shop.award("k1", metadata={"platform": "ios"})
        assert (done.points, done.balance, done.status, done.replayed) == (100, 100, "approved", False)
        stored = Award.objects.get(public_id=done.public_id)
        entry = Entry.objects.get(pk=stored.entry_id)
        assert (entry.points, entry.kind, stored.metadata) == (100, "accrual", {"platform": "ios"})
        assert (shop.balances(ada).lifetime, shop.kinds()) == (100, ["points.earned"])

    def test_multiplies_by_tier_and_campaign_and_keeps_what_it_did(self, shop):
        shop.tier("Gold", 0, "1.5")
        rule = shop.action(points=33)
        shop.member(7001)
        shop.campaign(rule, "1.1")
        done = shop.award()
        assert (done.points, done.base_points, done.multiplier) == (54, 33, Decimal("1.65"))
        stored = Award.objects.get()
        switch_rule(public_id=rule.public_id, on=False, now=NOW)
        stored.refresh_from_db()
        assert stored.breakdown["tier"] == {"name": "Gold", "multiplier": "1.500", "applies": True}
        assert stored.breakdown["campaign"]["multiplier"] == "1.100"
        assert stored.rule_version == 1

    def test_for_somebody_known_by_email_finds_them_whatever_the_case(self, shop):
        shop.member(7001, email="Ada@Example.COM ")
        shop.action()
        assert shop.award(customer="ada@example.com").points == 100

    def test_every_time_awards_every_time(self, shop, ada):
        shop.action()
        for _ in range(3):
            shop.award()
        assert shop.balances(ada).available == 300


class TestTheSameKey:
    @pytest.fixture(autouse=True)
    def _first(self, shop, ada):
        self.rule = shop.action(points=100, frequency="once")
        self.first = shop.award("k1")

    def replay(self, shop, **more):
        with shop.nothing_changes():
            again = shop.award("k1", **more)
        assert (again.replayed, again.public_id, again.points) == (True, self.first.public_id, 100)
        return again

    def test_returns_the_first_award(self, shop):
        self.replay(shop)

    def test_returns_it_however_the_customer_is_named(self, shop):
        self.replay(shop, customer="7001@example.com")

    def test_returns_it_although_other_metadata_came_along(self, shop):
        self.replay(shop, metadata={"try": 2})

    def test_returns_it_after_the_action_was_turned_off(self, shop):
        switch_rule(public_id=self.rule.public_id, on=False, now=NOW)
        self.replay(shop)

    def test_returns_it_after_the_action_was_deleted(self, shop):
        delete_rule(public_id=self.rule.public_id, now=NOW)
        self.replay(shop)

    def test_returns_it_after_the_member_was_excluded(self, shop, ada):
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        self.replay(shop)

    def test_returns_it_while_the_programme_is_off(self, shop):
        shop.set(is_enabled=False)
        self.replay(shop)

    def test_returns_it_after_a_downgrade(self, shop):
        shop.set(plan="starter")
        self.replay(shop)

    def test_returns_it_with_the_balance_of_now_after_the_points_were_spent(self, shop, ada):
        begin(member=ada, reward_id=shop.reward(60).public_id, now=NOW, source="rest")
        again = self.replay(shop)
        assert (again.balance, again.balance_after) == (40, 100)

    def test_for_another_customer_is_refused(self, shop):
        shop.member(7002)
        with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
            shop.award("k1", customer=7002)

    def test_for_other_stated_points_is_refused(self, shop):
        with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
            shop.award("k1", stated_points=5)

    def test_of_another_action_is_another_key(self, shop):
        shop.action("survey", 10)
        assert shop.award("k1", action="survey").points == 10

    def test_in_another_scope_is_another_key(self, shop):
        shop.action("survey", 10)
        first = shop.award("run-1", action="survey", key_scope="flow")
        second = shop.award("run-1", action="survey")
        assert first.public_id != second.public_id


class TestOncePerCustomer:
    @pytest.mark.parametrize("key", [None, "another"])
    def test_refuses_a_second_award_with_or_without_a_key(self, shop, ada, key):
        shop.action(frequency="once")
        shop.award("k1")
        with shop.nothing_changes(), pytest.raises(AlreadyAwarded):
            shop.award(key)

    def test_is_per_customer(self, shop, ada):
        shop.member(7002)
        shop.action(frequency="once")
        assert shop.award().points == shop.award(customer=7002).points == 100

    def test_holds_for_social_rules(self, shop, ada):
        reference = RuleReference(public_id=shop.rule("follow_on_x", 50).public_id)
        assert shop.award(rule=reference).points == 50
        with shop.nothing_changes(), pytest.raises(AlreadyAwarded):
            shop.award(rule=reference)


class TestARefusal:
    def test_of_somebody_who_is_no_member_enrols_nobody(self, shop, ada):
        shop.action()
        for who in (999, "nobody@example.com"):
            with shop.nothing_changes(), pytest.raises(CustomerNotFound):
                shop.award("k", customer=who)

    def test_of_an_unknown_key_and_of_an_action_that_is_off_are_told_apart_for_the_log(self, shop, ada):
        rule = shop.action()
        switch_rule(public_id=rule.public_id, on=False, now=NOW)
        with shop.nothing_changes(), pytest.raises(CustomActionNotFound) as off:
            shop.award("k")
        with shop.nothing_changes(), pytest.raises(CustomActionNotFound) as unknown:
            shop.award("k", action="no_such")
        assert (off.value.facts["reason"], unknown.value.facts["reason"]) == ("off", "key")

    def test_of_a_rule_that_is_off_or_of_another_shop(self, shop, ada):
        rule = shop.rule()
        switch_rule(public_id=rule.public_id, on=False, now=NOW)
        for public_id in (rule.public_id, "rule_nobodys"):
            with shop.nothing_changes(), pytest.raises(RuleNotFound):
                shop.award(rule=RuleReference(public_id=public_id))

    def test_of_an_excluded_member(self, shop, ada):
        shop.action()
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        with shop.nothing_changes(), pytest.raises(CustomerExcluded):
            shop.award("k")
        set_excluded(member_id=ada.pk, excluded=False, now=NOW)
        assert shop.award("k").points == 100  # the refusal used the key up for nobody

    def test_of_a_plan_without_custom_actions(self, shop, ada):
        shop.action()
        shop.set(plan="starter")
        with shop.nothing_changes(), pytest.raises(PlanRequired):
            shop.award("k")

    def test_of_a_shop_that_uninstalled(self, shop, ada):
        shop.action()
        shop.set(is_installed=False)
        with shop.nothing_changes(), pytest.raises(NotFound):
            shop.award("k")

    def test_names_the_member_before_the_action(self, shop):
        with pytest.raises(CustomerNotFound):
            shop.award(action="no_such", customer=999)


class TestASkip:
    @pytest.mark.parametrize(
        ("settings", "reason"),
        [
            ({"is_enabled": False}, "program_disabled"),
            ({"test_mode": "restrict", "test_mode_emails": ["staff@example.com"]}, "test_mode"),
        ],
    )
    def test_uses_up_neither_the_key_nor_the_slot(self, shop, ada, settings, reason):
        shop.action(frequency="once")
        shop.set(**settings)
        with shop.nothing_changes():
            skipped = shop.award("k1")
        assert (skipped.skip_reason, skipped.points, skipped.status) == (reason, 0, "skipped")
        shop.set(is_enabled=True, test_mode="off")
        done = shop.award("k1")
        assert (done.points, done.replayed) == (100, False)

    def test_comes_of_a_rule_worth_nothing(self, shop, ada):
        shop.action(points=0)
        with shop.nothing_changes():
            assert shop.award().skip_reason == "zero_points"


class TestATier:
    def test_is_reached_by_the_award_and_multiplies_from_the_next_one_on(self, shop):
        shop.tier("Member", 0)
        shop.tier("Gold", 200, "2")
        ada = shop.member(7001)
        shop.action(points=150)
        shop.award(now=NOW)
        assert ada.tier_membership.tier.name == "Member"
        assert shop.award(now=NOW + timedelta(seconds=1)).points == 150
        ada.refresh_from_db()
        assert ada.tier_membership.tier.name == "Gold"
        assert shop.award(now=NOW + timedelta(seconds=2)).points == 300
        assert shop.kinds().count("tier.changed") == 1

    def test_is_reached_across_several_steps_at_once(self, shop):
        for name, threshold in (("Member", 0), ("Silver", 100), ("Gold", 200)):
            shop.tier(name, threshold)
        ada = shop.member(7001)
        shop.action(points=500)
        shop.award()
        ada.refresh_from_db()
        assert ada.tier_membership.tier.name == "Gold"
