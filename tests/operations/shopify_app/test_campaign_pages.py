"""The pages of campaigns: days of the shop, each field changes what is earned, and errors stand at their fields."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from loyalty.campaigns.models import Campaign
from loyalty.earning.models import Award
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
NEW = "/standalone/campaigns/new"


@pytest.fixture
def shop(db):
    made = AShop.new(time_zone="America/New_York")
    set_login(program=made.program, username="ada", password="ada")
    made.member(7001)
    with made.scope():
        yield made


@pytest.fixture
def rule(shop):
    return shop.action(points=100, now=datetime(2025, 1, 1, tzinfo=UTC))


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def sent(rule, **changes):
    usual = {"name": "Spring", "starts_on": "2026-03-01", "is_active": "on", f"multiplier_{rule.pk}": "2"}
    return {name: value for name, value in {**usual, **changes}.items() if value is not ...}


EARNED = [
    ({}, 200),
    ({"multiplier_": "3"}, 300),
    ({"extra_": "40"}, 240),
    ({"starts_on": "2026-03-02"}, 100),
    ({"starts_on": "2026-02-01"}, 200),
    ({"starts_on": "2026-02-01", "ends_on": "2026-02-28"}, 100),
    ({"tiers": "gold"}, 100),
    ({"customer_tags": "vip"}, 100),
    ({"product_ids": "gid://shopify/Product/7"}, 100),
    ({"collection_ids": "gid://shopify/Collection/7, 8"}, 100),
    ({"product_tags": "sale, new"}, 100),
    ({"budget_points": "99"}, 100),
    ({"is_active": ...}, 100),
]
"""What is filled in besides the usual, and what 100 points become."""


class TestAdding:
    def test_takes_whole_days_of_the_shop(self, staff, rule):
        assert staff.post(NEW, sent(rule, ends_on="2026-03-08")).status_code == 303
        campaign = Campaign.objects.get()
        assert campaign.starts_at == datetime(2026, 3, 1, 5, tzinfo=UTC)
        assert campaign.ends_at == datetime(2026, 3, 9, 4, tzinfo=UTC)  # the clocks went forward on the last day

    @pytest.mark.parametrize(("changes", "earned"), EARNED, ids=str)
    def test_each_field_changes_what_is_earned(self, shop, staff, rule, changes, earned):
        shop.tier("Bronze", 0)
        gold = shop.tier("Gold", 500)
        change = {
            (f"{name}{rule.pk}" if name.endswith("_") else name): (str(gold.pk) if value == "gold" else value)
            for name, value in changes.items()
        }
        assert staff.post(NEW, sent(rule, **change)).status_code == 303
        assert shop.award(now=NOW).points == earned

    def test_the_name_stands_in_the_explanation_of_what_was_earned(self, shop, staff, rule):
        assert staff.post(NEW, sent(rule, name="Autumn")).status_code == 303
        shop.award(now=NOW)
        assert Award.objects.get().breakdown["campaign"]["name"] == "Autumn"

    def test_every_field_there_is_has_its_case(self, staff, rule):
        tried = {f"{name}{rule.pk}" if name.endswith("_") else name for changes, _ in EARNED for name in changes}
        assert tried | {"name"} == set(staff.get(NEW).context["form"].fields)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"starts_on": ""}, "starts_on"),
            ({"ends_on": "2026-02-01"}, "ends_on"),
            ({"product_ids": "tea"}, "product_ids"),
            ({"collection_ids": "tea"}, "collection_ids"),
            ({"collection_ids": ", ".join(map(str, range(51)))}, "collection_ids"),
            ({"product_tags": "x" * 256}, "product_tags"),
            ({"budget_points": "0"}, "budget_points"),
            ({"multiplier_": "101"}, "multiplier_"),
            ({"multiplier_": ""}, "__all__"),
        ],
        ids=str,
    )
    def test_says_at_the_field_what_is_wrong_and_stores_nothing(self, staff, rule, changes, field):
        change = {(f"{name}{rule.pk}" if name.endswith("_") else name): value for name, value in changes.items()}
        answer = staff.post(NEW, sent(rule, **change))
        assert answer.status_code == 422
        assert answer.context["form"].errors[
            f"{field}{rule.pk}" if field.endswith("_") and field != "__all__" else field
        ]
        assert not Campaign.objects.exists()


class TestEditing:
    def test_begins_with_what_is_stored_and_saving_it_changes_nothing(self, staff, rule):
        narrowed = {"product_ids": "1", "collection_ids": "7, 8", "product_tags": "new, sale"}
        staff.post(NEW, sent(rule, ends_on="2026-03-08", budget_points="500", **narrowed, **{f"extra_{rule.pk}": "5"}))
        before = Campaign.objects.values().get()
        url = f"/standalone/campaigns/{before['public_id']}"
        form = staff.get(url).context["form"]
        values = {field.html_name: field.value() for field in form if field.value() not in (None, "", [], False)}
        assert staff.post(url, {**values, "is_active": "on"}).status_code == 303
        after = Campaign.objects.values().get()
        assert {**after, "updated_at": None} == {**before, "updated_at": None}

    def test_below_what_is_spent_is_refused_at_the_budget(self, shop, staff, rule):
        staff.post(NEW, sent(rule, budget_points="500"))
        shop.award(now=NOW)
        url = f"/standalone/campaigns/{Campaign.objects.get().public_id}"
        answer = staff.post(url, sent(rule, budget_points="50"))
        assert answer.context["form"].errors["budget_points"] == ["The campaign has given 100 points already."]

    def test_switches_off_from_the_list(self, shop, staff, rule):
        staff.post(NEW, sent(rule))
        public_id = Campaign.objects.get().public_id
        assert "Running" in staff.get("/standalone/campaigns").content.decode()
        staff.post(f"/standalone/campaigns/{public_id}/switch")
        assert shop.award(now=NOW).points == 100
        assert "Off" in staff.get("/standalone/campaigns").content.decode()


class TestAnEmptyList:
    def test_leads_to_what_is_missing(self, shop, staff):
        assert "A campaign needs an earning rule" in staff.get("/standalone/campaigns").content.decode()
        shop.action()
        assert "No campaign yet" in staff.get("/standalone/campaigns").content.decode()
