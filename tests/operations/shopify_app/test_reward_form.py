"""The form of a reward: each field decides one thing about what is bought, and what does not fit its kind is not kept."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.rewards.models import EntryReward, Reward
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
NEW = "/standalone/rewards/new"
USUAL = {
    "name": "5 off", "discount_type": "fixed_amount", "redemption_type": "fixed", "amount": "5", "points_cost": "100",
    "is_active": "on", "applies_to": "all", "purchase_type": "one_time", "limit_period": "month",
}  # fmt: skip
IGNORED = {"id", "public_id", "program_id", "created_at", "updated_at", "version", "position"}


DECIDED = [
    ({"name": "Five"}, {"name": "Five"}), ({"description": "For tea"}, {"description": "For tea"}),
    ({"discount_type": "percentage", "percent": "10"},
     {"discount_type": "percentage", "discount_amount": Decimal(10)}),
    ({"amount": "6.50"}, {"discount_amount": Decimal("6.5")}),
    ({"points_cost": "90"}, {"points_cost": 90}),
    ({"points_cost": "0"}, {"points_cost": 0}),
    ({"minimum_spend": "20"}, {"minimum_spend": Decimal(20)}),
    ({"purchase_type": "both"}, {"purchase_type": "both"}),
    ({"combines_with_product": "on"}, {"combines_with_product": True}),
    ({"combines_with_order": "on"}, {"combines_with_order": True}),
    ({"combines_with_shipping": "on"}, {"combines_with_shipping": True}),
    ({"reactivates_on_refund": "on"}, {"reactivates_on_refund": True}),
    ({"expiry_days": "30"}, {"expiry_days": 30}), ({"max_redemptions": "2"}, {"max_redemptions": 2}),
    ({"total_limit": "50"}, {"total_limit": 50}),
    ({"period_limit": "1"}, {"period_limit": 1, "limit_period": "month"}),
    ({"period_limit": "1", "limit_period": "day"}, {"period_limit": 1, "limit_period": "day"}),
    ({"starts_on": "2026-12-01"}, {"starts_at": datetime(2026, 11, 30, 23, tzinfo=UTC)}),
    ({"ends_on": "2026-12-24"}, {"ends_at": datetime(2026, 12, 24, 23, tzinfo=UTC)}),
    ({"is_active": ""}, {"is_active": False}),
    ({"applies_to": "products", "applies_to_ids": "1, gid://shopify/Product/2"},
     {"applies_to": "products", "applies_to_gids": ["gid://shopify/Product/1", "gid://shopify/Product/2"]}),
    ({"discount_type": "store_credit"}, {"discount_type": "store_credit"}),
    ({"redemption_type": "flexible", "amount_per_point": "0.01", "max_points": "500"},
     {"redemption_type": "flexible", "amount_per_point": Decimal("0.01"), "max_points": 500, "discount_amount": None}),
    # what belongs to another kind is not kept
    ({"percent": "10", "maximum_shipping": "7", "variants": "9", "quantity": "2", "max_points": "9"}, {}),
    ({"applies_to_ids": "1", "tier_and_above": "on", "limit_period": "day"}, {}),
    ({"countries": "DE", "rest_of_world": "on"}, {}),
]  # fmt: skip
"""What is filled in besides the usual, and which terms differ for it."""
ELSEWHERE = {"tier", "tier_and_above", "variants", "quantity", "maximum_shipping", "countries", "rest_of_world"}
"""Fields with a test of their own below."""


@pytest.fixture
def shop(db):
    made = AShop.new(time_zone="Europe/Berlin")
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def saved(staff, given, path=NEW):
    answer = staff.post(path, given)
    assert answer.status_code == 303, answer.content.decode()
    row = Reward.objects.order_by("-updated_at", "-pk").values().first()
    return {name: value for name, value in row.items() if name not in IGNORED}


class TestAField:
    @pytest.mark.parametrize(("changes", "differing"), DECIDED, ids=str)
    def test_decides_about_its_own_term_alone(self, shop, staff, changes, differing):
        usual, changed = saved(staff, USUAL), saved(staff, {**USUAL, **changes})
        assert {name: value for name, value in changed.items() if value != usual[name]} == differing

    def test_there_is_has_its_case(self, staff):
        tried = {name for changes, differing in DECIDED if differing for name in changes}
        assert tried | ELSEWHERE == set(staff.get(NEW).context["form"].fields)

    def test_of_the_tier_opens_it_to_that_tier_and_with_the_other_to_those_above(self, shop, staff):
        shop.tier("Member", 0)
        silver = shop.tier("Silver", 100)
        exactly = saved(staff, {**USUAL, "tier": silver.public_id})
        above = saved(staff, {**USUAL, "tier": silver.public_id, "tier_and_above": "on"})
        assert (exactly["tier_id"], exactly["tier_and_above"]) == (silver.pk, False)
        assert (above["tier_id"], above["tier_and_above"]) == (silver.pk, True)
        page = staff.get("/standalone/rewards").content.decode()
        assert "Silver members and above" in page

    def test_of_a_free_product_names_its_variants_and_how_many(self, shop, staff):
        gift = {**USUAL, "discount_type": "free_product", "variants": "11 12"}
        every = saved(staff, gift)
        assert (every["variant_gids"][1], every["quantity"]) == ("gid://shopify/ProductVariant/12", None)
        beside = {"quantity": "2", "applies_to": "collections", "applies_to_ids": "3"}
        counted = saved(staff, {**gift, **beside})
        assert (counted["quantity"], counted["applies_to_gids"]) == (2, ["gid://shopify/Collection/3"])

    def test_of_free_shipping_keeps_its_dearest_rate_and_no_shipping_combination(self, shop, staff):
        given = {**USUAL, "discount_type": "free_shipping", "maximum_shipping": "7", "combines_with_shipping": "on"}
        kept = saved(staff, given)
        assert (kept["maximum_shipping"], kept["combines_with_shipping"], kept["discount_amount"]) == (7, False, None)

    def test_of_free_shipping_names_its_countries_by_code_or_name(self, shop, staff):
        everywhere = saved(staff, {**USUAL, "discount_type": "free_shipping"})
        named = {**USUAL, "discount_type": "free_shipping", "countries": "de, Austria, côte d’ivoire"}
        somewhere, besides = saved(staff, named), saved(staff, {**named, "rest_of_world": "on"})
        assert (everywhere["countries"], everywhere["rest_of_world"]) == ([], False)
        assert (somewhere["countries"], somewhere["rest_of_world"]) == (["AT", "CI", "DE"], False)
        assert (besides["countries"], besides["rest_of_world"]) == (["AT", "CI", "DE"], True)
        page = staff.get(f"/standalone/rewards/{Reward.objects.latest('pk').public_id}").content.decode()
        assert "to Austria, Côte d’Ivoire, Germany, the rest of the world" in page


class TestARefusedForm:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"amount": ""}, "Enter how much it takes off, more than 0."),
            ({"redemption_type": "flexible"}, "Say how much one point is worth, more than 0."),
            ({"discount_type": "free_product"}, "Choose between 1 and 100."),
            ({"discount_type": "free_product", "variants": "x"}, "is not a Shopify ProductVariant id"),
            ({"discount_type": "free_product", "variants": "1", "quantity": "1"}, "only beside something bought"),
            ({"applies_to": "products"}, "Choose between 1 and 100."),
            ({"discount_type": "free_shipping", "countries": "DE, Atlantis"}, "“Atlantis” is no country"),
            ({"discount_type": "free_shipping", "rest_of_world": "on"}, "Name the countries besides which"),
            ({"starts_on": "2026-12-02", "ends_on": "2026-12-01"}, "The last day must not be before the first."),
        ],
    )
    def test_says_so_at_its_field_and_saves_nothing(self, shop, staff, changes, sentence):
        with shop.nothing_changes():
            answer = staff.post(NEW, {**USUAL, **changes})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'error="{sentence}"' in page or sentence in page


class TestAStoredReward:
    def test_comes_back_from_its_own_form_as_it_was(self, shop, staff):
        silver = (shop.tier("Member", 0), shop.tier("Silver", 100))[1]
        saved(staff, {
            **USUAL, "discount_type": "free_product", "variants": "11", "quantity": "2", "applies_to": "products",
            "applies_to_ids": "1,2", "minimum_spend": "20", "combines_with_order": "on", "period_limit": "3",
            "limit_period": "week", "total_limit": "9", "expiry_days": "30", "tier": silver.public_id, "tier_and_above": "on",
            "starts_on": "2026-12-01", "ends_on": "2026-12-24", "reactivates_on_refund": "on", "purchase_type": "both",
        })  # fmt: skip
        before = Reward.objects.get()
        answer = staff.get(f"/standalone/rewards/{before.public_id}")
        form = answer.context["form"]
        given = {name: "" if form[name].value() in (None, False) else form[name].value() for name in form.fields}
        saved(staff, given, f"/standalone/rewards/{before.public_id}")
        after = Reward.objects.get()
        assert after.version == 2
        for name in set(vars(before)) - {"_state", "version", "updated_at"}:
            assert getattr(after, name) == getattr(before, name), name

    def test_that_is_only_given_says_so_and_who_is_not_given_it_while_it_is_off(self, shop, staff):
        reward = shop.reward(0, name="Welcome")
        gold = (shop.tier("Member", 0), shop.tier("Gold", 100))[1]
        EntryReward.objects.create(program=shop.program, tier=gold, reward=reward, updated_at=NOW)
        assert "Only given" in staff.get("/standalone/rewards").content.decode()
        page = staff.get(f"/standalone/rewards/{reward.public_id}").content.decode()
        assert "given, not bought" in page
        assert "as often as there are points" not in page
        staff.post(f"/standalone/rewards/{reward.public_id}/switch")
        assert "Who reaches Gold is not given it meanwhile." in staff.get("/standalone/rewards").content.decode()

    def test_is_told_in_words(self, shop, staff):
        reward = shop.reward(
            100, now=timezone.now(), combines_with_order=True, combines_with_shipping=True, total_limit=5
        )
        page = staff.get(f"/standalone/rewards/{reward.public_id}").content.decode()
        assert "can be combined with order and shipping discounts" in page
        assert "at most 5 times in total" in page
        assert "Codes already issued keep the terms they were bought under." in page
        assert "can&#x27;t be combined with any other discount" in staff.get(NEW).content.decode()
