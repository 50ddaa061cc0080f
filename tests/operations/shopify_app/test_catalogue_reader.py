"""Products, read in the shop: their tags and which collections they are in."""

import pytest

from loyalty.members.ports import ShopUnreachable
from loyalty.orders.products import ProductFacts
from shopify_app.catalogue.reader import SLOTS, ShopifyCatalogue

pytestmark = pytest.mark.django_db
CATALOGUE = ShopifyCatalogue()
COLLECTIONS = range(500, 500 + SLOTS + 2)


@pytest.fixture
def shop(installed_shop, sandbox):
    products = [
        {"id": 1, "tags": ["Tea", "new"], "collections": [500, COLLECTIONS[-1]]},
        {"id": 2, "collections": [501]},
    ]
    collections = [{"id": number} for number in COLLECTIONS]
    sandbox.call("PUT", "stores", [{"domain": installed_shop.domain, "collections": collections, "products": products}])
    return installed_shop


def read(shop, products, collections=()):
    return CATALOGUE.products(shopify_domain=shop.domain, product_ids=products, collection_ids=collections)


def calls(sandbox, shop):
    return [each["variables"] for each in sandbox.store(shop.domain)["graphql_calls"] if each["operation"] == ["nodes"]]


class TestProducts:
    def test_are_told_with_their_tags_and_those_of_the_collections_asked_about(self, shop, sandbox):
        assert read(shop, {1, 2}, {500, 501}) == {
            1: ProductFacts(frozenset({"Tea", "new"}), frozenset({500})),
            2: ProductFacts(frozenset(), frozenset({501})),
        }
        assert len(calls(sandbox, shop)) == 1

    def test_are_told_without_a_collection_too(self, shop):
        assert read(shop, {1}) == {1: ProductFacts(frozenset({"Tea", "new"}))}

    def test_are_asked_about_in_as_many_calls_as_collections_take(self, shop, sandbox):
        assert read(shop, {1}, COLLECTIONS)[1].collection_ids == {500, COLLECTIONS[-1]}
        assert len(calls(sandbox, shop)) == 2

    def test_are_asked_about_250_at_a_time(self, shop, sandbox):
        found = read(shop, range(1, 252), {501})
        assert (len(found), found[2].collection_ids) == (251, {501})
        assert [len(each["ids"]) for each in calls(sandbox, shop)] == [250, 1]

    def test_that_are_gone_are_in_nothing(self, shop):
        assert read(shop, {9}, {500}) == {9: ProductFacts()}

    def test_are_in_no_collection_that_is_gone(self, shop):
        assert read(shop, {1}, {77})[1].collection_ids == frozenset()


class TestAShop:
    @pytest.mark.parametrize(
        "fault",
        [{"down": True}, {"down": "closed"}, {"server_error": 1}, {"throttled": True}, {"revoked": True}],
        ids=str,
    )
    def test_that_cannot_be_asked_is_not_taken_for_an_empty_one(self, shop, sandbox, fault):
        sandbox.faults(shop.domain, **fault)
        with pytest.raises(ShopUnreachable):
            read(shop, {1}, {500})

    def test_we_never_knew_cannot_be_asked(self, db):
        with pytest.raises(ShopUnreachable):
            CATALOGUE.products(shopify_domain="nobody.myshopify.com", product_ids={1}, collection_ids=())
