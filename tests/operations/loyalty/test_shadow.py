"""Shadow test mode: what listed members do is a test and leaves no mark on figures; everybody else goes on."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points, approve, celebrate, forget_customer, forget_everyone, undo
from loyalty.earning.operations.merging import merge_customers
from loyalty.earning.queries import awards_of
from loyalty.errors import InvalidField
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Entry, Lot
from loyalty.ledger.queries import movements, standings_of, totals
from loyalty.members.operations import update_identity, update_profile
from loyalty.programs.models import Program
from loyalty.rewards.errors import LimitReached
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, finish
from loyalty.test_mode.operations import ModeTerms, change_test_mode
from loyalty.tiers.models import Tier, TierEntryGrant
from loyalty.tiers.operations import requalify
from loyalty.tiers.queries import tier_of
from tests.a_shop import NOW
from tests.operations.loyalty.orders import heard, order, refund

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def ada(shop):
    return shop.member(7001, email="ada@example.com")


@pytest.fixture
def bob(shop):
    return shop.member(7002, email="bob@example.com")


def marks(model=Entry, **which):
    return list(model.objects.filter(**which).order_by("pk").values_list("is_test", flat=True))


def buy(member, reward, now=NOW):
    bought, _ = begin(member=member, reward_id=reward.public_id, now=now, source="rest")
    return finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=now)


class TestWhatAListedMemberDoes:
    @pytest.fixture(autouse=True)
    def shadow(self, shop, ada):
        shop.test_mode("shadow", ada)

    def test_over_a_door_is_a_test_in_history_entry_and_lot(self, shop, ada):
        shop.action()
        shop.award("k1")
        assert shop.award("k1").replayed
        assert (marks(Award), marks(Entry), marks(Lot)) == ([True], [True], [True])
        assert shop.balances(ada).available == 100

    @pytest.mark.parametrize("points", [30, -30])
    def test_by_hand_is_a_test(self, shop, ada, points):
        shop.give(ada, 50)
        adjust_points(member=ada, points=points, source="rest", now=NOW)
        assert (marks(Award), marks(Entry)) == ([True], [True, True])

    def test_by_an_order_is_a_test_and_so_is_its_refund(self, shop, ada):
        shop.rule("place_order", 1, frequency="unlimited")
        heard(shop, order(), refund("r1", 5000))
        assert marks(Award) == [True]
        assert marks(Entry) == [True, True]
        assert shop.balances(ada).available == 50

    def test_on_a_birthday_and_at_a_milestone_is_a_test(self, shop, ada):
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        shop.rule("birthday", 200, now=long_ago)
        shop.rule("order_milestone", 300, now=NOW - timedelta(days=1), options={"orders": 1})
        update_profile(member_id=ada.pk, date_of_birth=date(1990, 6, 15), now=NOW)
        assert celebrate(program=shop.program, now=datetime(2026, 6, 15, 12, tzinfo=UTC))["birthdays"] == 1
        heard(shop, order())
        assert sorted(Award.objects.values_list("action", "is_test")) == [("birthday", True), ("order_milestone", True)]

    def test_by_rising_is_a_test(self, shop, ada):
        shop.tier("Base", 0)
        gold = shop.tier("Gold", 100)
        Tier.objects.filter(pk=gold.pk).update(entry_points=40)
        requalify(member_id=ada.pk, now=NOW)
        shop.action()
        shop.award()
        assert tier_of(member_id=ada.pk) == gold
        assert TierEntryGrant.objects.get().is_test
        assert (shop.balances(ada).available, marks(Entry)) == (140, [True, True])

    def test_by_redeeming_is_a_test_whenever_the_code_is_made(self, shop, ada):
        shop.give(ada, 100)
        bought, _ = begin(member=ada, reward_id=shop.reward(100).public_id, now=NOW, source="rest")
        shop.test_mode("off")
        done = finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)
        assert (done.is_test, marks(Entry, kind="redemption")) == (True, [True])

    def test_and_waits_for_approval_is_a_test_even_if_it_is_approved_later(self, shop, ada):
        shop.action(approval_days=3)
        made = shop.award()
        shop.test_mode("off")
        approve(public_id=made.public_id, now=LATER)
        assert (marks(Lot), shop.kinds()) == ([True], ["points.pending", "member.changed", "points.earned"])
        assert shop.balances(ada).available == 100

    def test_and_runs_out_is_a_test(self, shop, ada):
        shop.give(ada, 100, expires_at=LATER)
        shop.test_mode("off")
        ledger.expire_due(now=LATER)
        assert marks(Entry, kind="expiry") == [True]

    def test_and_staff_undo_is_a_test(self, shop, ada):
        shop.action()
        undo(public_id=shop.award().public_id, now=NOW)
        assert marks(Entry, kind="reversal") == [True]


class TestWhatIsNoTest:
    def test_is_what_everybody_else_does(self, shop, ada, bob):
        shop.test_mode("shadow", ada)
        shop.action()
        shop.award(customer=7002)
        buy(bob, shop.reward(100))
        assert (marks(Award), marks(Entry), marks(Redemption)) == ([False], [False, False], [False])

    def test_is_what_was_earned_before_and_what_becomes_of_it(self, shop, ada):
        shop.rule("place_order", 1, frequency="unlimited")
        shop.action(approval_days=3)
        heard(shop, order())
        waits = shop.award()
        shop.give(ada, 10, expires_at=LATER)
        bought, _ = begin(member=ada, reward_id=shop.reward(20).public_id, now=NOW, source="rest")
        shop.test_mode("shadow", ada)
        finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)
        approve(public_id=waits.public_id, now=NOW)
        heard(shop, refund("r1", 5000))
        ledger.expire_due(now=LATER)
        assert set(marks()) == {False}
        assert sorted(Entry.objects.values_list("kind", flat=True)) == [
            "accrual", "accrual", "accrual", "expiry", "redemption", "reversal",
        ]  # fmt: skip

    def test_is_what_is_done_after_the_mode_is_off(self, shop, ada):
        shop.test_mode("shadow", ada)
        shop.test_mode("off")
        shop.action()
        shop.award()
        assert marks(Award) == [False]

    def test_is_anything_in_the_form_that_restricts(self, shop, ada):
        shop.test_mode("restrict", ada)
        shop.action()
        shop.award()
        assert marks(Award) == [False]

    def test_is_what_somebody_does_who_takes_over_a_listed_address(self, shop, ada, bob):
        shop.test_mode("shadow", ada)
        update_identity(
            shopify_customer_id=7002, email="ada@example.com", first_name=None, last_name=None, now=NOW
        )  # before Ada's own change is heard of
        shop.action()
        shop.award(customer=7002)
        assert marks(Award) == [False]


class TestFigures:
    def test_leave_tests_out(self, shop, ada, bob):
        shop.test_mode("shadow", ada)
        for member in (ada, bob):
            shop.give(member, 300)
            adjust_points(member=member, points=50, source="staff", now=NOW)
            buy(member, shop.reward(100))
        assert (totals().issued, totals().redeemed) == (350, 100)
        assert {entry.account.member_id for entry in movements(earned=True, spent=True)} == {bob.pk}
        assert movements().count() == 6

    def test_of_a_budget_leave_tests_out(self, shop, ada, bob):
        rule = shop.action()
        terms = CampaignTerms("Twice", NOW - LATER.resolution, {rule.pk: Modifier(Decimal(2))}, budget_points=100)
        create_campaign(program=shop.program, terms=terms, now=NOW)
        shop.test_mode("shadow", ada)
        assert [shop.award().points for _ in range(3)] == [200, 200, 200]
        assert Campaign.objects.get().spent_points == 0
        assert shop.award(customer=7002).points == 200
        assert Campaign.objects.get().spent_points == 100
        assert shop.award().points == 100  # as everybody, a test customer sees that it is used up

    def test_of_a_rewards_limit_in_total_leave_tests_out(self, shop, ada, bob):
        shop.test_mode("shadow", ada)
        shop.give(ada, 500), shop.give(bob, 500)
        reward = shop.reward(100, total_limit=1)
        buy(ada, reward), buy(ada, reward)
        buy(bob, reward)
        for member in (ada, bob):
            with shop.nothing_changes(), pytest.raises(LimitReached):
                buy(member, reward)

    def test_of_a_limit_per_customer_count_the_test_customers_own(self, shop, ada):
        shop.test_mode("shadow", ada)
        shop.give(ada, 500)
        reward = shop.reward(100, max_redemptions=1)
        buy(ada, reward)
        with shop.nothing_changes(), pytest.raises(LimitReached):
            buy(ada, reward)


class TestSwitchingIt:
    def change(self, shop, mode, *emails, **more):
        terms = ModeTerms(mode, emails, **more)
        return change_test_mode(program_id=shop.program.pk, terms=terms, now=NOW)

    def stored(self, shop):
        return (
            Program.objects.filter(pk=shop.program.pk)
            .values("test_mode", "test_mode_emails", "sends_test_events")
            .get()
        )

    @pytest.mark.parametrize("mode", ["shadow", "restrict"])
    def test_names_the_address_that_is_nobodys_and_changes_nothing(self, shop, ada, mode):
        before = self.stored(shop)
        with shop.nothing_changes(), pytest.raises(InvalidField, match=r"eve@example\.com is not a member") as refused:
            self.change(shop, mode, "ADA@example.com ", "eve@example.com")
        assert (refused.value.field, self.stored(shop)) == ("emails", before)

    @pytest.mark.parametrize(
        ("mode", "emails"), [("shadow", []), ("restrict", [" "]), ("loud", ["ada@example.com"])], ids=str
    )
    def test_to_what_is_none_changes_nothing(self, shop, ada, mode, emails):
        before = self.stored(shop)
        with shop.nothing_changes(), pytest.raises(InvalidField):
            self.change(shop, mode, *emails)
        assert self.stored(shop) == before

    def test_twice_is_as_good_as_once(self, shop, ada, bob):
        for _ in range(2):
            self.change(shop, "shadow", "bob@example.com", " Ada@Example.com")
        assert self.stored(shop)["test_mode_emails"] == ["ada@example.com", "bob@example.com"]
        assert set(Account.objects.values_list("is_testing", flat=True)) == {True}

    def test_for_others_ends_the_test_of_who_is_no_longer_listed(self, shop, ada, bob):
        self.change(shop, "shadow", "ada@example.com")
        shop.give(ada, 10)
        self.change(shop, "shadow", "bob@example.com")
        standings = standings_of(member_ids=[ada.pk, bob.pk], now=NOW)
        assert [(s.is_testing, s.has_tests) for s in (standings[ada.pk], standings[bob.pk])] == [
            (False, True), (True, True),
        ]  # fmt: skip

    def test_off_again_without_a_test_leaves_nothing_to_clean_up(self, shop, ada):
        self.change(shop, "shadow", "ada@example.com")
        self.change(shop, "off", "ada@example.com")
        assert list(Account.objects.values_list("is_testing", "has_tests")) == [(False, False)]
        assert self.stored(shop)["test_mode_emails"] == ["ada@example.com"]

    @pytest.mark.parametrize("mode", ["shadow", "restrict"])
    def test_follows_a_changed_address(self, shop, ada, mode):
        self.change(shop, mode, "ada@example.com")
        told = {"first_name": "Ada", "last_name": None, "now": NOW}
        update_identity(shopify_customer_id=7001, email="countess@example.com", **told)
        assert self.stored(shop)["test_mode_emails"] == ["countess@example.com"]
        shop.action()
        assert shop.award().points == 100
        assert marks(Award) == [mode == "shadow"]
        update_identity(shopify_customer_id=7001, email=None, **told)
        assert self.stored(shop)["test_mode_emails"] == []

    def test_ends_for_who_is_forgotten(self, shop, ada, bob):
        self.change(shop, "shadow", "ada@example.com", "bob@example.com")
        forget_customer(program=shop.program, shopify_customer_id=7001, now=NOW)
        assert self.stored(shop)["test_mode_emails"] == ["bob@example.com"]
        assert list(Account.objects.order_by("pk").values_list("is_testing", flat=True)) == [False, True]
        forget_everyone(program=shop.program, now=NOW)
        assert set(Account.objects.values_list("is_testing", flat=True)) == {False}


class TestAMerge:
    def test_keeps_test_points_apart_and_asks_the_survivor_whether_it_goes_on(self, shop, ada, bob):
        shop.give(ada, 30)
        shop.test_mode("shadow", ada)
        shop.give(ada, 70)
        merge_customers(program=shop.program, gone=7001, kept=7002, now=NOW)
        left = Lot.objects.filter(remaining__gt=0).order_by("remaining")
        assert list(left.values_list("remaining", "is_test")) == [(30, False), (70, True)]
        standing = standings_of(member_ids=[bob.pk], now=NOW)[bob.pk]
        assert (standing.is_testing, standing.has_tests) == (False, True)
        shop.action()
        shop.award(customer=7002)
        assert not awards_of(member_id=bob.pk)[0].is_test
