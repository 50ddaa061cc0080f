"""Who hears of a test: nobody, visibly, unless the merchant wants it; the customer's own shop always shows the balance."""

import pytest
from django.utils import timezone

from loyalty.earning.operations import adjust_points
from loyalty.integrations import operations as integrations
from loyalty.integrations.state import read_state
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from loyalty.outbox.operations import send_again
from loyalty.outbox.ports import Done, Skipped
from shopify_app.shops.operations import install
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
KEY = "pk_0000000000000000000000shadow"
FLOW, EVENTS, PROFILES, METAFIELDS = (
    "flow:loyalty-points-earned", "klaviyo:events", "klaviyo:profiles", "shopify:customer-metafield",
)  # fmt: skip
SOON = NOW + (relay.LEASE / 2)


@pytest.fixture
def vendor(sandbox):
    sandbox.call("DELETE", "vendors/klaviyo")
    yield sandbox
    sandbox.call("DELETE", "vendors/klaviyo")


@pytest.fixture
def shop(db, vendor):
    """An installed shop connected to Klaviyo, with a test customer and another member."""
    known = [
        {
            "id": number,
            "email": f"{number}@example.com",
            "first_name": "Ada",
            "last_name": "L",
            "created_at": "2025-01-01",
        }
        for number in (7001, 7002)
    ]
    domain = vendor.new_store(customers=known)
    made = AShop(install(domain=domain, id_token=vendor.id_token(domain), now=timezone.now()).program)
    made.member(7001), made.member(7002)
    made.action()
    with made.scope():
        integrations.connect(program=made.program, vendor="klaviyo", key=KEY, now=NOW)
        made.test_mode("shadow", made.member(7001))
        Event.objects.update(fanned_out_at=NOW)  # the enrolments are not what these tests are about
        yield made
        made.assert_sound()


def work_off(now=SOON):
    """Everything that waits is told, and what came of it, by destination."""
    relay.fan_out(now=NOW)
    told = {}
    for destination in relay.due_destinations(now=now):
        while (claim := relay.claim(destination=destination, now=now)) is not None:
            told[destination] = relay.attempt(claim=claim, now=now)
    return told


def heard(vendor, shop):
    """What Klaviyo and Flow have heard: metrics, and whose profile; handles of triggers."""
    klaviyo = vendor.call("GET", "vendors/klaviyo")
    triggers = vendor.store(shop.program.shopify_domain)["triggers"]
    return [each["metric"] for each in klaviyo["events"]], sorted(klaviyo["profiles"]), len(triggers)


class TestATest:
    def test_is_told_to_nobody_and_each_delivery_says_so(self, shop, vendor):
        shop.award()
        told = work_off()
        assert {name: type(outcome) for name, outcome in told.items()} == {
            FLOW: Skipped, EVENTS: Skipped, PROFILES: Skipped, METAFIELDS: Done,
        }  # fmt: skip
        assert heard(vendor, shop) == ([], [], 0)
        kept = Delivery.objects.get(destination=EVENTS)
        assert (kept.state, kept.last_error.startswith("A test:"), kept.last_request) == ("skipped", True, None)

    def test_shows_in_the_customers_own_shop(self, shop, vendor):
        shop.award()
        work_off()
        shown = {each["key"]: each["value"] for each in vendor.store(shop.program.shopify_domain)["metafields"]}
        assert shown["balance"] == "100"

    def test_is_told_where_the_merchant_wants_it(self, shop, vendor):
        shop.test_mode("shadow", shop.member(7001), sends=True)
        shop.award()
        assert {type(outcome) for outcome in work_off().values()} == {Done}
        assert heard(vendor, shop) == (["Points Awarded"], ["7001@example.com"], 1)
        assert vendor.call("GET", "vendors/klaviyo")["events"][0]["properties"]["Encore Test"] is True

    def test_that_stayed_inside_can_be_sent_once_the_merchant_wants_it(self, shop, vendor):
        shop.award()
        work_off()
        kept = Delivery.objects.get(destination=EVENTS)
        send_again(delivery_id=kept.pk, now=NOW)
        assert isinstance(work_off()[EVENTS], Skipped)
        shop.test_mode("shadow", shop.member(7001), sends=True)
        send_again(delivery_id=kept.pk, now=NOW)
        assert isinstance(work_off()[EVENTS], Done)

    def test_that_is_told_of_late_stays_inside_though_the_mode_is_off(self, shop, vendor):
        shop.award()
        shop.test_mode("off")
        shop.clean_up()
        told = work_off()
        assert (isinstance(told[EVENTS], Skipped), isinstance(told[FLOW], Skipped)) == (True, True)
        assert heard(vendor, shop)[0] == []


class TestEverybodyElse:
    def test_is_told_of_as_usual(self, shop, vendor):
        shop.award(customer=7002)
        assert {type(outcome) for outcome in work_off().values()} == {Done}
        assert heard(vendor, shop) == (["Points Awarded"], ["7002@example.com"], 1)


class TestAProfile:
    def test_of_a_test_customer_is_mirrored_again_when_the_test_is_taken_back(self, shop, vendor):
        ada = shop.member(7001)
        adjust_points(member=ada, points=500, source="staff", now=NOW)
        work_off()
        shop.test_mode("off")
        assert read_state(member_id=ada.pk, now=NOW).is_filtered_out  # the balance still holds the test
        shop.clean_up()
        work_off()
        profile = vendor.call("GET", "vendors/klaviyo")["profiles"]["7001@example.com"]["properties"]
        assert profile["Encore Points Balance"] == 0

    def test_is_mirrored_when_the_merchant_begins_to_want_it(self, shop, vendor):
        shop.award()
        work_off()
        shop.test_mode("shadow", shop.member(7001), sends=True)
        work_off()
        assert (
            vendor.call("GET", "vendors/klaviyo")["profiles"]["7001@example.com"]["properties"]["Encore Points Balance"]
            == 100
        )
