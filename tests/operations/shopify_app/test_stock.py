"""Whether product variants can be bought, asked of the shop."""

import pytest

from loyalty.members.ports import ShopUnreachable
from shopify_app.catalogue.stock import ShopifyStock

pytestmark = pytest.mark.django_db
STOCK = ShopifyStock()
TEA, SOLD_OUT, DRAFT, HIDDEN, GONE = (f"gid://shopify/ProductVariant/{number}" for number in (11, 12, 21, 31, 99))


@pytest.fixture
def shop(installed_shop, sandbox):
    products = [
        {"id": 1, "variants": [{"id": 11}, {"id": 12, "available": False}]},
        {"id": 2, "status": "DRAFT", "variants": [{"id": 21}]},
        {"id": 3, "status": "UNLISTED", "variants": [{"id": 31}]},
    ]
    sandbox.call("PUT", "stores", [{"domain": installed_shop.domain, "products": products}])
    return installed_shop


def available(shop, *gids):
    return STOCK.available(shopify_domain=shop.domain, variant_gids=gids)


def test_what_is_in_stock_of_a_product_that_is_offered_can_be_bought(shop):
    assert available(shop, TEA, SOLD_OUT, DRAFT, HIDDEN, GONE) == {TEA, HIDDEN}


@pytest.mark.parametrize(
    "fault",
    [
        {"down": True},
        {"down": "closed"},
        {"server_error": 1},
        {"throttled": True},
        {"revoked": True},
        {"slow_ms": 4500},
    ],
    ids=str,
)
def test_a_shop_that_cannot_be_asked_is_not_taken_for_a_sold_out_one(shop, sandbox, fault):
    sandbox.faults(shop.domain, **fault)
    with pytest.raises(ShopUnreachable):
        available(shop, TEA)


def test_a_shop_we_never_knew_cannot_be_asked(db):
    with pytest.raises(ShopUnreachable):
        STOCK.available(shopify_domain="nobody.myshopify.com", variant_gids=[TEA])
