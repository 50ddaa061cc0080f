"""Shopify tells us something: verified, stored once, answered at once, worked on later."""

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
from loyalty.programs.models import Program
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import ReceivedWebhook
from shopify_app.webhooks.tasks import drop_old_bodies
from tests.conftest import CUSTOMER
from tests.journeys.shopify_webhooks import deliver, work_off

pytestmark = pytest.mark.django_db


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


class TestCustomersUpdate:
    def test_takes_the_name_the_shop_has_now_whatever_the_payload_says(self, installed_shop, member, sandbox):
        sandbox.call("POST", f"stores/{installed_shop.domain}/customers", {**CUSTOMER, "first_name": "Augusta"})
        deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"], "first_name": "An older name"})
        assert work_off().state == "done"
        assert reread(member).first_name == "Augusta"

    def test_a_tag_of_the_customer_excludes_and_its_removal_takes_them_back_in(self, installed_shop, member, sandbox):
        Program.objects.filter(pk=member.program_id).update(excluded_tags=["wholesale"])
        found = []
        for number, tags in enumerate((["Wholesale"], [])):
            sandbox.call("POST", f"stores/{installed_shop.domain}/customers", {**CUSTOMER, "tags": tags})
            deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"]}, webhook_id=f"tags-{number}")
            assert work_off().state == "done"
            found.append((reread(member).status, reread(member).exclusion_reason))
        assert found == [("excluded", "wholesale"), ("member", "")]

    def test_stores_nothing_of_somebody_who_is_no_member(self, installed_shop):
        deliver(installed_shop.domain, "customers/update", {"id": CUSTOMER["id"], "email": "x@y.z"})
        assert work_off().reason == "not a member"
        with scope(program=installed_shop.program):
            assert Member.objects.count() == 0
