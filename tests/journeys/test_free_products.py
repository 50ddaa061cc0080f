"""A customer buys a free product: only while the shop has it."""

import pytest

from tests.journeys.test_purchases import code, shop, stands

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
__all__ = ["shop"]  # a fixture


class TestAFreeProduct:
    GIFT = {
        "discount_type": "free_product", "discount_amount": None,
        "variant_gids": ("gid://shopify/ProductVariant/11", "gid://shopify/ProductVariant/12"),
    }  # fmt: skip

    @pytest.fixture
    def gift(self, shop):
        self.stock(shop, green=True, black=True)
        return shop.reward(100, **self.GIFT)

    def stock(self, shop, *, green, black, status="ACTIVE"):
        variants = [{"id": 11, "available": green}, {"id": 12, "available": black}]
        products = [{"id": 1, "status": status, "variants": variants}]
        shop.sandbox.call("PUT", "stores", [{"domain": shop.domain, "products": products}])

    def choose(self, shop, reward, variant=None, key=None):
        body = {"customer_identifier": "7001", **({"variant_id": variant} if variant else {})}
        return shop.rest("POST", f"rewards/{reward.public_id}/purchase", body, key=key)

    def test_that_can_be_had_is_bought(self, shop, gift):
        assert self.choose(shop, gift).status_code == 201
        assert stands(shop) == (900, 0, 100)

    def test_of_which_some_variant_can_be_had_is_bought_and_the_one_that_cannot_is_refused(self, shop, gift):
        self.stock(shop, green=False, black=True)
        with shop.nothing_changes():
            refused = self.choose(shop, gift, "11")
        assert code(refused) == (422, "product_unavailable")
        assert refused.json()["errors"][0]["detail"] == "The variant of this reward is not available at the moment"
        assert self.choose(shop, gift, "12").status_code == 201
        assert self.choose(shop, gift).status_code == 201

    @pytest.mark.parametrize(
        "how", [{"green": False, "black": False}, {"green": True, "black": True, "status": "DRAFT"}]
    )
    def test_of_which_nothing_can_be_had_is_refused_before_points_move(self, shop, gift, how):
        self.stock(shop, **how)
        with shop.nothing_changes():
            assert code(self.choose(shop, gift)) == (422, "product_unavailable")
        assert shop.codes() == {}

    def test_is_refused_for_what_else_stands_against_it_without_asking_the_shop(self, shop, gift):
        poor = shop.reward(5000, **self.GIFT)
        shop.sandbox.faults(shop.domain, down=True)
        with shop.nothing_changes():
            assert code(self.choose(shop, poor)) == (422, "insufficient_points")
            assert code(self.choose(shop, gift, "99")) == (400, "invalid_field")

    def test_while_the_shop_cannot_say_is_503_and_no_points_move(self, shop, gift):
        shop.sandbox.faults(shop.domain, throttled=True, only="nodes")
        with shop.nothing_changes():
            assert code(self.choose(shop, gift)) == (503, "shopify_unavailable")

    def test_bought_once_is_the_same_under_its_key_although_nothing_is_left(self, shop, gift):
        first = self.choose(shop, gift, key="g1")
        self.stock(shop, green=False, black=False)
        again = self.choose(shop, gift, key="g1")
        assert (again.status_code, again.json()["data"]) == (200, first.json()["data"])
