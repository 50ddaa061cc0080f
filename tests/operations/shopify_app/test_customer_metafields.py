"""A theme reads a member's standing off the customer; the outbox keeps it there."""

import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations.adjustment import adjust_points
from loyalty.earning.operations.enrolment import enrol
from loyalty.events import EventKind
from loyalty.members.ports import Customer
from loyalty.outbox.ports import Dead, Done, Paused, Retry, Skipped, Telling
from loyalty.outbox.relay import LEASE
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError
from shopify_app.admin_api.transport import CONNECT_SECONDS, READ_SECONDS
from shopify_app.metafields.adapter import CustomerMetafields
from shopify_app.metafields.customer import Standing, publish
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import uninstall
from shopify_app.shops.outcomes import CALL_SECONDS
from shopify_app.shops.tokens import LONGEST_SECONDS
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db
ADAPTER = CustomerMetafields()


def metafields(sandbox, shop) -> dict:
    return {each["key"]: each["value"] for each in sandbox.store(shop.domain)["metafields"]}


@pytest.fixture
def member(installed_shop):
    now = timezone.now()
    with scope(program=installed_shop.program):
        customer = Customer(CUSTOMER["id"], CUSTOMER["email"], "Ada", "Lovelace", now)
        made, _ = enrol(program=installed_shop.program, customer=customer, now=now, source="test")
        adjust_points(member=made, points=120, source="staff", now=now)
    return made


def tell(shop, member_id):
    telling = Telling(
        program_id=shop.program_id, member_id=member_id, delivery_id=1, event_id=None, kind=None, payload={},
        occurred_at=timezone.now(), sequence=None, now=timezone.now(),
    )  # fmt: skip
    with scope(program=shop.program):
        return ADAPTER.deliver(telling)


def put(shop, standing, seconds=5.0):
    publish(
        shopify_domain=shop.domain,
        shopify_customer_id=CUSTOMER["id"],
        standing=standing,
        deadline=Deadline.after(seconds),
    )


class TestPublishing:
    def test_writes_balance_tier_and_everything_at_once(self, installed_shop, sandbox):
        standing = Standing(120, 150, 30, "Gold", "member")
        put(installed_shop, standing)
        written = metafields(sandbox, installed_shop)
        assert (written["balance"], written["tier"]) == ("120", "Gold")
        assert json.loads(written["loyalty"])["points_balance"] == 120

    def test_a_tier_that_was_lost_disappears(self, installed_shop, sandbox):
        for tier in ("Gold", None):
            standing = Standing(1, 1, 0, tier, "member")
            put(installed_shop, standing)
        assert "tier" not in metafields(sandbox, installed_shop)

    def test_ends_by_its_deadline_both_requests_together(self, installed_shop, sandbox):
        standing = Standing(1, 1, 0, None, "member")
        sandbox.faults(installed_shop.domain, slow_ms=700)
        began = time.monotonic()
        with pytest.raises(AdminApiError):
            put(installed_shop, standing, seconds=0.9)
        assert 0.7 < time.monotonic() - began < 1.3


class TestDelivering:
    def test_takes_no_longer_than_the_outbox_leaves_it(self):
        assert timedelta(seconds=CALL_SECONDS + LONGEST_SECONDS + CONNECT_SECONDS + READ_SECONDS) < LEASE

    def test_writes_the_standing_as_it_is_now(self, installed_shop, member, sandbox):
        assert isinstance(tell(installed_shop, member.pk), Done)
        assert metafields(sandbox, installed_shop)["balance"] == "120"

    def test_a_lost_answer_is_tried_again_and_harmless(self, installed_shop, member, sandbox):
        sandbox.faults(installed_shop.domain, lose_answers=1)
        assert isinstance(tell(installed_shop, member.pk), Retry)
        assert isinstance(tell(installed_shop, member.pk), Done)

    @pytest.mark.parametrize("fault", [{"down": True}, {"down": "closed"}, {"server_error": 1}, {"throttled": True}])
    def test_what_passes_is_tried_again(self, installed_shop, member, sandbox, fault):
        sandbox.faults(installed_shop.domain, **fault)
        assert isinstance(tell(installed_shop, member.pk), Retry)

    def test_a_revoked_token_waits_for_the_merchant(self, installed_shop, member, sandbox):
        sandbox.faults(installed_shop.domain, revoked=True)
        assert isinstance(tell(installed_shop, member.pk), Paused)
        assert Shop.objects.get(pk=installed_shop.pk).needs_reauth_at is not None

    def test_a_customer_the_shop_no_longer_has_is_given_up(self, installed_shop):
        now = timezone.now()
        with scope(program=installed_shop.program):
            gone = Customer(999_999, None, None, None, now)
            member, _ = enrol(program=installed_shop.program, customer=gone, now=now, source="test")
        assert isinstance(tell(installed_shop, member.pk), Dead)

    def test_an_uninstalled_shop_is_left_alone(self, installed_shop, member, sandbox):
        uninstall(domain=installed_shop.domain, now=timezone.now())
        assert not ADAPTER.wants(program_id=installed_shop.program_id, kind=EventKind.POINTS_EARNED)
        assert isinstance(tell(installed_shop, member.pk), Skipped)

    def test_somebody_who_is_no_member_is_left_alone(self, installed_shop):
        assert isinstance(tell(installed_shop, 999_999), Skipped)
