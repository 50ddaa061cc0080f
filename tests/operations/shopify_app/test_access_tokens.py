"""A shop's tokens: installed, renewed once whoever asks, given up only when Shopify says so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from loyalty.programs.models import Program
from shopify_app.admin_api.errors import AdminApiError, NothingSent
from shopify_app.shops.connection import call
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import NeedsReauth, access_token_for, install, uninstall
from shopify_app.shops.tasks import renew_tokens
from shopify_app.shops.tokens import OwnMisconfiguration, SessionTokenRefused


def aged(shop: Shop, **life: float) -> Shop:
    """The shop with an access token that ends in so much time, as stored."""
    Shop.objects.filter(pk=shop.pk).update(access_token_expires_at=timezone.now() + timedelta(**life))
    return Shop.objects.get(pk=shop.pk)


@pytest.mark.django_db
class TestInstalling:
    def test_takes_name_currency_and_time_zone_from_the_shop(self, sandbox):
        domain = sandbox.new_store(name="Tea House", currency="CHF", timezone="Europe/Zurich")
        shop = install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now())
        program = Program.objects.get(shopify_domain=domain)
        assert (program.name, program.currency, program.time_zone) == ("Tea House", "CHF", "Europe/Zurich")
        assert shop.program == program
        assert shop.is_connected
        assert "write_discounts" in shop.scopes

    def test_stores_no_token_in_the_clear(self, installed_shop):
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_token, refresh_token FROM shops_shop WHERE id = %s", [installed_shop.pk])
            stored = cursor.fetchone()
        assert installed_shop.access_token.startswith("shpat_")
        assert not any("shp" in column for column in stored)

    def test_an_old_session_token_installs_nothing(self, sandbox):
        domain = sandbox.new_store()
        with pytest.raises(SessionTokenRefused):
            install(domain=domain, id_token=sandbox.id_token(domain, expires_in=-60), now=timezone.now())
        assert not Shop.objects.filter(domain=domain).exists()
        assert not Program.objects.filter(shopify_domain=domain).exists()

    @pytest.mark.parametrize("fault", [{"down": "closed"}, {"down": True}, {"server_error": 1}])
    def test_while_shopify_is_down_it_installs_nothing(self, sandbox, fault):
        domain = sandbox.new_store()
        token = sandbox.id_token(domain)
        sandbox.faults(domain, **fault)
        with pytest.raises(AdminApiError):
            install(domain=domain, id_token=token, now=timezone.now())
        assert not Program.objects.filter(shopify_domain=domain).exists()

    def test_our_own_wrong_secret_is_our_error_and_not_the_shops(self, sandbox, settings):
        domain = sandbox.new_store()
        token = sandbox.id_token(domain)
        settings.SHOPIFY_CLIENT_SECRETS = ["shpss_wrong"]
        with pytest.raises(OwnMisconfiguration):
            install(domain=domain, id_token=token, now=timezone.now())

    def test_again_after_an_uninstall_it_reopens_the_same_programme(self, installed_shop, sandbox):
        now = timezone.now()
        uninstall(domain=installed_shop.domain, now=now)
        again = install(domain=installed_shop.domain, id_token=sandbox.id_token(installed_shop.domain), now=now)
        assert again.program_id == installed_shop.program_id
        assert again.is_connected
        assert again.program.is_installed


@pytest.mark.django_db
class TestRenewing:
    def test_a_token_with_more_than_five_minutes_is_used_as_it_is(self, installed_shop):
        shop = aged(installed_shop, minutes=6)
        assert access_token_for(shop, now=timezone.now()) == installed_shop.access_token

    def test_below_five_minutes_both_tokens_are_replaced_and_the_new_one_works(self, installed_shop):
        shop = aged(installed_shop, minutes=4)
        given = access_token_for(shop, now=timezone.now())
        stored = Shop.objects.get(pk=shop.pk)
        assert given == stored.access_token != installed_shop.access_token
        assert stored.refresh_token != installed_shop.refresh_token
        assert call(stored, "ShopDetails", {}).data["shop"]["myshopifyDomain"] == shop.domain

    def test_while_shopify_is_down_the_minutes_left_are_used(self, installed_shop, sandbox):
        sandbox.faults(installed_shop.domain, down=True)
        shop = aged(installed_shop, minutes=4)
        assert access_token_for(shop, now=timezone.now()) == installed_shop.access_token
        assert Shop.objects.get(pk=shop.pk).needs_reauth_at is None

    def test_while_shopify_is_down_an_ended_token_means_that_nothing_was_sent_and_the_shop_stays_connected(
        self, installed_shop, sandbox
    ):
        sandbox.faults(installed_shop.domain, down="closed")
        shop = aged(installed_shop, minutes=-1)
        with pytest.raises(NothingSent) as failure:
            access_token_for(shop, now=timezone.now())
        assert not isinstance(failure.value, NeedsReauth)
        assert Shop.objects.get(pk=shop.pk).is_connected

    def test_our_own_wrong_secret_does_not_disconnect_a_shop(self, installed_shop, settings):
        settings.SHOPIFY_CLIENT_SECRETS = ["shpss_wrong"]
        with pytest.raises(NothingSent):
            access_token_for(aged(installed_shop, minutes=-1), now=timezone.now())
        assert Shop.objects.get(pk=installed_shop.pk).is_connected

    def test_an_ended_grant_asks_for_the_merchant(self, installed_shop, sandbox):
        sandbox.call("PATCH", f"stores/{installed_shop.domain}/tokens", {"access": True, "refresh": True})
        shop = aged(installed_shop, minutes=-1)
        with pytest.raises(NeedsReauth):
            access_token_for(shop, now=timezone.now())
        stored = Shop.objects.get(pk=shop.pk)
        assert stored.needs_reauth_at is not None
        assert not stored.is_connected

    def test_the_nightly_job_renews_what_nobody_opens(self, installed_shop):
        renew_tokens()
        assert Shop.objects.get(pk=installed_shop.pk).refresh_token != installed_shop.refresh_token


@pytest.mark.django_db
class TestARefusedToken:
    def test_is_renewed_once_and_the_call_made_again(self, installed_shop, sandbox):
        sandbox.call("PATCH", f"stores/{installed_shop.domain}/tokens", {"access": True})
        assert call(installed_shop, "ShopDetails", {}).data["shop"]["myshopifyDomain"] == installed_shop.domain
        assert Shop.objects.get(pk=installed_shop.pk).access_token != installed_shop.access_token

    def test_revoked_for_good_asks_for_the_merchant(self, installed_shop, sandbox):
        sandbox.faults(installed_shop.domain, revoked=True)
        with pytest.raises(NeedsReauth):
            call(installed_shop, "ShopDetails", {})
        assert Shop.objects.get(pk=installed_shop.pk).needs_reauth_at is not None

    def test_after_that_nothing_is_sent_any_more(self, installed_shop, sandbox):
        sandbox.faults(installed_shop.domain, revoked=True)
        with pytest.raises(NeedsReauth):
            call(installed_shop, "ShopDetails", {})
        before = len(sandbox.store(installed_shop.domain)["graphql_calls"])
        with pytest.raises(NeedsReauth):
            call(Shop.objects.get(pk=installed_shop.pk), "ShopDetails", {})
        assert len(sandbox.store(installed_shop.domain)["graphql_calls"]) == before

    def test_the_merchant_reconnects_by_opening_the_app(self, installed_shop, sandbox):
        Shop.objects.filter(pk=installed_shop.pk).update(needs_reauth_at=timezone.now())
        token = sandbox.id_token(installed_shop.domain)
        assert install(domain=installed_shop.domain, id_token=token, now=timezone.now()).is_connected


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_renew_one_after_the_other_and_get_the_same_token(self, installed_shop, sandbox):
        sandbox.call("PATCH", f"stores/{installed_shop.domain}/tokens", {"grace": True})
        shop = aged(installed_shop, minutes=1)

        def ask(_):
            try:
                return access_token_for(shop, now=timezone.now())
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            given = set(pool.map(ask, range(4)))
        assert given == {Shop.objects.get(pk=shop.pk).access_token}

    def test_install_one_programme(self, sandbox):
        domain = sandbox.new_store()
        token = sandbox.id_token(domain)

        def ask(_):
            try:
                return install(domain=domain, id_token=token, now=timezone.now()).access_token
            finally:
                connections.close_all()

        with ThreadPoolExecutor(3) as pool:
            given = set(pool.map(ask, range(3)))
        assert given == {Shop.objects.get(domain=domain).access_token}
        assert Program.objects.filter(shopify_domain=domain).count() == 1
