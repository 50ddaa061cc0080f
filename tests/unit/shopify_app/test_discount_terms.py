"""From terms to Shopify's input, and whose a discount is."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from loyalty.rewards.ports import DiscountTerms
from shopify_app.discounts.terms import AppUnknown, discount_input, is_for, is_ours, plain, tag_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def terms(**changes) -> DiscountTerms:
    given = {
        "shopify_domain": "a.myshopify.com", "reference": "cr_1", "code": "C", "title": "t",
        "discount_type": "fixed_amount", "amount": Decimal("5.000"), "minimum_spend": None,
        "shopify_customer_id": 7, "starts_at": NOW, "ends_at": None, "deadline_at": NOW,
    }  # fmt: skip
    return DiscountTerms(**{**given, **changes})


def found(**changes) -> dict:
    discount = {
        "tags": [tag_of("cr_1")],
        "codes": {"nodes": [{"createdBy": {"id": "gid://shopify/App/1"}}]},
        "context": {"customers": [{"id": "gid://shopify/Customer/7"}]},
    }
    return {"id": "gid://shopify/DiscountCodeNode/1", "codeDiscount": {**discount, **changes}}


class TestTheInput:
    def test_is_for_one_customer_once(self):
        given = discount_input(terms())
        assert given["context"] == {"customers": {"add": ["gid://shopify/Customer/7"]}}
        assert given["usageLimit"] == 1
        assert given["appliesOncePerCustomer"] is True

    def test_a_percentage_is_a_fraction(self):
        given = discount_input(terms(discount_type="percentage", amount=Decimal("12.5")))
        assert given["customerGets"]["value"] == {"percentage": 0.125}

    def test_combines_with_nothing_unless_it_says_so_and_is_for_one_time_purchases(self):
        given = discount_input(terms())
        assert given["combinesWith"] == {"productDiscounts": False, "orderDiscounts": False, "shippingDiscounts": False}
        gets = given["customerGets"]
        assert (gets["appliesOnOneTimePurchase"], gets["appliesOnSubscription"], gets["items"]) == (
            True,
            False,
            {"all": True},
        )

    def test_without_a_minimum_none_is_sent(self):
        assert "minimumRequirement" not in discount_input(terms())
        assert "minimumRequirement" not in discount_input(terms(minimum_spend=Decimal(0)))

    @pytest.mark.parametrize(
        "changes", [{"amount": None}, {"discount_type": "surprise"}, {"discount_type": "free_product"}]
    )
    def test_terms_that_make_no_discount_are_refused(self, changes):
        with pytest.raises(ValueError, match=r"amount|kind|variants"):
            discount_input(terms(**changes))

    @pytest.mark.parametrize(
        ("amount", "text"), [("5.000", "5"), ("12.50", "12.5"), ("100", "100"), ("1E+2", "100"), ("0.01", "0.01")]
    )
    def test_amounts_are_written_without_exponent(self, amount, text):
        assert plain(Decimal(amount)) == text


class TestOurs:
    def test_is_a_discount_with_our_tag_made_by_our_app(self):
        assert is_ours(found(), reference="cr_1", app_gid="gid://shopify/App/1")

    def test_is_not_one_of_another_redemption(self):
        assert not is_ours(found(), reference="cr_2", app_gid="gid://shopify/App/1")

    def test_is_not_one_of_another_app(self):
        assert not is_ours(found(), reference="cr_1", app_gid="gid://shopify/App/2")

    def test_is_not_judged_when_shopify_does_not_say_who_we_are(self):
        with pytest.raises(AppUnknown):
            is_ours(found(), reference="cr_1", app_gid=None)
        assert not is_ours(found(), reference="cr_2", app_gid=None)  # its tag alone says that it is another's

    def test_does_not_depend_on_a_creator_that_shopify_does_not_name(self):
        assert is_ours(found(codes={"nodes": [{"createdBy": None}]}), reference="cr_1", app_gid="gid://shopify/App/1")

    def test_is_for_the_customer_it_names_and_nobody_else(self):
        assert is_for(found(), 7)
        assert not is_for(found(), 8)
        assert not is_for(found(context={"__typename": "DiscountBuyerSelectionAll"}), 7)
