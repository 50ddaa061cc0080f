"""From a reward's form to the discount in Shopify: only one term differs, and the discount differs by just that."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django_scopes import scope

from loyalty.ledger.queries import balances_of
from loyalty.rewards.operations import RewardTerms, begin, create_reward, issue
from tests.a_shop import AShop
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db
PRODUCT, COLLECTION, VARIANT, OTHER = (
    "gid://shopify/Product/1", "gid://shopify/Collection/3", "gid://shopify/ProductVariant/11", "gid://shopify/ProductVariant/12",
)  # fmt: skip
FIXED = {"name": "Off", "discount_type": "fixed_amount", "points_cost": 100, "discount_amount": Decimal(5)}
SHIPPING = {"name": "Off", "discount_type": "free_shipping", "points_cost": 100}
GIFT = {"name": "Off", "discount_type": "free_product", "points_cost": 100, "variant_gids": (VARIANT, OTHER)}
BESIDE = {**GIFT, "quantity": 1, "applies_to": "products", "applies_to_gids": (PRODUCT,)}
ITS_OWN = {"id", "gid", "code", "lookup", "tags", "starts_at", "created_at", "updated_at"}


@pytest.fixture
def shop(installed_shop, sandbox):
    catalogue = {"collections": [{"id": 3}], "products": [{"id": 1, "variants": [{"id": 11}, {"id": 12}]}]}
    sandbox.call("PUT", "stores", [{"domain": installed_shop.domain, **catalogue}])
    made = AShop(installed_shop.program)
    with scope(program=made.program):
        made.member(CUSTOMER["id"], points=10_000, now=timezone.now())
        yield made


def made_with(shop, sandbox, given):
    """The discount that a purchase of a reward with these terms leaves in the shop."""
    now = timezone.now()
    reward = create_reward(program=shop.program, terms=RewardTerms(**given), now=now)
    bought, _ = begin(member=shop.member(CUSTOMER["id"]), reward_id=reward.public_id, now=now, source="rest")
    issue(redemption_id=bought.pk, now=now)
    bought.refresh_from_db()
    assert bought.state == "active", bought.failure
    (found,) = [each for each in sandbox.store(shop.program.shopify_domain)["discounts"] if each["code"] == bought.code]
    return {name: value for name, value in found.items() if name not in ITS_OWN}


NO_ITEMS = {"all": False, "products": [], "variants": [], "collections": []}


class TestATermThatChanges:
    @pytest.mark.parametrize(
        ("usual", "changes", "differing"),
        [
            (FIXED, {"discount_amount": Decimal(6)}, {"amount": "6"}),
            (FIXED, {"name": "Six"}, {"title": "Six"}),
            (FIXED, {"minimum_spend": Decimal(20)}, {"minimum_subtotal": "20"}),
            (FIXED, {"discount_type": "percentage"}, {"percentage": 0.05, "amount": None}),
            (FIXED, {"applies_to": "products", "applies_to_gids": (PRODUCT,)}, {"items": {**NO_ITEMS, "products": [PRODUCT]}}),
            (FIXED, {"applies_to": "collections", "applies_to_gids": (COLLECTION,)},
             {"items": {**NO_ITEMS, "collections": [COLLECTION]}}),
            (FIXED, {"purchase_type": "both"}, {"applies_on_subscription": True}),
            (FIXED, {"purchase_type": "subscription"},
             {"applies_on_subscription": True, "applies_on_one_time_purchase": False}),
            *(
                (FIXED, {f"combines_with_{name}": True},
                 {"combines_with": {f"{each}Discounts": each == name for each in ("product", "order", "shipping")}})
                for name in ("product", "order", "shipping")
            ),
            (FIXED, {"redemption_type": "flexible", "amount_per_point": Decimal("0.07"), "max_points": 200}, {"amount": "7"}),
            (SHIPPING, {"maximum_shipping": Decimal("7.5")}, {"maximum_shipping_price": "7.5"}),
            (SHIPPING, {"countries": ("DE", "AT")}, {"countries": ["AT", "DE"]}),
            ({**SHIPPING, "countries": ("DE",)}, {"rest_of_world": True}, {"rest_of_world": True}),
            (SHIPPING, {"minimum_spend": Decimal(20)}, {"minimum_subtotal": "20"}),
            (SHIPPING, {"purchase_type": "both"}, {"applies_on_subscription": True}),
            (GIFT, {"variant_gids": (OTHER,)}, {"items": {**NO_ITEMS, "variants": [OTHER]}}),
            (GIFT, {"minimum_spend": Decimal(20)}, {"minimum_subtotal": "20"}),
            (BESIDE, {"quantity": 2}, {"quantity": "2"}),
            (BESIDE, {"minimum_spend": Decimal(20)}, {"bought": {"amount": "20"}}),
            (BESIDE, {"applies_to": "collections", "applies_to_gids": (COLLECTION,)},
             {"bought_items": {**NO_ITEMS, "collections": [COLLECTION]}}),
        ],
    )  # fmt: skip
    def test_changes_just_its_part_of_the_discount(self, shop, sandbox, usual, changes, differing):
        before, after = (made_with(shop, sandbox, given) for given in (usual, {**usual, **changes}))
        assert {name: value for name, value in after.items() if value != before[name]} == differing

    def test_of_the_expiry_moves_the_end(self, shop, sandbox):
        ends = [made_with(shop, sandbox, {**FIXED, "expiry_days": days})["ends_at"] for days in (None, 30)]
        midnight = (timezone.now() + timedelta(days=30)).date()
        assert ends == [None, f"{midnight}T00:00:00Z"]

    def test_from_every_unit_to_a_number_makes_another_kind_of_discount(self, shop, sandbox):
        assert made_with(shop, sandbox, GIFT)["kind"] == "DiscountCodeBasic"
        beside = made_with(shop, sandbox, BESIDE)
        assert (beside["kind"], beside["percentage"], beside["uses_per_order"]) == ("DiscountCodeBxgy", 1.0, 1)
        assert (beside["usage_limit"], beside["customer_ids"]) == (1, [str(CUSTOMER["id"])])


class TestWhatShopifyRefuses:
    def test_returns_the_points_and_leaves_no_code(self, shop, sandbox):
        member, now = shop.member(CUSTOMER["id"]), timezone.now()
        gone = {**GIFT, "variant_gids": ("gid://shopify/ProductVariant/99",)}
        reward = create_reward(program=shop.program, terms=RewardTerms(**gone), now=now)
        bought, _ = begin(member=member, reward_id=reward.public_id, now=now, source="rest")
        assert not issue(redemption_id=bought.pk, now=now)
        bought.refresh_from_db()
        assert bought.state == "failed"
        assert "Product variant with id: 99 is invalid" in bought.failure
        stands = balances_of(member_id=member.pk, now=now)
        assert (stands.available, stands.held) == (10_000, 0)
        assert sandbox.store(shop.program.shopify_domain)["discounts"] == []
