"""Documents, variables, costs and access scopes: refused as Shopify refuses them."""

from typing import Any

import pytest

from .client import SHOP, Sandbox
from .documents import (
    CREATE,
    CREDIT,
    OWNER,
    basic,
)


class TestDocuments:
    def test_an_unknown_field_is_refused_in_shopifys_words(self, sandbox: Sandbox) -> None:
        error = sandbox.graphql("query { shop { nonsense } }")["errors"][0]
        assert error["message"] == "Field 'nonsense' doesn't exist on type 'Shop'"
        assert error["extensions"] == {"code": "undefinedField", "typeName": "Shop", "fieldName": "nonsense"}

    def test_an_unknown_input_key_is_an_invalid_variable(self, sandbox: Sandbox) -> None:
        error = sandbox.graphql(CREATE, d=basic(nonsense=1))["errors"][0]
        assert error["extensions"]["code"] == "INVALID_VARIABLE"
        assert error["extensions"]["problems"] == [
            {"path": ["nonsense"], "explanation": "Field is not defined on DiscountCodeBasicInput"}
        ]

    @pytest.mark.parametrize("changes", [{"usageLimit": "1"}, {"startsAt": "soon"}, {"customerGets": 5}])
    def test_a_value_of_the_wrong_type_is_an_invalid_variable(self, sandbox: Sandbox, changes: dict[str, Any]) -> None:
        assert sandbox.graphql(CREATE, d=basic(**changes))["errors"][0]["extensions"]["code"] == "INVALID_VARIABLE"

    def test_a_missing_variable_is_an_invalid_variable(self, sandbox: Sandbox) -> None:
        error = sandbox.graphql(CREATE)["errors"][0]
        assert error["message"] == "Variable $d of type DiscountCodeBasicInput! was provided invalid value"
        assert error["extensions"]["problems"] == [{"path": [], "explanation": "Expected value to not be null"}]

    def test_two_contexts_at_once_are_refused(self, sandbox: Sandbox) -> None:
        both = {"all": "ALL", "customers": {"add": [OWNER]}}
        assert "errors" in sandbox.graphql(CREATE, d=basic(context=both))

    def test_a_syntax_error_is_a_parse_error(self, sandbox: Sandbox) -> None:
        assert sandbox.graphql("query { shop { id ")["errors"][0]["extensions"]["code"] == "PARSE_ERROR"

    def test_more_than_250_items_are_refused(self, sandbox: Sandbox) -> None:
        error = sandbox.graphql(CREATE, d=basic(tags=["x"] * 251))["errors"][0]
        assert error["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"

    def test_every_answer_states_its_cost(self, sandbox: Sandbox) -> None:
        answer = sandbox.graphql(CREATE, d=basic())["extensions"]["cost"]
        assert (answer["requestedQueryCost"], answer["actualQueryCost"]) == (10, 10)
        assert answer["throttleStatus"]["maximumAvailable"] == 2000

    def test_a_query_above_1000_points_is_refused(self, sandbox: Sandbox) -> None:
        query = "query { customers(first: 250) { nodes { metafields(first: 50) { nodes { id } } } } }"
        assert sandbox.graphql(query)["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"

    def test_a_body_that_is_not_json_is_400(self, sandbox: Sandbox) -> None:
        token = sandbox.exchange().json()["access_token"]
        assert sandbox.post("/admin/api/2026-10/graphql.json", ["nothing"], token=token).status_code == 400


class TestScopes:
    def test_a_missing_scope_is_access_denied(self, sandbox: Sandbox) -> None:
        given = {"creditAmount": {"amount": "5", "currencyCode": "USD"}}
        answer = sandbox.graphql(CREDIT, id=OWNER, given=given)
        assert answer["data"] == {"storeCreditAccountCredit": None}
        assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
        assert (
            answer["errors"][0]["extensions"]["requiredAccess"]
            == "`write_store_credit_account_transactions` access scope."
        )

    def test_granting_the_optional_scopes_opens_store_credit(self, sandbox: Sandbox) -> None:
        granted = ["write_store_credit_account_transactions", "read_store_credit_accounts"]
        sandbox.control("PATCH", f"/stores/{SHOP}", {"optional_scopes": granted})
        given = {"creditAmount": {"amount": "5", "currencyCode": "USD"}}
        answer = sandbox.graphql(CREDIT, id=OWNER, given=given)["data"]["storeCreditAccountCredit"]
        assert answer["userErrors"] == []
        for change, code in (
            ({"amount": "0", "currencyCode": "USD"}, "NEGATIVE_OR_ZERO_AMOUNT"),
            ({"amount": "1", "currencyCode": "EUR"}, "UNSUPPORTED_CURRENCY"),
            ({"amount": "15001", "currencyCode": "USD"}, "CREDIT_LIMIT_EXCEEDED"),
        ):
            refused = sandbox.graphql(CREDIT, id=OWNER, given={"creditAmount": change})["data"][
                "storeCreditAccountCredit"
            ]
            assert refused["userErrors"][0]["code"] == code
        unknown = sandbox.graphql(CREDIT, id="gid://shopify/Customer/1", given=given)["data"][
            "storeCreditAccountCredit"
        ]
        assert unknown["userErrors"][0]["code"] == "OWNER_NOT_FOUND"
