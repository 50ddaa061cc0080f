"""Flow's lifecycle callback: who listens, as Shopify said last; who does not is sent nothing."""

import base64
import hashlib
import hmac
import json

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from loyalty.outbox.models import Delivery
from shopify_app.shops.models import FlowListener
from shopify_app.shops.operations import install, uninstall
from tests import flow_happenings as happenings
from tests.flow_happenings import heard
from tests.journeys.referring import ReferringShop

pytestmark = pytest.mark.django_db
NEW, OLD = "2026-11-20T10:00:00.5Z", "2026-11-20T09:59:59-00:00"


def call(shop, *, signature=None, **fields):
    """One callback, as Shopify sends it; a field of None is left out."""
    body = {
        "flow_trigger_definition_id": "Loyalty points earned", "has_enabled_flow": False, "shop_id": "1",
        "shopify_domain": shop.domain, "timestamp": NEW, **fields,
    }  # fmt: skip
    return post(json.dumps({key: value for key, value in body.items() if value is not None}).encode(), signature)


def post(raw, signature=None):
    proof = hmac.new(settings.SHOPIFY_CLIENT_SECRETS[0].encode(), raw, hashlib.sha256).digest()
    headers = {"X-Shopify-Hmac-Sha256": base64.b64encode(proof).decode() if signature is None else signature}
    return Client().post("/flow/lifecycle", raw, content_type="application/json", headers=headers)


def queued():
    found = Delivery.objects.filter(destination__startswith="flow:").exclude(destination="flow:loyalty-sign-up")
    return list(found.values_list("destination", flat=True))


def rows():
    return list(FlowListener.objects.order_by("pk").values_list("shop__domain", "trigger", "is_listening", "told_at"))


class TestAShop:
    def test_never_heard_of_counts_as_listening(self, shop):
        happenings.earns(shop)
        assert len(heard(shop, "loyalty-points-earned")) == 1

    @pytest.mark.parametrize("name", ["Loyalty points earned", "loyalty-points-earned", " LOYALTY POINTS EARNED"])
    def test_that_does_not_listen_gets_nothing_not_even_a_delivery(self, shop, name):
        assert call(shop, flow_trigger_definition_id=name).status_code == 200
        happenings.earns(shop)
        assert heard(shop, "loyalty-points-earned") == []
        assert queued() == []

    def test_that_listens_again_is_told_of_what_happens_from_then_on(self, shop):
        call(shop)
        happenings.earns(shop)
        heard(shop)
        call(shop, has_enabled_flow=True, timestamp="2026-11-21T10:00:00Z")
        shop.award(now=timezone.now())
        assert len(heard(shop, "loyalty-points-earned")) == 1

    def test_is_told_by_other_triggers_as_before(self, shop):
        call(shop)
        happenings.redeems(shop)
        assert len(heard(shop, "loyalty-points-redeemed")) == 1

    def test_is_not_touched_by_what_another_does(self, shop, sandbox):
        domain = sandbox.new_store()
        other = ReferringShop(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program)
        assert call(other).status_code == 200
        happenings.earns(shop)
        assert len(heard(shop, "loyalty-points-earned")) == 1

    def test_that_is_installed_again_counts_as_never_heard_of(self, shop, sandbox):
        call(shop)
        uninstall(domain=shop.domain, now=timezone.now())
        install(domain=shop.domain, id_token=sandbox.id_token(shop.domain), now=timezone.now())
        assert rows() == []


class TestACallback:
    def test_that_is_older_or_told_again_changes_nothing(self, shop):
        call(shop)
        before = rows()
        for late in (OLD, NEW):
            assert call(shop, has_enabled_flow=True, timestamp=late).status_code == 200
        assert rows() == before

    def test_of_what_is_no_trigger_of_ours_is_kept_and_changes_nothing(self, shop):
        assert call(shop, flow_trigger_definition_id="gid://shopify/Something/7").status_code == 200
        assert rows()[0][1:3] == ("gid://shopify/Something/7", False)
        happenings.earns(shop)
        assert len(heard(shop, "loyalty-points-earned")) == 1

    def test_may_spell_its_switch_as_text(self, shop):
        call(shop, has_enabled_flow="false")
        assert [row[2] for row in rows()] == [False]

    @pytest.mark.parametrize("signature", ["", "forged", "Zm9yZ2Vk", "ü"])
    def test_that_is_not_signed_by_shopify_is_refused(self, shop, signature):
        assert call(shop, signature=signature).status_code == 401
        assert rows() == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"shopify_domain": "evil.example.com"}, {"shopify_domain": None}, {"flow_trigger_definition_id": None},
            {"flow_trigger_definition_id": "x" * 256}, {"flow_trigger_definition_id": "\x00"},
            {"flow_trigger_definition_id": {}}, {"has_enabled_flow": None}, {"has_enabled_flow": 1},
            {"has_enabled_flow": "maybe"}, {"has_enabled_flow": []}, {"timestamp": None}, {"timestamp": "yesterday"},
            {"timestamp": "2026-13-40T10:00:00Z"}, {"timestamp": 5},
        ],
        ids=str,
    )  # fmt: skip
    def test_that_cannot_be_read_is_refused_with_a_sentence(self, shop, fields):
        answer = call(shop, **fields)
        assert (answer.status_code, rows()) == (400, [])
        assert answer.content.decode().endswith(".")

    @pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b"[" * 5000])
    def test_that_is_no_object_is_refused(self, shop, raw):
        assert post(raw).status_code == 400

    def test_that_is_too_large_is_refused(self, shop):
        assert post(b" " * 17_000).status_code == 413

    def test_of_a_shop_we_do_not_know_is_refused(self, shop):
        assert call(shop, shopify_domain="stranger.myshopify.com").status_code == 404
