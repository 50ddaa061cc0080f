"""Orders earn once per rule, and what is given back takes its points along."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import approve, enrol, set_excluded, switch_rule
from loyalty.ledger.models import Entry
from loyalty.members.ports import Customer
from loyalty.orders.facts import LineFacts
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.orders import ORDER, heard, order, refund

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def purchase_rule(shop: AShop, points: int = 5, **terms):
    return shop.rule(
        "place_order", points, now=terms.pop("now", NOW - timedelta(days=30)), frequency="unlimited", **terms
    )


class TestAnOrder:
    def test_earns_per_currency_unit_when_it_is_paid(self, shop):
        rule, member = purchase_rule(shop, 5), shop.member()
        heard(shop, order(paid_at=None))
        assert Award.objects.count() == 0
        heard(shop, order(shopify_updated_at=NOW + HOUR))
        assert shop.balances(member).available == 500
        award = Award.objects.get()
        assert (award.rule, award.order_id, award.order_number, award.ordered_at) == (rule, ORDER, "#1001", NOW)
        assert award.breakdown["base"] == "500.00"

    def test_earns_once_however_often_it_is_told(self, shop):
        purchase_rule(shop)
        member = shop.member()
        heard(shop, *[order()] * 3, order(shopify_updated_at=NOW + HOUR))
        assert (Award.objects.count(), shop.balances(member).available) == (1, 500)

    def test_earns_by_each_rule_once(self, shop):
        purchase_rule(shop, 5), purchase_rule(shop, 50, options={"per": "fixed"})
        member = shop.member()
        heard(shop, *[order()] * 2)
        assert shop.balances(member).available == 550

    def test_earns_when_fulfilled_where_the_rule_says_so(self, shop):
        purchase_rule(shop, options={"when": "fulfilled"})
        member = shop.member()
        heard(shop, order())
        assert shop.balances(member).available == 0
        heard(shop, order(shopify_updated_at=NOW + HOUR, fulfilled_at=NOW + HOUR))
        assert shop.balances(member).available == 500

    def test_is_worth_one_floor_over_its_lines_times_tier_and_campaign(self, shop):
        rule = purchase_rule(shop, 2)
        shop.tier("Gold", 0, "1.25")
        member = shop.member()
        from loyalty.campaigns.models import Campaign

        shop.campaign(rule, "3", starts=NOW - HOUR)
        Campaign.objects.update(product_ids=[22])
        lines = (LineFacts(1, 11, 1, 1, 2999), LineFacts(2, 22, 2, 1, 2000))
        heard(shop, order(total=4999, lines=lines))
        assert shop.balances(member).available == 224

    def test_is_rounded_down_after_the_tier_and_not_before(self, shop):
        purchase_rule(shop, 1)
        shop.tier("Gold", 0, "1.5")
        member = shop.member()
        heard(shop, order(total=1099))
        assert shop.balances(member).available == 16

    @pytest.mark.parametrize(
        ("currency", "total", "points"), [("JPY", 1099, 1099), ("USD", 1099, 10), ("KWD", 10999, 10)]
    )
    def test_earns_by_currency_units_whatever_their_decimals(self, shop, currency, total, points):
        purchase_rule(shop, 1)
        shop.set(currency=currency)
        member = shop.member()
        heard(shop, order(total=total, currency=currency))
        assert shop.balances(member).available == points

    def test_is_judged_by_its_own_time_and_not_by_when_we_heard(self, shop):
        rule = purchase_rule(shop)
        member = shop.member()
        shop.campaign(rule, "2", starts=NOW - HOUR, ends=NOW + HOUR)
        heard(shop, order(), now=NOW + timedelta(days=2))
        assert shop.balances(member, now=NOW + timedelta(days=2)).available == 1000


class TestAnOrderThatEarnsNothing:
    def unchanged(self, shop, *told):
        with shop.nothing_changes():
            heard(shop, *told)

    def test_was_placed_before_the_rule_was_switched_on(self, shop):
        shop.member()
        purchase_rule(shop, now=NOW)
        self.unchanged(shop, order(at=NOW - HOUR))

    def test_is_a_test_or_was_cancelled_or_is_not_paid(self, shop):
        shop.member()
        purchase_rule(shop)
        self.unchanged(shop, order(is_test=True), order(ORDER + 1, cancelled_at=NOW), order(ORDER + 2, paid_at=None))

    def test_was_given_back_before_we_heard_that_it_was_paid(self, shop):
        shop.member()
        purchase_rule(shop)
        self.unchanged(shop, refund("r1", 10000), order())

    def test_is_of_an_excluded_member_for_good(self, shop):
        member = shop.member()
        purchase_rule(shop)
        set_excluded(member_id=member.pk, excluded=True, now=NOW)
        self.unchanged(shop, order())
        set_excluded(member_id=member.pk, excluded=False, now=NOW)
        self.unchanged(shop, order(shopify_updated_at=NOW + HOUR))

    def test_came_while_the_programme_was_off_for_good(self, shop):
        shop.member()
        purchase_rule(shop)
        shop.set(is_enabled=False)
        self.unchanged(shop, order())
        shop.set(is_enabled=True)
        self.unchanged(shop, order(shopify_updated_at=NOW + HOUR))

    def test_came_while_the_rule_was_off(self, shop):
        shop.member()
        rule = purchase_rule(shop)
        switch_rule(public_id=rule.public_id, on=False, now=NOW - HOUR)
        self.unchanged(shop, order())
        switch_rule(public_id=rule.public_id, on=True, now=NOW + HOUR)
        self.unchanged(shop, order(shopify_updated_at=NOW + 2 * HOUR))


class TestARefund:
    def test_takes_its_share_of_the_recorded_award(self, shop):
        purchase_rule(shop)
        member = shop.member()
        heard(shop, order(), refund("r1", 2000))
        assert shop.balances(member).available == 400
        heard(shop, refund("r2", 3000))
        assert shop.balances(member).available == 250
        assert shop.balances(member).lifetime == 250

    def test_is_reckoned_from_the_award_and_not_from_todays_rule(self, shop):
        rule = purchase_rule(shop)
        member = shop.member()
        heard(shop, order())
        from loyalty.earning.operations import RuleTerms, change_rule, delete_rule

        change_rule(public_id=rule.public_id, terms=RuleTerms("Changed", 900, "unlimited"), now=NOW)
        delete_rule(public_id=rule.public_id, now=NOW)
        heard(shop, refund("r1", 2000))
        assert shop.balances(member).available == 400

    def test_told_twice_is_one_reversal(self, shop):
        purchase_rule(shop)
        member = shop.member()
        heard(shop, order(), refund("r1", 2000), refund("r1", 2000), order())
        assert shop.balances(member).available == 400
        assert Entry.objects.filter(kind="reversal").count() == 1

    def test_that_completes_the_total_takes_the_rest(self, shop):
        purchase_rule(shop)
        member = shop.member()
        heard(shop, order(total=10000, lines=(LineFacts(1, 11, 1, 1, 6600),)))
        for reference, amount in (("r1", 3330), ("r2", 3330), ("r3", 3340)):
            heard(shop, refund(reference, amount))
        reversals = Entry.objects.filter(kind="reversal").order_by("pk").values_list("points", flat=True)
        assert list(reversals) == [-109, -109, -112]
        assert shop.balances(member).available == 0

    def test_that_came_before_its_order_takes_its_share_after_the_award(self, shop):
        purchase_rule(shop)
        member = shop.member()
        heard(shop, refund("r1", 2000), order())
        assert shop.balances(member).available == 400

    def test_of_a_cancelled_order_is_everything(self, shop):
        purchase_rule(shop)
        member = shop.member()
        heard(shop, order(), refund("r1", 2000), order(shopify_updated_at=NOW + HOUR, cancelled_at=NOW + HOUR))
        assert (shop.balances(member).available, shop.balances(member).lifetime) == (0, 0)

    def test_by_an_edit_counts_once(self, shop):
        purchase_rule(shop)
        member = shop.member()
        edited = order(shopify_updated_at=NOW + HOUR, current_total_minor=8000)
        heard(shop, order(), edited, edited, refund("r1", 2000))
        assert shop.balances(member).available == 400

    def test_shrinks_a_pending_award_and_the_last_one_rejects_it(self, shop):
        purchase_rule(shop, approval_days=14)
        member = shop.member()
        heard(shop, order(), refund("r1", 2000))
        assert (shop.balances(member).pending, Award.objects.get().status) == (400, "pending")
        heard(shop, refund("r2", 8000))
        assert (shop.balances(member).pending, Award.objects.get().status) == (0, "rejected")

    def test_of_a_pending_award_leaves_the_rest_to_mature(self, shop):
        purchase_rule(shop, approval_days=14)
        member = shop.member()
        heard(shop, order(), refund("r1", 2000))
        approve(public_id=Award.objects.get().public_id, now=NOW + HOUR)
        assert shop.balances(member).available == 400
        heard(shop, refund("r2", 3000), now=NOW + HOUR)
        assert shop.balances(member).available == 250

    def test_lets_the_member_fall_to_the_tier_they_have_earned(self, shop):
        purchase_rule(shop)
        shop.tier("Base", 0), shop.tier("Gold", 500)
        member = shop.member()
        heard(shop, order())
        assert member.tier_membership.tier.name == "Gold"
        heard(shop, refund("r1", 2000))
        member.tier_membership.refresh_from_db()
        assert member.tier_membership.tier.name == "Base"


class TestAGuest:
    def test_is_credited_with_earlier_orders_on_joining(self, shop):
        purchase_rule(shop)
        heard(shop, order(at=NOW - HOUR), refund("r1", 2000), order(ORDER + 1, 1000, at=NOW - timedelta(days=60)))
        assert Award.objects.count() == 0
        member = shop.member(7001)
        assert shop.balances(member).available == 400
        assert [each.order_id for each in member.awards.all()] == [ORDER]

    def test_is_credited_once(self, shop):
        purchase_rule(shop)
        heard(shop, order())
        member = shop.member(7001)
        customer = Customer(7001, "ada@example.com", "Ada", "Lovelace", NOW)
        enrol(program=shop.program, customer=customer, now=NOW, source="test")
        heard(shop, order())
        assert shop.balances(member).available == 500

    def test_of_another_customer_is_not(self, shop):
        purchase_rule(shop)
        heard(shop, order(customer=7002), order(ORDER + 1, customer=None))
        assert shop.balances(shop.member(7001)).available == 0


class TestAFirstOrder:
    def test_earns_where_only_first_orders_do(self, shop):
        purchase_rule(shop, options={"first_order_only": True})
        member = shop.member()
        heard(shop, order(), order(ORDER + 1, at=NOW + HOUR))
        assert shop.balances(member).available == 500

    def test_is_capped_where_the_rule_says_so(self, shop):
        purchase_rule(shop, options={"cap_points": 120})
        member = shop.member()
        heard(shop, order())
        assert shop.balances(member).available == 120
        assert Award.objects.get().multiplier == Decimal(1)
