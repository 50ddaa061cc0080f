"""Code discounts: what Shopify does with them, and what it refuses."""

from typing import Any

import pytest

from .client import Sandbox
from .documents import (
    BXGY,
    CREATE,
    DELETE,
    FIND,
    FREE_SHIPPING,
    OWNER,
    SWITCH,
    basic,
    bxgy,
)

PRODUCT = "gid://shopify/Product/"


class TestDiscounts:
    def test_a_created_code_is_found_without_regard_to_case(self, sandbox: Sandbox) -> None:
        given = basic()
        made = sandbox.graphql(CREATE, d=given)["data"]["discountCodeBasicCreate"]
        assert made["userErrors"] == []
        assert made["codeDiscountNode"]["codeDiscount"]["status"] == "ACTIVE"
        found = sandbox.graphql(FIND, code=given["code"].lower())["data"]["codeDiscountNodeByCode"]
        assert found["id"] == made["codeDiscountNode"]["id"]
        shown = found["codeDiscount"]
        assert shown["context"] == {"__typename": "DiscountCustomers", "customers": [{"id": OWNER}]}
        assert shown["customerGets"]["value"]["amount"] == {"amount": "5.0", "currencyCode": "USD"}
        assert shown["minimumRequirement"] == {"greaterThanOrEqualToSubtotal": {"amount": "50.0"}}
        assert shown["codes"]["nodes"][0]["createdBy"] is not None

    def test_the_same_code_twice_is_taken(self, sandbox: Sandbox) -> None:
        given = basic()
        sandbox.graphql(CREATE, d=given)
        again = sandbox.graphql(CREATE, d={**given, "code": given["code"].upper()})["data"]["discountCodeBasicCreate"]
        assert again["codeDiscountNode"] is None
        message = "Code must be unique. Please try a different code."
        assert again["userErrors"] == [
            {"field": ["basicCodeDiscount", "code"], "code": "TAKEN", "message": message, "extraInfo": None}
        ]

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"title": " "}, ["title"], "BLANK"),
            ({"code": None}, ["code"], "BLANK"),
            ({"code": ""}, ["code"], "TOO_SHORT"),
            ({"code": "x" * 256}, ["code"], "TOO_LONG"),
            ({"code": "a\nb"}, ["code"], "INVALID"),
            ({"startsAt": None}, ["startsAt"], "BLANK"),
            ({"endsAt": "2025-12-31T00:00:00Z"}, ["endsAt"], "INVALID"),
            ({"context": None}, ["context"], "BLANK"),
            ({"customerSelection": {"all": True}}, ["context"], "INVALID"),
            (
                {"context": {"customers": {"add": ["gid://shopify/Customer/1"]}}},
                ["context", "customers", "add"],
                "INVALID",
            ),
            ({"context": {"customers": {"add": []}}}, ["context", "customers"], "BLANK"),
            ({"customerGets": None}, ["customerGets"], "BLANK"),
            (
                {"customerGets": {"value": {"percentage": 5}, "items": {"all": True}}},
                ["customerGets", "value", "percentage"],
                "VALUE_OUTSIDE_RANGE",
            ),
            ({"customerGets": {"value": {}, "items": {"all": True}}}, ["customerGets", "value"], "BLANK"),
            ({"customerGets": {"value": {"percentage": 0.1}}}, ["customerGets", "items"], "BLANK"),
            (
                {
                    "customerGets": {
                        "value": {"percentage": 1},
                        "items": {"products": {"productsToAdd": [PRODUCT + "9"]}},
                    }
                },
                ["customerGets", "items", "products", "productsToAdd"],
                "INVALID",
            ),
            (
                {
                    "customerGets": {
                        "value": {"percentage": 1},
                        "items": {"all": True},
                        "appliesOnOneTimePurchase": False,
                    }
                },
                ["customerGets", "appliesOnOneTimePurchase"],
                "APPLIES_ON_NOTHING",
            ),
            ({"usageLimit": 0}, ["usageLimit"], "GREATER_THAN"),
            ({"tags": ["a", "b", "c", "d", "e", "f"]}, ["tags"], "TOO_MANY_TAGS"),
            ({"tags": ["x" * 256]}, ["tags"], "INVALID_TAG_LENGTH"),
        ],
    )
    def test_refuses(self, sandbox: Sandbox, changes: dict[str, Any], field: list[str], code: str) -> None:
        before = len(sandbox.store()["discounts"])
        answer = sandbox.graphql(CREATE, d=basic(**changes))["data"]["discountCodeBasicCreate"]
        assert answer["codeDiscountNode"] is None
        assert [(error["field"], error["code"]) for error in answer["userErrors"]] == [
            (["basicCodeDiscount", *field], code)
        ]
        assert len(sandbox.store()["discounts"]) == before

    def test_free_shipping_cannot_combine_with_shipping_discounts(self, sandbox: Sandbox) -> None:
        given = {**basic(), "destination": {"all": True}}
        del given["customerGets"]
        made = sandbox.graphql(FREE_SHIPPING, d=given)["data"]["discountCodeFreeShippingCreate"]
        assert made["userErrors"] == []
        given |= {"code": given["code"] + "-2", "combinesWith": {"shippingDiscounts": True}}
        refused = sandbox.graphql(FREE_SHIPPING, d=given)["data"]["discountCodeFreeShippingCreate"]
        assert refused["userErrors"][0]["code"] == "INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS"

    def test_free_shipping_goes_to_the_countries_it_names(self, sandbox: Sandbox) -> None:
        countries = {"add": ["DE", "AT"], "includeRestOfWorld": True}
        given = {**basic(), "destination": {"countries": countries}}
        del given["customerGets"]
        made = sandbox.graphql(FREE_SHIPPING, d=given)["data"]["discountCodeFreeShippingCreate"]
        assert made["codeDiscountNode"]["codeDiscount"]["destinationSelection"] == {
            "__typename": "DiscountCountries",
            "countries": ["AT", "DE"],
            "includeRestOfWorld": True,
        }

    @pytest.mark.parametrize(
        "destination", [{}, {"countries": {"add": []}}, {"all": True, "countries": {"add": ["DE"]}}]
    )
    def test_free_shipping_to_nowhere_or_to_both_is_refused(
        self, sandbox: Sandbox, destination: dict[str, Any]
    ) -> None:
        given = {**basic(), "destination": destination}
        del given["customerGets"]
        refused = sandbox.graphql(FREE_SHIPPING, d=given)["data"]["discountCodeFreeShippingCreate"]
        assert refused["userErrors"][0]["field"] == ["freeShippingCodeDiscount", "destination"]

    def test_buy_x_get_y_is_made_and_shown_with_what_is_bought_and_what_is_free(self, sandbox: Sandbox) -> None:
        given = bxgy()
        made = sandbox.graphql(BXGY, d=given)["data"]["discountCodeBxgyCreate"]
        assert made["userErrors"] == []
        shown = made["codeDiscountNode"]["codeDiscount"]
        assert shown["status"] == "ACTIVE"
        assert shown["customerGets"]["value"] == {"quantity": {"quantity": "2"}, "effect": {"percentage": 1.0}}
        assert shown["customerBuys"]["value"] == {"__typename": "DiscountQuantity", "quantity": "1"}
        assert shown["usesPerOrderLimit"] == 1

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"customerBuys": None}, ["customerBuys"], "BLANK"),
            (
                {"customerBuys": {"value": {"quantity": "1"}, "items": {"all": True}}},
                ["customerBuys", "items"],
                "INVALID",
            ),
            (
                {"customerBuys": {"value": {}, "items": bxgy()["customerBuys"]["items"]}},
                ["customerBuys", "value"],
                "INVALID",
            ),
            (
                {"customerGets": {**bxgy()["customerGets"], "value": {"percentage": 1}}},
                ["customerGets", "value", "percentage"],
                "INVALID",
            ),
            (
                {"customerGets": {**bxgy()["customerGets"], "items": {"all": True}}},
                ["customerGets", "items"],
                "INVALID",
            ),
            (
                {
                    "customerGets": {
                        **bxgy()["customerGets"],
                        "value": {"discountOnQuantity": {"quantity": "0", "effect": {"percentage": 1}}},
                    }
                },
                ["customerGets", "value", "discountOnQuantity", "quantity"],
                "GREATER_THAN",
            ),
        ],
    )
    def test_buy_x_get_y_refuses(self, sandbox: Sandbox, changes: dict[str, Any], field: list[str], code: str) -> None:
        before = len(sandbox.store()["discounts"])
        answer = sandbox.graphql(BXGY, d=bxgy(**changes))["data"]["discountCodeBxgyCreate"]
        assert answer["codeDiscountNode"] is None
        assert [(error["field"], error["code"]) for error in answer["userErrors"]] == [
            (["bxgyCodeDiscount", *field], code)
        ]
        assert len(sandbox.store()["discounts"]) == before

    def test_deactivate_activate_delete_and_an_unknown_id(self, sandbox: Sandbox) -> None:
        given = basic()
        made = sandbox.graphql(CREATE, d=given)["data"]["discountCodeBasicCreate"]["codeDiscountNode"]["id"]
        for verb, status in (("Deactivate", "EXPIRED"), ("Activate", "ACTIVE")):
            answer = sandbox.graphql(SWITCH.replace("SWITCH", verb), id=made)["data"][f"discountCode{verb}"]
            assert answer["codeDiscountNode"]["codeDiscount"]["status"] == status
        assert sandbox.graphql(DELETE, id=made)["data"]["discountCodeDelete"] == {
            "deletedCodeDiscountId": made,
            "userErrors": [],
        }
        again = sandbox.graphql(DELETE, id=made)["data"]["discountCodeDelete"]
        assert again["userErrors"] == [{"field": ["id"], "code": "INVALID", "message": "Code discount does not exist."}]
        assert sandbox.graphql(FIND, code=given["code"])["data"]["codeDiscountNodeByCode"] is None
