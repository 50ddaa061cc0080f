"""`/v1/customers`: enrol, get, list, update."""

import pytest

from loyalty.members.models import Member
from tests.conftest import CUSTOMER
from tests.operations.loyalty.orders import heard, order

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    live.sandbox.call(
        "POST", f"stores/{live.domain}/customers",
        {"id": 7002, "email": "Grace@Example.com", "first_name": "Grace", "last_name": "Hopper"},
    )  # fmt: skip
    with live.scope():
        yield live


def enrol(shop, customer="7002", **more):
    return shop.rest("POST", "customers", {"shopify_customer_id": customer}, **more)


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def shown(answer):
    return answer.json()["data"]["attributes"]


class TestEnrolling:
    def test_takes_name_and_address_from_shopify_once(self, shop):
        shop.tier("Member", 0)
        first = enrol(shop)
        assert first.status_code == 201
        told = shown(first)
        assert (told["email"], told["first_name"], told["current_points"], told["vip_tier"]["name"]) == (
            "grace@example.com", "Grace", 0, "Member",
        )  # fmt: skip
        assert told["referral_url"].endswith(f"?referral_code={told['referral_code']}")
        shop.sandbox.faults(shop.domain, down=True)  # an existing member needs no Shopify
        with shop.nothing_changes():
            again = enrol(shop, 7002)
        assert (again.status_code, again.json()) == (200, first.json())

    def test_while_shopify_is_down_leaves_no_member(self, shop):
        shop.sandbox.faults(shop.domain, down=True)
        with shop.nothing_changes():
            assert code(enrol(shop)) == (503, "shopify_unavailable")
        shop.sandbox.faults(shop.domain, down=False)
        assert enrol(shop).status_code == 201

    def test_of_somebody_shopify_does_not_know_is_404(self, shop):
        with shop.nothing_changes():
            answer = enrol(shop, "7999")
        assert (code(answer), answer.json()["errors"][0]["detail"]) == (
            (404, "not_found"), "Shopify customer '7999' not found",
        )  # fmt: skip

    @pytest.mark.parametrize(
        "customer", ["ada@example.com", "", None, True, "1" * 19, "-1", ["7002"], "gid://shopify/Order/1"]
    )
    def test_of_what_is_no_customer_id_is_400(self, shop, customer):
        with shop.nothing_changes():
            assert code(enrol(shop, customer)) == (400, "invalid_field")

    def test_brings_the_sign_up_points_of_a_new_account(self, shop):
        shop.rule("signup", 100)
        shop.sandbox.call(
            "PUT", "stores",
            [{"domain": shop.domain, "customers": [
                {"id": 7003, "email": "new@example.com", "created_at": "2026-06-01T00:00:00Z"}]}],
        )  # fmt: skip
        assert shown(enrol(shop, "7003"))["current_points"] == 100
        assert shown(enrol(shop, "gid://shopify/Customer/7003"))["current_points"] == 100

    def test_counts_what_they_bought_as_a_guest_by_what_it_was_and_waits_for_the_shop_to_say(self, shop):
        products = [{"id": 11, "tags": ["Sale"]}]
        shop.sandbox.call("PUT", "stores", [{"domain": shop.domain, "products": products}])
        with shop.scope():
            shop.rule("place_order", 5, frequency="unlimited", options={"product_tags": ["sale"]})
            heard(shop, order(customer=7002))
        shop.sandbox.faults(shop.domain, throttled=True, only="nodes")
        with shop.nothing_changes():
            assert code(enrol(shop)) == (503, "shopify_unavailable")
        shop.sandbox.faults(shop.domain, throttled=0)
        assert shown(enrol(shop))["current_points"] == 500


class TestACustomer:
    @pytest.mark.parametrize("identifier", ["7001", "ada@example.com", "ADA%40example.com"])
    def test_is_found_by_id_and_by_address(self, shop, identifier):
        answer = shop.rest("GET", f"customers/{identifier}")
        assert answer.json()["data"]["id"] == str(CUSTOMER["id"])

    def test_shows_every_attribute_null_and_never_absent(self, shop):
        told = shown(shop.rest("GET", "customers/7001"))
        assert set(told) == {
            "shopify_customer_id", "email", "first_name", "last_name", "current_points", "lifetime_points",
            "redeemed_points", "loyalty_status", "date_of_birth", "anniversary_date", "referral_url", "referral_code",
            "vip_tier", "points_expire_at", "created_at", "updated_at",
        }  # fmt: skip
        assert (told["vip_tier"], told["points_expire_at"], told["date_of_birth"]) == (None, None, None)

    def test_hides_the_tier_when_asked(self, shop):
        shop.tier("Gold", 0)
        enrol(shop)
        assert shown(shop.rest("GET", "customers/7002"))["vip_tier"]["name"] == "Gold"
        assert shown(shop.rest("GET", "customers/7002?exclude_vip=true"))["vip_tier"] is None

    def test_is_listed_filtered_and_sorted(self, shop):
        enrol(shop)
        shop.give(Member.objects.get(shopify_customer_id=7002), 50)
        ids = lambda query: [row["id"] for row in shop.rest("GET", f"customers?{query}").json()["data"]]  # noqa: E731  # read once, here
        assert ids("sort=-points") == ["7002", "7001"]
        assert ids("sort=points&page[size]=1") == ["7001"]
        assert ids("filter[email]=GRACE") == ["7002"]
        assert ids("filter[email]=%25") == []
        assert ids("filter[loyalty_status]=excluded") == []


class TestAnUpdate:
    def test_changes_what_is_given_and_clears_by_null(self, shop):
        put = lambda body: shop.rest("PUT", "customers/7001", body)  # noqa: E731  # read once, here
        told = shown(put({"date_of_birth": "1990-05-15", "anniversary_date": "2020-01-01T00:00:00Z"}))
        assert (told["date_of_birth"], told["anniversary_date"]) == (
            "1990-05-15T00:00:00.000Z",
            "2020-01-01T00:00:00.000Z",
        )
        told = shown(put({"data": {"attributes": {"date_of_birth": None}}}))
        assert (told["date_of_birth"], told["anniversary_date"]) == (None, "2020-01-01T00:00:00.000Z")
        assert put({}).status_code == 200

    def test_excludes_and_takes_back_in(self, shop):
        assert shown(shop.rest("PUT", "customers/7001", {"is_excluded": True}))["loyalty_status"] == "excluded"
        assert shop.rest("GET", "customers/7001").status_code == 200
        assert code(shop.rest("POST", "customers/7001/points", {"adjustment": 5})) == (403, "customer_excluded")
        assert shown(shop.rest("PUT", "customers/7001", {"is_excluded": False}))["loyalty_status"] == "member"

    @pytest.mark.parametrize(
        "body", [{"date_of_birth": "2999-01-01"}, {"date_of_birth": 5}, {"is_excluded": "yes"}, {"is_excluded": None}]
    )
    def test_that_is_impossible_is_400_and_changes_nothing(self, shop, body):
        before = shown(shop.rest("GET", "customers/7001"))
        with shop.nothing_changes():
            assert code(shop.rest("PUT", "customers/7001", body)) == (400, "invalid_field")
        assert shown(shop.rest("GET", "customers/7001")) == before

    def test_that_excludes_with_an_impossible_date_beside_it_does_neither(self, shop):
        with shop.nothing_changes():
            body = {"is_excluded": True, "date_of_birth": "2999-01-01"}
            assert code(shop.rest("PUT", "customers/7001", body)) == (400, "invalid_field")
        assert shown(shop.rest("GET", "customers/7001"))["loyalty_status"] == "member"
