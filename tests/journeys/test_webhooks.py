"""Shopify tells us something: verified, stored once, answered at once, worked on later."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations.enrolment import enrol
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox.models import Delivery
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import install, uninstall
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import PersonalDataRequest, ReceivedWebhook
from shopify_app.webhooks.tasks import drop_old_bodies, work_on
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db


def signed(domain, topic, payload, *, raw=None, secret=None, webhook_id="w-1", **headers):
    """Body and headers as Shopify sends them."""
    body = json.dumps(payload).encode() if raw is None else raw
    key = (settings.SHOPIFY_CLIENT_SECRETS[0] if secret is None else secret).encode()
    sent = {
        "X-Shopify-Hmac-Sha256": base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode(),
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-API-Version": "2026-10",
        **headers,
    }
    return body, sent


def deliver(domain, topic, payload, *, group=None, **changes):
    """POST as Shopify does; returns the answer."""
    body, headers = signed(domain, topic, payload, **changes)
    groups = {"app/uninstalled": "app", "customers/update": "customers"}
    path = f"/webhooks/{group or groups.get(topic, 'compliance')}"
    return Client().post(path, data=body, content_type="application/json", headers=headers)


def work_off() -> ReceivedWebhook:
    """Do what the worker does, for the newest row."""
    row = ReceivedWebhook.objects.latest("pk")
    work_on(row.pk)
    row.refresh_from_db()
    return row


@pytest.fixture
def member(installed_shop):
    with scope(program=installed_shop.program):
        customer = Customer(CUSTOMER["id"], CUSTOMER["email"], "Ada", "Lovelace", timezone.now())
        now = timezone.now()
        return enrol(program=installed_shop.program, customer=customer, now=now, source="test")[0]


@pytest.fixture
def broker_down(servers):
    """No Redis for the length of a test."""
    servers.redis.stop()
    yield
    servers.redis.start()


def reread(member) -> Member:
    with scope(program=member.program):
        return Member.objects.get(pk=member.pk)


class TestTakingIn:
    def test_stores_the_body_encrypted_and_answers_200(self, installed_shop):
        assert deliver(installed_shop.domain, "customers/update", {"id": 1, "email": "x@y.z"}).status_code == 200
        row = ReceivedWebhook.objects.get()
        assert row.state == "pending"
        assert json.loads(row.body)["email"] == "x@y.z"

    def test_the_same_delivery_three_times_is_one_row(self, installed_shop):
        for _ in range(3):
            assert deliver(installed_shop.domain, "customers/update", {"id": 1}).status_code == 200
        assert ReceivedWebhook.objects.count() == 1

    def test_the_secret_being_retired_still_signs(self, installed_shop):
        retired = settings.SHOPIFY_CLIENT_SECRETS[1]
        assert deliver(installed_shop.domain, "customers/update", {"id": 1}, secret=retired).status_code == 200

    def test_an_unknown_shop_is_answered_200_and_ignored(self, db):
        assert deliver("nobody.myshopify.com", "customers/redact", {"customer": {"id": 1}}).status_code == 200
        row = work_off()
        assert (row.state, row.reason) == ("ignored", "unknown shop")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"secret": "another"},
            {"X-Shopify-Hmac-Sha256": ""},
            {"X-Shopify-Hmac-Sha256": "not base64"},
            {"X-Shopify-Hmac-Sha256": "\u00e4\u00f6"},
            {"X-Shopify-Topic": "app/uninstalled"},  # signed for nobody: a topic of another address
            {"X-Shopify-Topic": "orders/create"},
            {"X-Shopify-Shop-Domain": "evil.com"},
            {"X-Shopify-Webhook-Id": ""},
            {"raw": b"[1]"},
            {"raw": b"no json"},
            {"raw": b"\xff"},
        ],
        ids=str,
    )
    def test_what_shopify_did_not_send_is_401_and_stored_nowhere(self, installed_shop, wrong):
        assert deliver(installed_shop.domain, "customers/update", {"id": 1}, **wrong).status_code == 401
        assert ReceivedWebhook.objects.count() == 0

    def test_a_body_that_names_another_shop_than_the_unsigned_header_is_401(self, installed_shop):
        body = {"shop_domain": "other.myshopify.com", "customer": {"id": 1}}
        assert deliver(installed_shop.domain, "customers/redact", body).status_code == 401
        assert ReceivedWebhook.objects.count() == 0

    @pytest.mark.django_db(transaction=True)
    def test_without_a_broker_it_is_stored_and_answered_all_the_same(self, db, broker_down):
        assert deliver("nobody.myshopify.com", "customers/update", {"id": 1}).status_code == 200
        assert ReceivedWebhook.objects.count() == 1

    def test_only_post_is_taken(self, db):
        assert Client().get("/webhooks/app").status_code == 405


class TestWorking:
    def test_a_failure_waits_for_its_next_turn_by_the_schedule(self, installed_shop, member, sandbox):
        sandbox.faults(installed_shop.domain, down=True)
        deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"]})
        before = timezone.now()
        row = work_off()
        assert (row.state, row.attempts) == ("pending", 1)
        assert timedelta(seconds=9) < row.next_attempt_at - before < timedelta(seconds=30)
        assert "ShopUnreachable" in row.reason

    def test_a_row_that_is_not_due_is_left_alone(self, installed_shop):
        deliver(installed_shop.domain, "customers/update", {"id": 1})
        ReceivedWebhook.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))
        assert work_off().attempts == 0

    def test_after_the_last_attempt_it_has_failed(self, installed_shop, member, sandbox):
        sandbox.faults(installed_shop.domain, down=True)
        deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"]})
        ReceivedWebhook.objects.update(attempts=len(inbox.RETRY_DELAYS))
        assert work_off().state == "failed"

    def test_the_sweep_finds_what_a_lost_message_or_a_dead_worker_left(self, installed_shop):
        deliver(installed_shop.domain, "customers/update", {"id": 1})
        now = timezone.now()
        row = ReceivedWebhook.objects.get()
        assert inbox.due(now=now) == [row.pk]
        assert inbox.claim(row.pk, now=now) is not None  # and then the worker dies
        assert inbox.claim(row.pk, now=now) is None
        assert inbox.due(now=now + inbox.LEASE) == [row.pk]

    def test_a_worker_that_lost_its_claim_changes_nothing(self, installed_shop):
        deliver(installed_shop.domain, "customers/update", {"id": 1})
        now = timezone.now()
        stale = inbox.claim(ReceivedWebhook.objects.get().pk, now=now)
        inbox.claim(stale.pk, now=now + inbox.LEASE)
        inbox.finish(stale, ReceivedWebhook.State.DONE, now=now)
        assert ReceivedWebhook.objects.get().state == "pending"

    def test_bodies_are_dropped_30_days_after_the_work(self, installed_shop):
        deliver(installed_shop.domain, "customers/update", {"id": 1})
        work_off()
        drop_old_bodies()
        assert ReceivedWebhook.objects.get().body is not None
        ReceivedWebhook.objects.update(finished_at=timezone.now() - timedelta(days=31))
        drop_old_bodies()
        assert ReceivedWebhook.objects.get().body is None

    def test_stored_bodies_can_be_run_again(self, installed_shop):
        deliver(installed_shop.domain, "customers/update", {"id": 1})
        work_off()
        now = timezone.now()
        assert inbox.replay(topic="customers/update", since=now - timedelta(hours=1), now=now) == 1
        assert ReceivedWebhook.objects.get().state == "pending"


class TestAppUninstalled:
    def test_forgets_the_tokens_and_closes_the_programme(self, installed_shop):
        deliver(installed_shop.domain, "app/uninstalled", {"myshopify_domain": installed_shop.domain})
        assert work_off().state == "done"
        shop = Shop.objects.select_related("program").get(pk=installed_shop.pk)
        assert (shop.access_token, shop.refresh_token) == (None, None)
        assert shop.uninstalled_at is not None
        assert not shop.program.is_installed

    def test_that_comes_late_does_not_undo_a_reinstall(self, installed_shop, sandbox):
        before = (timezone.now() - timedelta(hours=1)).isoformat()
        uninstall(domain=installed_shop.domain, now=timezone.now())
        install(domain=installed_shop.domain, id_token=sandbox.id_token(installed_shop.domain), now=timezone.now())
        deliver(installed_shop.domain, "app/uninstalled", {}, **{"X-Shopify-Triggered-At": before})
        assert work_off().reason == "installed again since"
        assert Shop.objects.get(pk=installed_shop.pk).is_connected

    def test_cannot_be_dated_forward_by_its_unsigned_header(self, installed_shop):
        ahead = (timezone.now() + timedelta(days=400)).isoformat()
        deliver(installed_shop.domain, "app/uninstalled", {}, **{"X-Shopify-Triggered-At": ahead})
        row = ReceivedWebhook.objects.get()
        assert row.triggered_at == row.received_at

    def test_twice_is_once(self, installed_shop):
        deliver(installed_shop.domain, "app/uninstalled", {}, webhook_id="w-1")
        work_off()
        first = Shop.objects.get(pk=installed_shop.pk).uninstalled_at
        deliver(installed_shop.domain, "app/uninstalled", {}, webhook_id="w-2")
        assert work_off().state == "ignored"
        assert Shop.objects.get(pk=installed_shop.pk).uninstalled_at == first


class TestCustomersUpdate:
    def test_takes_the_name_the_shop_has_now_whatever_the_payload_says(self, installed_shop, member, sandbox):
        sandbox.call("POST", f"stores/{installed_shop.domain}/customers", {**CUSTOMER, "first_name": "Augusta"})
        deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"], "first_name": "An older name"})
        assert work_off().state == "done"
        assert reread(member).first_name == "Augusta"

    def test_stores_nothing_of_somebody_who_is_no_member(self, installed_shop):
        deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"], "email": "x@y.z"})
        assert work_off().reason == "not a member"
        with scope(program=installed_shop.program):
            assert Member.objects.count() == 0


class TestPersonalData:
    def request(self, shop):
        return {"shop_domain": shop.domain, "customer": {"id": CUSTOMER["id"], "email": CUSTOMER["email"]}}

    def test_a_request_is_answered_with_what_we_know(self, installed_shop, member):
        deliver(installed_shop.domain, "customers/data_request", self.request(installed_shop))
        assert work_off().state == "done"
        answer = json.loads(PersonalDataRequest.objects.get().data)
        assert answer["email"] == CUSTOMER["email"]
        assert answer["points"]["available"] == 0

    def test_redacting_leaves_a_tombstone_and_drops_stored_bodies(self, installed_shop, member):
        deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"], "email": CUSTOMER["email"]})
        work_off()
        deliver(installed_shop.domain, "customers/data_request", self.request(installed_shop), webhook_id="w-2")
        work_off()
        deliver(installed_shop.domain, "customers/redact", self.request(installed_shop), webhook_id="w-3")
        assert work_off().state == "done"
        forgotten = reread(member)
        assert (forgotten.email, forgotten.first_name, forgotten.last_name) == (None, None, None)
        assert PersonalDataRequest.objects.count() == 0
        assert {row.body for row in ReceivedWebhook.objects.all()} == {None}

    def test_redacting_drops_what_deliveries_kept_of_their_requests(self, installed_shop, member):
        now = timezone.now()
        with scope(program=member.program):
            told = Delivery.objects.create(
                program=member.program, destination="klaviyo:events", member_id=member.pk, next_attempt_at=now,
                created_at=now, last_request={"email": CUSTOMER["email"]}, last_response=CUSTOMER["email"],
            )  # fmt: skip
            deliver(installed_shop.domain, "customers/redact", self.request(installed_shop))
            assert work_off().state == "done"
            told.refresh_from_db()
        assert (told.last_request, told.last_response) == (None, "")

    def test_redacting_a_shop_forgets_all_its_members_and_bodies(self, installed_shop, member):
        uninstall(domain=installed_shop.domain, now=timezone.now())
        deliver(installed_shop.domain, "shop/redact", {"shop_domain": installed_shop.domain})
        assert work_off().state == "done"
        assert reread(member).email is None

    def test_a_shop_that_came_back_is_not_redacted(self, installed_shop, member):
        deliver(installed_shop.domain, "shop/redact", {"shop_domain": installed_shop.domain})
        assert work_off().reason == "installed again"
        assert reread(member).email == CUSTOMER["email"]

    def test_another_shops_request_touches_nobody_here(self, installed_shop, member, sandbox):
        other = sandbox.new_store()
        install(domain=other, id_token=sandbox.id_token(other), now=timezone.now())
        deliver(other, "customers/redact", {"shop_domain": other, "customer": {"id": CUSTOMER["id"]}})
        assert work_off().state == "done"
        assert reread(member).email == CUSTOMER["email"]
