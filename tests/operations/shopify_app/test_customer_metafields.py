"""A theme reads a member's standing off the customer; the outbox keeps it there."""

import json
import threading
import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.operations.adjustment import adjust_points
from loyalty.earning.operations.enrolment import enrol
from loyalty.events import EventKind
from loyalty.members.operations import update_profile
from loyalty.members.ports import Customer
from loyalty.outbox.ports import Dead, Done, Paused, Retry, Skipped, Telling
from loyalty.outbox.relay import LEASE, fan_out
from loyalty.programs.models import Program
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError
from shopify_app.admin_api.transport import CONNECT_SECONDS, READ_SECONDS
from shopify_app.metafields.adapter import CustomerMetafields
from shopify_app.metafields.customer import Marks, Standing, publish
from shopify_app.metafields.fields import alone_with
from shopify_app.metafields.forgetting import take_back
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import uninstall
from shopify_app.shops.outcomes import CALL_SECONDS
from shopify_app.shops.tokens import LONGEST_SECONDS
from shopify_app.webhooks.topics import customers_redact
from shopify_app.webhooks.topics.delivery import Delivery
from tests.conftest import CUSTOMER
from tests.shop_marks import APP, MarkedShop

pytestmark = pytest.mark.django_db
ADAPTER = CustomerMetafields()


def metafields(sandbox, shop, namespace=APP) -> dict:
    found = sandbox.store(shop.domain)["metafields"]
    return {each["key"]: each["value"] for each in found if each["namespace"] == namespace}


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


def put(shop, standing, seconds=5.0, **more):
    publish(
        shop=shop,
        shopify_customer_id=CUSTOMER["id"],
        marks=Marks(standing, **more),
        deadline=Deadline.after(seconds),
    )


def mutations(sandbox, shop):
    calls = sandbox.store(shop.domain)["graphql_calls"]
    return [name for call in calls for name in call["operation"] if name.startswith(("metafields", "tags"))]


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

    def test_a_birthday_is_shown_and_disappears_when_it_is_cleared(self, installed_shop, sandbox):
        standing = Standing(1, 1, 0, None, "member")
        put(installed_shop, standing, birthday=date(1990, 12, 10))
        assert metafields(sandbox, installed_shop)["birthday"] == "1990-12-10"
        put(installed_shop, standing)
        assert "birthday" not in metafields(sandbox, installed_shop)

    def test_only_what_differs_is_written(self, installed_shop, sandbox):
        standing = Standing(120, 150, 30, "Gold", "member")
        put(installed_shop, standing, birthday=date(1990, 12, 10), has_mage=True)
        assert mutations(sandbox, installed_shop) == ["metafieldsSet"]
        put(installed_shop, standing, birthday=date(1990, 12, 10), has_mage=True)
        assert mutations(sandbox, installed_shop) == ["metafieldsSet"]
        put(installed_shop, standing)
        assert mutations(sandbox, installed_shop) == ["metafieldsSet", "metafieldsDelete"]

    def test_mages_namespace_gets_the_same_while_it_is_ours_to_write(self, installed_shop, sandbox):
        put(installed_shop, Standing(1, 1, 0, None, "member"))
        assert metafields(sandbox, installed_shop, "mage") == {}
        put(installed_shop, Standing(2, 2, 0, None, "member"), has_mage=True)
        kept = metafields(sandbox, installed_shop, "mage")["loyalty"]
        assert kept == metafields(sandbox, installed_shop)["loyalty"]
        put(installed_shop, Standing(3, 3, 0, None, "member"))
        assert metafields(sandbox, installed_shop, "mage") == {"loyalty": kept}

    def test_ends_by_its_deadline_both_requests_together(self, installed_shop, sandbox):
        put(installed_shop, Standing(1, 1, 0, "Gold", "member"))
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

    @pytest.mark.parametrize("born", [date(1990, 12, 10), None])
    def test_writes_the_birthday_the_member_gave(self, installed_shop, member, sandbox, born):
        with scope(program=installed_shop.program):
            update_profile(member_id=member.pk, date_of_birth=date(2000, 1, 1), now=timezone.now())
            tell(installed_shop, member.pk)
            update_profile(member_id=member.pk, date_of_birth=born, now=timezone.now())
            tell(installed_shop, member.pk)
        assert metafields(sandbox, installed_shop).get("birthday") == (born.isoformat() if born else None)

    def test_writes_mages_metafield_where_the_merchant_wants_it(self, installed_shop, member, sandbox):
        Program.objects.update(writes_mage_metafields=True)
        tell(installed_shop, member.pk)
        (text,) = metafields(sandbox, installed_shop, "mage").values()
        assert json.loads(text) == {
            "points_balance": 120, "lifetime_points": 120, "redeemed_points": 0, "vip_tier": None, "status": "member",
        }  # fmt: skip

    def test_waits_while_somebody_else_writes_to_the_same_customer(self, installed_shop, member, sandbox):
        def elsewhere():
            with alone_with(f"member {member.pk}", program_id=installed_shop.program_id) as is_alone:
                taken.set(), go_on.wait(20)
                seen.append(is_alone)
            connection.close()

        taken, go_on, seen = threading.Event(), threading.Event(), []
        other = threading.Thread(target=elsewhere)
        other.start()
        taken.wait(20)
        assert isinstance(tell(installed_shop, member.pk), Paused)
        assert mutations(sandbox, installed_shop) == []
        go_on.set()
        other.join()
        assert seen == [True]
        assert isinstance(tell(installed_shop, member.pk), Done)

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


class TestSoonAndOnce:
    """Through the outbox, as it happens."""

    def test_ten_changes_in_a_moment_are_one_write(self, sandbox):
        shop = MarkedShop.opened(sandbox, 7001)
        ada = shop.member()
        shop.work_off()
        before = len(shop.written())
        with shop.scope():
            for points in range(1, 11):
                adjust_points(member=ada, points=points, source="staff", now=timezone.now())
                fan_out(now=timezone.now())
        shop.work_off()
        assert shop.written()[before:] == ["metafieldsSet"]
        assert shop.metafields()["$app.balance"] == "55"

    def test_a_birthday_alone_is_news(self, sandbox):
        shop = MarkedShop.opened(sandbox, 7001)
        ada = shop.member()
        shop.work_off()
        with shop.scope():
            update_profile(member_id=ada.pk, date_of_birth=date(1990, 12, 10), now=timezone.now())
        shop.work_off()
        assert shop.metafields()["$app.birthday"] == "1990-12-10"

    def test_the_shop_of_another_programme_hears_nothing(self, sandbox):
        shop, other = MarkedShop.opened(sandbox, 7001), MarkedShop.opened(sandbox, 7001)
        shop.member()
        shop.work_off()
        assert (len(shop.metafields()), other.metafields()) == (2, {})


class TestForgetting:
    def test_takes_back_all_that_was_written_and_nothing_else(self, installed_shop, sandbox):
        Program.objects.update(writes_mage_metafields=True, writes_tier_tags=True)
        shop = Shop.objects.select_related("program").get(pk=installed_shop.pk)
        standing = Standing(1, 1, 0, "Gold", "member")
        put(shop, standing, birthday=date(1990, 12, 10), has_mage=True, has_tag=True)
        take_back(shop=shop, shopify_customer_id=CUSTOMER["id"])
        left = [each for each in sandbox.store(shop.domain)["metafields"] if "Customer" in each["owner"]]
        assert (left, sandbox.store(shop.domain)["customers"][0]["tags"]) == ([], [])

    def test_reaches_the_shop_when_shopify_asks_for_it(self, sandbox, django_capture_on_commit_callbacks):
        shop = MarkedShop.opened(sandbox, 7001, 7002)
        for number in (7001, 7002):
            with shop.scope():
                update_profile(member_id=shop.member(number).pk, date_of_birth=date(1990, 12, 10), now=timezone.now())
        shop.work_off()
        asked = Delivery("1", shop.domain, timezone.now(), {"customer": {"id": 7001, "email": "7001@example.com"}})
        with django_capture_on_commit_callbacks(execute=True):
            customers_redact.handle(asked)
        assert shop.metafields(number=7001) == {}
        assert shop.metafields(number=7002)["$app.birthday"] == "1990-12-10"

    @pytest.mark.parametrize("fault", [{"down": True}, {"revoked": True}])
    def test_in_the_shop_is_tried_and_never_in_the_way(self, installed_shop, sandbox, fault):
        sandbox.faults(installed_shop.domain, **fault)
        take_back(shop=installed_shop, shopify_customer_id=CUSTOMER["id"])
        sandbox.faults(installed_shop.domain, down=False)
        take_back(shop=installed_shop, shopify_customer_id=999_999)
