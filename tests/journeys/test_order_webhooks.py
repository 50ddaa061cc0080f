"""Shopify tells of orders, refunds and customers: signed bodies in, points and rows out; late, twice and out of order."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.earning.models import Award
from loyalty.members.models import Member
from loyalty.orders.models import Order, Refund
from loyalty.programs.models import Program
from loyalty.rewards.operations import begin, fail, issue
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import uninstall
from shopify_app.webhooks.models import PersonalDataRequest
from tests.a_shop import AShop
from tests.conftest import CUSTOMER
from tests.journeys.shopify_webhooks import deliver, work_off
from tests.shopify_payloads import line, order, refund

pytestmark = pytest.mark.django_db

_ids = itertools.count(1)


@pytest.fixture
def shop(installed_shop):
    """An installed shop with 5 points per dollar and member 7001, in scope; audited at the end."""
    made = AShop(installed_shop.program)
    made.rule("place_order", 5, now=timezone.now() - timedelta(days=900), frequency="unlimited")
    Program.objects.filter(pk=made.program.pk).update(test_mode="off")
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def member(shop) -> Member:
    return shop.member(7001, email="ada@example.com", now=timezone.now())


def told(shop: AShop, topic: str, payload: dict, **how):
    """Deliver and work off; returns the inbox row."""
    how.setdefault("webhook_id", f"w-{next(_ids)}")
    assert deliver(shop.program.shopify_domain, topic, payload, **how).status_code == 200
    return work_off()


def points(shop: AShop, member: Member) -> int:
    return shop.balances(member, now=timezone.now()).available


class TestAnOrder:
    def test_earns_when_it_is_paid_and_not_before(self, shop, member):
        told(shop, "orders/create", order(financial_status="pending"))
        assert points(shop, member) == 0
        told(shop, "orders/paid", order(updated_at="2026-11-20T10:05:00-05:00"))
        assert points(shop, member) == 500
        award = Award.objects.get()
        assert (award.source, award.order_number) == ("order", "#1001")

    @pytest.mark.parametrize("topic", ["orders/create", "orders/paid", "orders/updated", "orders/fulfilled"])
    def test_told_by_any_topic_however_often_earns_once(self, shop, member, topic):
        for _ in range(3):
            assert told(shop, topic, order()).state == "done"
        assert points(shop, member) == 500

    def test_earns_by_the_shops_money_whatever_the_buyer_paid_in(self, shop, member):
        told(shop, "orders/paid", order(total="109.99", line_items=[line(1, "60.00", 2, discount="20.00", tax="9.99")]))
        assert points(shop, member) == 500
        row = Order.objects.get()
        assert (row.currency, row.total_minor, row.lines[0]["amount_minor"]) == ("USD", 10999, 10000)

    def test_cancelled_gives_its_points_back(self, shop, member):
        told(shop, "orders/paid", order())
        cancelled = order(cancelled_at="2026-11-21T00:00:00Z", updated_at="2026-11-21T00:00:00Z")
        for topic in ("orders/cancelled", "orders/updated"):
            told(shop, topic, cancelled)
        assert points(shop, member) == 0

    def test_that_is_none_is_ignored(self, shop):
        row = told(shop, "orders/create", {"id": 1})
        assert (row.state, row.reason) == ("ignored", "not an order")

    def test_of_a_shop_that_has_left_or_never_came_is_ignored(self, shop, member):
        uninstall(domain=shop.program.shopify_domain, now=timezone.now())
        with shop.nothing_changes():
            assert told(shop, "orders/paid", order()).reason == "uninstalled"
        assert deliver("nobody.myshopify.com", "orders/paid", order(), webhook_id="x").status_code == 200
        assert work_off().reason == "unknown shop"

    def test_of_another_shop_gives_nothing_here(self, shop, member, sandbox):
        from shopify_app.shops.operations import install

        domain = sandbox.new_store(customers=[CUSTOMER])
        install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now())
        with shop.nothing_changes():
            deliver(domain, "orders/paid", order(), webhook_id="y")
            assert work_off().state == "done"
        assert Order.objects.count() == 0


class TestARefund:
    def test_takes_its_share_back_once_however_often_it_is_told(self, shop, member):
        told(shop, "orders/paid", order())
        for _ in range(2):
            told(shop, "refunds/create", refund(amount="20.00"))
        told(shop, "orders/updated", order(refunds=[refund(amount="20.00")], updated_at="2026-11-21T10:00:01-05:00"))
        assert points(shop, member) == 400
        assert (Refund.objects.count(), Order.objects.get().refunded_minor) == (1, 2000)

    def test_that_comes_before_its_order_waits_for_it(self, shop, member):
        assert told(shop, "refunds/create", refund(amount="20.00")).state == "done"
        told(shop, "orders/paid", order())
        assert points(shop, member) == 400

    def test_that_was_missed_is_made_up_for_by_the_order(self, shop, member):
        told(shop, "orders/paid", order())
        told(shop, "orders/updated", order(refunds=[refund()], updated_at="2026-11-21T10:00:01-05:00"))
        assert points(shop, member) == 400

    def test_that_is_none_is_ignored(self, shop):
        assert told(shop, "refunds/create", {"id": 1}).reason == "not a refund"


class TestAnOrderEnrols:
    def test_its_customer_where_the_programme_says_so(self, shop):
        shop.set(enrols_on_order=True)
        told(shop, "orders/paid", order())
        found = Member.objects.get()
        assert (found.shopify_customer_id, found.email) == (7001, "ada@example.com")
        assert points(shop, found) == 500

    def test_nobody_otherwise(self, shop):
        told(shop, "orders/paid", order())
        assert (Member.objects.count(), Order.objects.get().member) == (0, None)

    def test_nobody_while_it_is_unpaid(self, shop):
        shop.set(enrols_on_order=True)
        told(shop, "orders/create", order(financial_status="pending"))
        assert Member.objects.count() == 0

    def test_later_while_the_shop_does_not_answer(self, shop, sandbox):
        shop.set(enrols_on_order=True)
        sandbox.faults(shop.program.shopify_domain, down=True)
        row = told(shop, "orders/paid", order())
        assert (row.state, row.attempts, Order.objects.count()) == ("pending", 1, 0)


class TestACustomer:
    def test_with_a_new_account_is_a_member_with_what_they_ordered_as_a_guest(self, shop):
        told(shop, "orders/paid", order())
        for _ in range(2):
            told(shop, "customers/create", {"id": 7001, "state": "enabled"})
        assert points(shop, Member.objects.get()) == 500

    @pytest.mark.parametrize("state", ["disabled", "invited", None])
    def test_without_an_account_is_not(self, shop, state):
        assert told(shop, "customers/create", {"id": 7001, "state": state}).reason == "no account"
        assert Member.objects.count() == 0

    def test_the_shop_does_not_know_any_more_is_not(self, shop):
        assert told(shop, "customers/create", {"id": 9, "state": "enabled"}).reason == "no longer a customer"

    def test_joins_nothing_while_the_programme_is_off(self, shop):
        shop.set(is_enabled=False)
        assert told(shop, "customers/create", {"id": 7001, "state": "enabled"}).reason == "the programme is off"
        assert Member.objects.count() == 0

    def test_who_is_deleted_is_nobody_and_their_sums_stay(self, shop, member):
        told(shop, "orders/paid", order())
        for _ in range(2):
            assert told(shop, "customers/delete", {"id": 7001}).state == "done"
        member.refresh_from_db()
        assert (member.email, member.redacted_at is not None, points(shop, member)) == (None, True, 500)
        row = Order.objects.get()
        assert (row.shopify_customer_id, row.facts["tags"], row.total_minor) == (None, [], 10000)

    def test_who_is_forgotten_leaves_no_trace_on_their_orders(self, shop):
        told(shop, "orders/paid", order())
        told(shop, "customers/redact", {"customer": {"id": 7001}, "shop_domain": shop.program.shopify_domain})
        assert Order.objects.get().shopify_customer_id is None

    def test_who_asks_is_told_of_their_orders(self, shop, member):
        told(shop, "orders/paid", order())
        told(shop, "customers/data_request", {"customer": {"id": 7001}, "shop_domain": shop.program.shopify_domain})
        answer = json.loads(PersonalDataRequest.objects.get().data)
        assert [(each["number"], each["total"], each["currency"]) for each in answer["orders"]] == [
            ("#1001", "100.00", "USD")
        ]

    def test_is_nobody_on_any_order_of_a_shop_that_is_forgotten(self, shop, member):
        told(shop, "orders/paid", order())
        uninstall(domain=shop.program.shopify_domain, now=timezone.now())
        assert told(shop, "shop/redact", {"shop_domain": shop.program.shopify_domain}).state == "done"
        assert (Order.objects.get().shopify_customer_id, Order.objects.get().total_minor) == (None, 10000)


class TestMergedCustomers:
    def body(self, **more):
        gid = "gid://shopify/Customer/"
        ids = {
            "admin_graphql_api_customer_kept_id": f"{gid}7002",
            "admin_graphql_api_customer_deleted_id": f"{gid}7001",
        }
        return {**ids, "admin_graphql_api_job_id": None, "status": "completed", "errors": [], **more}

    def test_are_one_member_with_points_orders_and_codes(self, shop, member):
        told(shop, "orders/paid", order())
        reward = shop.reward(100, now=timezone.now())
        survivor = shop.member(7002, now=timezone.now())
        redemption, _ = begin(member=member, reward_id=reward.public_id, now=timezone.now(), source="test")
        assert told(shop, "customers/merge", self.body()).state == "pending"  # while the reward is being bought
        fail(redemption_id=redemption.pk, reason="", now=timezone.now())
        bought, _ = begin(member=member, reward_id=reward.public_id, now=timezone.now(), source="test", key="p1")
        issue(redemption_id=bought.pk, now=timezone.now())
        for _ in range(2):
            assert told(shop, "customers/merge", self.body()).state == "done"
        assert points(shop, survivor) == 400
        again = begin(member=survivor, reward_id=reward.public_id, now=timezone.now(), source="test", key="p1")
        assert (again[0].pk, again[1]) == (bought.pk, True)
        redemption.refresh_from_db()
        assert (redemption.member_id, Order.objects.get().member_id) == (survivor.pk, survivor.pk)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"status": "failed"},
            {"admin_graphql_api_customer_kept_id": None},
            {"admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7001"},
        ],
        ids=str,
    )
    def test_that_are_not_two_or_not_merged_are_left_alone(self, shop, member, wrong):
        with shop.nothing_changes():
            assert told(shop, "customers/merge", self.body(**wrong)).state == "ignored"


class TestTheShop:
    def test_changes_its_name_and_time_zone_and_the_programme_follows(self, shop, sandbox):
        domain = shop.program.shopify_domain
        sandbox.call("PATCH", f"stores/{domain}", {"name": "Tea & More", "timezone": "Europe/Paris", "currency": "EUR"})
        for _ in range(2):
            assert (
                told(shop, "shop/update", {"id": 1, "name": "An older name", "myshopify_domain": domain}).state
                == "done"
            )
        shop.program.refresh_from_db()
        assert (shop.program.name, shop.program.time_zone, shop.program.currency) == (
            "Tea & More",
            "Europe/Paris",
            "EUR",
        )

    def test_grants_other_scopes_and_they_are_kept(self, shop, installed_shop):
        Shop.objects.filter(pk=installed_shop.pk).update(scopes="")
        told(shop, "app/scopes_update", {"id": "gid://shopify/App/1", "previous": [], "current": ["read_orders"]})
        installed_shop.refresh_from_db()
        assert "read_orders" in installed_shop.scopes.split(",")

    def test_that_does_not_answer_is_asked_again(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, down=True)
        assert told(shop, "shop/update", {"id": 1}).state == "pending"
