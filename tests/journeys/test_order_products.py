"""Orders earn by what their products are: the shop is asked before an order is judged, once, and only where it matters."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.errors import TooMuchContention
from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations import change_rule, settle
from loyalty.earning.operations.products import ProductsUnknown
from loyalty.earning.operations.rules import RuleTerms
from loyalty.members.models import Member
from loyalty.orders.models import KnownProducts, Order
from shopify_app.catalogue.reader import ShopifyCatalogue
from tests.a_shop import AShop
from tests.journeys.shopify_webhooks import deliver, work_off
from tests.shopify_payloads import line, order, refund

pytestmark = pytest.mark.django_db

_ids = itertools.count(1)
LINES = [line(1, "60.00"), line(2, "40.00", product_id=22)]


@pytest.fixture
def shop(installed_shop, sandbox):
    """A shop that sells product 11, and product 22, which is on sale and in collection 7; audited at the end."""
    products = [{"id": 11, "title": "Oolong"}, {"id": 22, "title": "Sencha", "tags": ["Sale"], "collections": [7]}]
    catalogue = {"collections": [{"id": 7, "title": "Green"}, {"id": 8, "title": "Black"}], "products": products}
    sandbox.call("PUT", "stores", [{"domain": installed_shop.domain, **catalogue}])
    made = AShop(installed_shop.program)
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def member(shop) -> Member:
    return shop.member(7001, email="ada@example.com", now=timezone.now())


def earns(shop: AShop, **options):
    """5 points per dollar of an order, by these options."""
    return shop.rule("place_order", 5, now=timezone.now() - timedelta(days=900), frequency="unlimited", options=options)


def told(shop: AShop, topic: str = "orders/paid", **more):
    """Deliver an order of both products and work it off; returns the inbox row."""
    body = {"line_items": LINES, **more}
    payload = order(**body) if topic != "refunds/create" else refund(**more)
    assert deliver(shop.program.shopify_domain, topic, payload, webhook_id=f"p-{next(_ids)}").status_code == 200
    return work_off()


def points(shop: AShop, member: Member) -> int:
    return shop.balances(member, now=timezone.now()).available


def asked(shop: AShop, sandbox) -> list[dict]:
    """What the shop was asked about products."""
    calls = sandbox.store(shop.program.shopify_domain)["graphql_calls"]
    return [each["variables"] for each in calls if each["operation"] == ["nodes"]]


def campaign(shop: AShop, rule, **narrowed) -> None:
    terms = CampaignTerms(
        name="Double", starts_at=timezone.now() - timedelta(days=900), modifiers={rule.pk: Modifier(Decimal(2))},
        **narrowed,
    )  # fmt: skip
    create_campaign(program=shop.program, terms=terms, now=timezone.now())


class TestARule:
    @pytest.mark.parametrize(
        ("options", "earned"),
        [
            ({"collection_ids": [7]}, 200),
            ({"excluded_collection_ids": [7]}, 300),
            ({"product_tags": ["sale"]}, 200),
            ({"excluded_product_tags": ["SALE"]}, 300),
            ({"collection_ids": [8]}, 0),
            ({"collection_ids": [8], "product_ids": [11]}, 300),
        ],
        ids=str,
    )
    def test_for_collections_or_tags_counts_the_lines_they_name(self, shop, member, options, earned):
        earns(shop, **options)
        assert told(shop).state == "done"
        assert points(shop, member) == earned

    def test_asks_once_however_often_the_order_is_told_and_whatever_becomes_of_its_products(
        self, shop, member, sandbox
    ):
        earns(shop, collection_ids=[7])
        told(shop)
        sandbox.call(
            "PUT", "stores", [{"domain": shop.program.shopify_domain, "products": [{"id": 11, "collections": [7]}]}]
        )
        for number in range(2):
            told(shop, "orders/updated", updated_at=f"2026-11-20T11:0{number}:00Z")
        assert (points(shop, member), len(asked(shop, sandbox))) == (200, 1)

    def test_takes_back_what_it_gave_whatever_has_become_of_the_products(self, shop, member, sandbox):
        earns(shop, collection_ids=[7])
        told(shop)
        sandbox.call(
            "PUT", "stores", [{"domain": shop.program.shopify_domain, "products": [{"id": 22, "collections": []}]}]
        )
        told(shop, "refunds/create", amount="50.00")
        assert (points(shop, member), len(asked(shop, sandbox))) == (100, 1)

    def test_for_collections_asks_about_those_alone(self, shop, member, sandbox):
        earns(shop, collection_ids=[7])
        told(shop)
        (call,) = asked(shop, sandbox)
        assert {call[f"c{slot}"] for slot in range(10)} == {"gid://shopify/Collection/7"}
        assert call["ids"] == ["gid://shopify/Product/11", "gid://shopify/Product/22"]


class TestAShopIsNotAsked:
    @pytest.mark.parametrize("options", [{}, {"product_ids": [22]}, {"excluded_product_ids": [11]}], ids=str)
    def test_where_no_rule_needs_it(self, shop, member, sandbox, options):
        earns(shop, **options)
        told(shop)
        assert asked(shop, sandbox) == []
        assert KnownProducts.objects.count() == 0

    def test_about_an_order_that_earns_nothing_yet(self, shop, member, sandbox):
        earns(shop, collection_ids=[7])
        told(shop, "orders/create", financial_status="pending")
        assert asked(shop, sandbox) == []

    def test_about_an_order_of_nobody(self, shop, sandbox):
        earns(shop, collection_ids=[7])
        assert told(shop).state == "done"
        assert (asked(shop, sandbox), Order.objects.count()) == ([], 1)

    def test_for_a_campaign_that_does_not_run_or_is_on_another_rule(self, shop, member, sandbox):
        rule = earns(shop)
        other = shop.action()
        campaign(shop, other, collection_ids=(7,))
        campaign(shop, rule, collection_ids=(7,), ends_at=timezone.now() - timedelta(days=800))
        told(shop)
        assert (points(shop, member), asked(shop, sandbox)) == (500, [])


class TestAShopThatDoesNotAnswer:
    def test_leaves_the_order_for_the_webhooks_next_turn(self, shop, member, sandbox):
        earns(shop, collection_ids=[7])
        sandbox.faults(shop.program.shopify_domain, down=True)
        with shop.nothing_changes():
            row = told(shop)
        assert (row.state, row.attempts, Order.objects.count()) == ("pending", 1, 0)
        sandbox.faults(shop.program.shopify_domain, down=False)
        told(shop)
        assert points(shop, member) == 200

    def test_keeps_nobody_from_becoming_a_member_later(self, shop, sandbox):
        earns(shop, collection_ids=[7])
        told(shop)
        sandbox.faults(shop.program.shopify_domain, throttled=True, only="nodes")
        deliver(shop.program.shopify_domain, "customers/create", {"id": 7001, "state": "enabled"}, webhook_id="c-1")
        assert (work_off().state, Member.objects.count()) == ("pending", 0)


class TestACampaign:
    @pytest.mark.parametrize(
        ("narrowed", "earned"),
        [({"collection_ids": (7,)}, 700), ({"product_tags": ("SALE",)}, 700), ({"collection_ids": (8,)}, 500)],
        ids=str,
    )
    def test_multiplies_the_lines_it_names_alone(self, shop, member, narrowed, earned):
        campaign(shop, earns(shop), **narrowed)
        told(shop)
        assert points(shop, member) == earned

    def test_is_explained_line_by_line(self, shop, member):
        campaign(shop, earns(shop), collection_ids=(7,))
        told(shop)
        lines = Award.objects.get().breakdown["lines"]
        assert lines == [None, {"id": lines[1]["id"], "campaign": "Double", "multiplier": "2.000"}]


class TestAGuest:
    def test_is_credited_with_what_they_bought_when_they_join(self, shop, sandbox):
        earns(shop, collection_ids=[7])
        for number in range(3):
            told(shop, order_id=5_500_000_000_001 + number)
        assert asked(shop, sandbox) == []
        deliver(shop.program.shopify_domain, "customers/create", {"id": 7001, "state": "enabled"}, webhook_id="c-2")
        assert work_off().state == "done"
        assert (points(shop, Member.objects.get()), len(asked(shop, sandbox))) == (600, 1)

    def test_who_joins_by_the_order_is_judged_with_it(self, shop, sandbox):
        shop.set(enrols_on_order=True)
        earns(shop, product_tags=["sale"])
        told(shop)
        assert points(shop, Member.objects.get()) == 200

    def test_who_is_merged_into_a_member_brings_their_orders(self, shop, member, sandbox):
        earns(shop, collection_ids=[7])
        told(shop, customer={"id": 7002})
        gid = "gid://shopify/Customer/"
        body = {
            "admin_graphql_api_customer_kept_id": f"{gid}7001", "admin_graphql_api_customer_deleted_id": f"{gid}7002",
            "status": "completed",
        }  # fmt: skip
        deliver(shop.program.shopify_domain, "customers/merge", body, webhook_id="m-1")
        assert work_off().state == "done"
        assert points(shop, member) == 200


class ChangingItsMind(ShopifyCatalogue):
    """While the shop is asked, a merchant lets the rule count another collection."""

    changes = 0

    def products(self, *, shopify_domain, product_ids, collection_ids):
        found = super().products(shopify_domain=shopify_domain, product_ids=product_ids, collection_ids=collection_ids)
        rule = EarningRule.objects.get()
        if ChangingItsMind.changes > 0:
            ChangingItsMind.changes -= 1
            terms = RuleTerms(
                "Order",
                5,
                "unlimited",
                options={"collection_ids": [*rule.options["collection_ids"], 100 + rule.version]},
            )
            change_rule(public_id=rule.public_id, terms=terms, now=timezone.now())
        return found


class TestARuleThatChangesWhileTheShopIsAsked:
    @pytest.fixture
    def changing(self, settings):
        settings.ENCORE_CATALOGUE = f"{__name__}.ChangingItsMind"
        return ChangingItsMind

    def test_is_asked_for_again_as_it_is_then(self, shop, member, sandbox, changing):
        earns(shop, collection_ids=[7])
        changing.changes = 1
        assert told(shop).state == "done"
        assert (points(shop, member), len(asked(shop, sandbox))) == (200, 2)

    def test_for_ever_leaves_the_order_for_later(self, shop, member, changing):
        earns(shop, collection_ids=[7])
        changing.changes = 100
        row = told(shop)
        assert (row.state, row.reason) == ("pending", f"TooMuchContention: {TooMuchContention().sentence}")
        assert (points(shop, member), Order.objects.count()) == (0, 0)


def test_whoever_judges_without_asking_is_stopped_and_nothing_has_happened(shop, member):
    told(shop)
    earns(shop, collection_ids=[7])
    with shop.nothing_changes(), pytest.raises(ProductsUnknown) as stopped:
        settle(order_id=Order.objects.get().pk, now=timezone.now())
    assert stopped.value.wanted[5_500_000_000_001].product_ids == {11, 22}
