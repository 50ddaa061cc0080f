"""One redemption, one code: whatever Shopify does to our calls."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.utils import timezone

from loyalty.rewards.ports import CodeTaken, DiscountRefused, DiscountTerms, IssuerUnavailable
from shopify_app.discounts.issuer import ShopifyDiscountIssuer
from shopify_app.shops.models import Shop
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db
ISSUER = ShopifyDiscountIssuer()


def terms_for(shop, **changes) -> DiscountTerms:
    given = {
        "shopify_domain": shop.domain,
        "reference": "cr_test1",
        "code": "ENCORE-AAAA1111",
        "title": "5 off",
        "discount_type": "fixed_amount",
        "amount": Decimal("5.000"),
        "minimum_spend": None,
        "shopify_customer_id": CUSTOMER["id"],
        "starts_at": timezone.now(),
        "ends_at": None,
        "deadline_at": timezone.now() + timedelta(seconds=6),
    }
    return DiscountTerms(**{**given, **changes})


def discounts(sandbox, shop) -> list:
    return sandbox.store(shop.domain)["discounts"]


class TestCreating:
    def test_makes_a_code_for_one_customer_and_one_use(self, installed_shop, sandbox):
        gid = ISSUER.create(terms_for(installed_shop, minimum_spend=Decimal("25.000")))
        (made,) = discounts(sandbox, installed_shop)
        assert made["gid"] == gid
        assert made["code"] == "ENCORE-AAAA1111"
        assert made["customer_gids"] == [f"gid://shopify/Customer/{CUSTOMER['id']}"]
        assert "encore-cr_test1" in made["tags"]

    @pytest.mark.parametrize(("kind", "amount"), [("percentage", Decimal("10")), ("free_shipping", None)])
    def test_makes_the_other_kinds(self, installed_shop, sandbox, kind, amount):
        ends_at = datetime.now(UTC) + timedelta(days=30)
        ISSUER.create(terms_for(installed_shop, discount_type=kind, amount=amount, ends_at=ends_at))
        (made,) = discounts(sandbox, installed_shop)
        assert made["status"] == "ACTIVE"

    def test_called_again_it_finds_its_own_code(self, installed_shop, sandbox):
        assert ISSUER.create(terms_for(installed_shop)) == ISSUER.create(terms_for(installed_shop))
        assert len(discounts(sandbox, installed_shop)) == 1

    def test_a_code_of_another_redemption_is_taken(self, installed_shop, sandbox):
        ISSUER.create(terms_for(installed_shop, reference="cr_other"))
        with pytest.raises(CodeTaken):
            ISSUER.create(terms_for(installed_shop))
        assert len(discounts(sandbox, installed_shop)) == 1

    def test_a_lost_answer_is_looked_up_and_not_guessed(self, installed_shop, sandbox):
        sandbox.faults(installed_shop.domain, lose_answers=1)
        gid = ISSUER.create(terms_for(installed_shop))
        (made,) = discounts(sandbox, installed_shop)
        assert made["gid"] == gid

    def test_an_error_before_the_work_leaves_it_to_a_retry_that_succeeds(self, installed_shop, sandbox):
        sandbox.faults(installed_shop.domain, server_error=1)
        with pytest.raises(IssuerUnavailable):
            ISSUER.create(terms_for(installed_shop))
        assert discounts(sandbox, installed_shop) == []
        ISSUER.create(terms_for(installed_shop))
        assert len(discounts(sandbox, installed_shop)) == 1

    def test_short_throttling_is_waited_out(self, installed_shop, sandbox):
        sandbox.faults(installed_shop.domain, throttled=1)
        ISSUER.create(terms_for(installed_shop))
        assert len(discounts(sandbox, installed_shop)) == 1

    @pytest.mark.parametrize(
        "fault", [{"down": "closed"}, {"down": True}, {"revoked": True}, {"throttled": True}, {"slow_ms": 6000}]
    )
    def test_a_shop_that_cannot_be_reached_is_unavailable(self, installed_shop, sandbox, fault):
        sandbox.faults(installed_shop.domain, **fault)
        with pytest.raises(IssuerUnavailable):
            ISSUER.create(terms_for(installed_shop))

    def test_a_shop_we_never_knew_is_unavailable(self, installed_shop):
        with pytest.raises(IssuerUnavailable):
            ISSUER.create(terms_for(installed_shop, shopify_domain="nobody.myshopify.com"))

    def test_what_shopify_will_never_take_is_refused(self, installed_shop, sandbox):
        with pytest.raises(DiscountRefused):
            ISSUER.create(terms_for(installed_shop, code="X" * 300))
        assert discounts(sandbox, installed_shop) == []


def creations(sandbox, shop) -> list:
    calls = sandbox.store(shop.domain)["graphql_calls"]
    return [call for call in calls if call["operation"] == "CreateBasicDiscount"]


class TestPastTheDeadline:
    def test_nothing_is_sent(self, installed_shop, sandbox):
        with pytest.raises(IssuerUnavailable):
            ISSUER.create(terms_for(installed_shop, deadline_at=timezone.now()))
        assert creations(sandbox, installed_shop) == []

    def test_throttling_is_not_waited_out(self, installed_shop, sandbox):
        sandbox.faults(installed_shop.domain, throttled=3)
        began = time.monotonic()
        with pytest.raises(IssuerUnavailable):
            ISSUER.create(terms_for(installed_shop, deadline_at=timezone.now() + timedelta(seconds=0.25)))
        assert time.monotonic() - began < 0.5
        assert discounts(sandbox, installed_shop) == []

    def test_a_renewed_token_comes_too_late_and_is_kept_for_the_next(self, installed_shop, sandbox):
        Shop.objects.update(access_token_expires_at=timezone.now())
        sandbox.faults(installed_shop.domain, slow_ms=700)
        with pytest.raises(IssuerUnavailable):
            ISSUER.create(terms_for(installed_shop, deadline_at=timezone.now() + timedelta(seconds=0.4)))
        sandbox.faults(installed_shop.domain, slow_ms=0)
        assert creations(sandbox, installed_shop) == []
        assert Shop.objects.get(pk=installed_shop.pk).has_fresh_token(now=timezone.now())

    @pytest.mark.django_db(transaction=True)
    def test_somebody_elses_renewal_is_not_waited_for(self, installed_shop, sandbox):
        Shop.objects.update(access_token_expires_at=timezone.now())
        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            Shop.objects.select_for_update().get(pk=installed_shop.pk)
            began = time.monotonic()
            with pytest.raises(IssuerUnavailable):
                pool.submit(late, installed_shop).result(timeout=10)
            assert time.monotonic() - began < 2
        assert creations(sandbox, installed_shop) == []


def late(shop) -> None:
    """A creation in a thread of its own, half a second before its deadline."""
    try:
        ISSUER.create(terms_for(shop, deadline_at=timezone.now() + timedelta(seconds=0.5)))
    finally:
        connections.close_all()


class TestDeleting:
    def delete(self, shop, **changes):
        given = {"shopify_domain": shop.domain, "code": "ENCORE-AAAA1111", "reference": "cr_test1"}
        ISSUER.delete(**{**given, **changes})

    def test_removes_our_code(self, installed_shop, sandbox):
        ISSUER.create(terms_for(installed_shop))
        self.delete(installed_shop)
        assert discounts(sandbox, installed_shop) == []

    def test_a_code_that_never_was_needs_nothing(self, installed_shop, sandbox):
        self.delete(installed_shop)
        assert discounts(sandbox, installed_shop) == []

    def test_somebody_elses_discount_is_left_alone(self, installed_shop, sandbox):
        ISSUER.create(terms_for(installed_shop, reference="cr_other"))
        self.delete(installed_shop)
        assert len(discounts(sandbox, installed_shop)) == 1

    def test_a_lost_answer_is_not_taken_for_a_confirmation(self, installed_shop, sandbox):
        ISSUER.create(terms_for(installed_shop))
        sandbox.faults(installed_shop.domain, lose_answers=1)
        with pytest.raises(IssuerUnavailable):
            self.delete(installed_shop)
        self.delete(installed_shop)
        assert discounts(sandbox, installed_shop) == []

    def test_while_shopify_is_down_it_is_not_confirmed(self, installed_shop, sandbox):
        ISSUER.create(terms_for(installed_shop))
        sandbox.faults(installed_shop.domain, down=True)
        with pytest.raises(IssuerUnavailable):
            self.delete(installed_shop)
        assert len(discounts(sandbox, installed_shop)) == 1
