"""A shop uninstalls, and a customer or a shop asks to be forgotten or to see what we know."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations import adjust_points, record_call
from loyalty.earning.operations.enrolment import enrol
from loyalty.integrations.models import Connection
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.operations import create_subscription
from loyalty.ledger.models import Entry
from loyalty.ledger.operations import accrue
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox.models import Delivery
from loyalty.programs.models import ApiKey
from loyalty.programs.operations import create_api_key
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import install, uninstall
from shopify_app.webhooks.models import PersonalDataRequest, ReceivedWebhook
from tests.conftest import CUSTOMER
from tests.journeys.shopify_webhooks import deliver, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(installed_shop):
    with scope(program=installed_shop.program):
        customer = Customer(CUSTOMER["id"], CUSTOMER["email"], "Ada", "Lovelace", timezone.now())
        now = timezone.now()
        return enrol(program=installed_shop.program, customer=customer, now=now, source="test")[0]


def reread(member) -> Member:
    with scope(program=member.program):
        return Member.objects.get(pk=member.pk)


class TestAppUninstalled:
    def test_forgets_the_tokens_and_closes_the_programme(self, installed_shop):
        deliver(installed_shop.domain, "app/uninstalled", {"myshopify_domain": installed_shop.domain})
        assert work_off().state == "done"
        shop = Shop.objects.select_related("program").get(pk=installed_shop.pk)
        assert (shop.access_token, shop.refresh_token) == (None, None)
        assert shop.uninstalled_at is not None
        assert not shop.program.is_installed

    def test_takes_the_vendors_keys_with_it(self, installed_shop):
        now = timezone.now()
        with scope(program=installed_shop.program):
            Connection.objects.create(
                program=installed_shop.program,
                vendor="klaviyo",
                credential="pk_secret",
                connected_at=now,
                updated_at=now,
            )
            deliver(installed_shop.domain, "app/uninstalled", {"myshopify_domain": installed_shop.domain})
            assert work_off().state == "done"
            left = Connection.objects.get()
        assert (left.state, left.credential) == ("disconnected", None)

    def test_closes_the_rest_door(self, installed_shop):
        with scope(program=installed_shop.program):
            _, secret = create_api_key(program=installed_shop.program, name="Till", scope="full", now=timezone.now())
        headers = {"Authorization": secret}
        assert Client().get("/v1/customers", headers=headers).status_code == 200
        deliver(installed_shop.domain, "app/uninstalled", {"myshopify_domain": installed_shop.domain})
        work_off()
        for method in ("get", "post"):
            answer = getattr(Client(), method)("/v1/customers", headers=headers, content_type="application/json")
            assert answer.status_code == 403

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


class TestPersonalData:
    def request(self, shop):
        return {"shop_domain": shop.domain, "customer": {"id": CUSTOMER["id"], "email": CUSTOMER["email"]}}

    def test_a_request_is_answered_with_what_we_know(self, installed_shop, member):
        deliver(installed_shop.domain, "customers/data_request", self.request(installed_shop))
        assert work_off().state == "done"
        answer = json.loads(PersonalDataRequest.objects.get().data)
        assert answer["email"] == CUSTOMER["email"]
        assert answer["points"]["available"] == 0

    def test_the_answer_holds_every_movement_and_every_call(self, installed_shop, member):
        now = timezone.now()
        with scope(program=installed_shop.program):
            adjust_points(member=member, points=50, source="staff", now=now, note="A late parcel")
            past = {
                "source": "test",
                "key": "k",
                "expires_at": now - timedelta(minutes=1),
                "now": now - timedelta(days=1),
            }
            accrue(
                program_id=member.program_id, account_id=member.account.pk, points=7, **past
            )  # nobody has expired them yet
            for customer in (str(CUSTOMER["id"]), CUSTOMER["email"], "somebody@else.com"):
                record_call(
                    program_id=member.program_id, door="rest", action_key="gone", customer=customer, outcome="refused",
                    code="key", sentence="No action has this key.", now=now,
                )  # fmt: skip
        deliver(installed_shop.domain, "customers/data_request", self.request(installed_shop))
        work_off()
        answer = json.loads(PersonalDataRequest.objects.get().data)
        assert answer["points"]["available"] == 50
        assert sorted(line["points"] for line in answer["movements"]) == [7, 50]
        assert [call["customer"] for call in answer["calls_without_award"]] == [CUSTOMER["email"], str(CUSTOMER["id"])]

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

    def test_redacting_a_shop_deletes_its_secrets_and_settings_and_keeps_its_sums(self, installed_shop, member):
        program, now = installed_shop.program, timezone.now()
        with scope(program=program):
            create_api_key(program=program, name="Till", scope="full", now=now)
            create_subscription(
                program=program, url="http://127.0.0.1:9/x", events=["points.earned"], description=None, now=now
            )
            Connection.objects.create(
                program=program, vendor="klaviyo", credential="pk_secret", account_name="Ada", connected_at=now, updated_at=now
            )  # fmt: skip
            adjust_points(member=member, points=50, source="staff", now=now)
        program.name, program.test_mode_emails = "Ada's teas", ["ada@example.com"]
        program.save()
        uninstall(domain=installed_shop.domain, now=now)
        for delivered in ("w-1", "w-2"):
            deliver(installed_shop.domain, "shop/redact", {"shop_domain": installed_shop.domain}, webhook_id=delivered)
            assert work_off().state == "done"
        program.refresh_from_db()
        assert (program.name, program.test_mode_emails) == (installed_shop.domain, [])
        with scope(program=program):
            assert [m.objects.count() for m in (ApiKey, WebhookSubscription, Connection)] == [0, 0, 0]
            assert [entry.points for entry in Entry.objects.all()] == [50]

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
