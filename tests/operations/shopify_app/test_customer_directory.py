"""Customers, looked up live in the shop."""

import pytest

from loyalty.members.ports import ShopUnreachable
from shopify_app.customers.directory import ShopifyCustomerDirectory
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db
DIRECTORY = ShopifyCustomerDirectory()


class TestFinding:
    def test_by_id_gives_what_the_shop_knows(self, installed_shop):
        found = DIRECTORY.find(shopify_domain=installed_shop.domain, shopify_customer_id=CUSTOMER["id"])
        assert (found.email, found.first_name, found.last_name) == ("ada@example.com", "Ada", "Lovelace")
        assert found.created_at.isoformat() == "2025-01-01T00:00:00+00:00"

    def test_by_e_mail_address_gives_the_same(self, installed_shop):
        by_id = DIRECTORY.find(shopify_domain=installed_shop.domain, shopify_customer_id=CUSTOMER["id"])
        assert DIRECTORY.find_by_email(shopify_domain=installed_shop.domain, email=CUSTOMER["email"]) == by_id

    def test_an_id_nobody_has_gives_nobody(self, installed_shop):
        assert DIRECTORY.find(shopify_domain=installed_shop.domain, shopify_customer_id=404) is None

    @pytest.mark.parametrize(
        "fault", [{"down": True}, {"down": "closed"}, {"server_error": 1}, {"throttled": True}, {"revoked": True}]
    )
    def test_a_shop_that_cannot_be_asked_is_not_taken_for_nobody(self, installed_shop, sandbox, fault):
        sandbox.faults(installed_shop.domain, **fault)
        with pytest.raises(ShopUnreachable):
            DIRECTORY.find(shopify_domain=installed_shop.domain, shopify_customer_id=CUSTOMER["id"])

    def test_a_shop_we_never_knew_cannot_be_asked(self, db):
        with pytest.raises(ShopUnreachable):
            DIRECTORY.find(shopify_domain="nobody.myshopify.com", shopify_customer_id=1)
