"""The Admin GraphQL API: what it does, and what it refuses as Shopify refuses it."""

import uuid
from typing import Any

import pytest

from .conftest import CUSTOMER, SHOP, Sandbox

CREATE = """mutation ($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) {
  codeDiscountNode { id codeDiscount { __typename ... on DiscountCodeBasic {
    title status codes(first: 1) { nodes { id code } } } } }
  userErrors { field code message extraInfo } } }"""
FIND = """query ($code: String!) { codeDiscountNodeByCode(code: $code) { id codeDiscount {
  __typename ... on DiscountCodeBasic {
  status tags usageLimit codes(first: 1) { nodes { code createdBy { id } } }
  context { __typename ... on DiscountCustomers { customers { id } } }
  customerGets { value {
    __typename ... on DiscountAmount { amount { amount currencyCode } } ... on DiscountPercentage { percentage } } }
  minimumRequirement { ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount } } } } } } }"""
FREE_SHIPPING = """mutation ($d: DiscountCodeFreeShippingInput!) {
  discountCodeFreeShippingCreate(freeShippingCodeDiscount: $d) {
  codeDiscountNode { id codeDiscount { ... on DiscountCodeFreeShipping { title status } } }
  userErrors { field code message } } }"""
SET = """mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
  metafields { id namespace key value compareDigest } userErrors { field message code elementIndex } } }"""
TRIGGER = """mutation ($handle: String, $payload: JSON) {
  flowTriggerReceive(handle: $handle, payload: $payload) { userErrors { field message } } }"""
TAGS_ADD = """mutation ($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }"""
DELETE = """mutation ($id: ID!) {
  discountCodeDelete(id: $id) { deletedCodeDiscountId userErrors { field code message } } }"""
SWITCH = """mutation ($id: ID!) { discountCodeSWITCH(id: $id) {
  codeDiscountNode { codeDiscount { ... on DiscountCodeBasic { status } } } userErrors { field code message } } }"""
READ_METAFIELD = """query ($id: ID!) {
  customer(id: $id) { metafield(namespace: "$app", key: "loyalty") { value type compareDigest } } }"""
CREDIT = """mutation ($id: ID!, $given: StoreCreditAccountCreditInput!) {
  storeCreditAccountCredit(id: $id, creditInput: $given) {
    storeCreditAccountTransaction { id balanceAfterTransaction { amount currencyCode } }
    userErrors { field message code } } }"""
OWNER = f"gid://shopify/Customer/{CUSTOMER}"


def basic(**changes: Any) -> dict[str, Any]:
    """Input of a personal redemption."""
    return {
        "title": "5 off",
        "code": f"ENC-{uuid.uuid4().hex[:10]}",
        "startsAt": "2026-01-01T00:00:00Z",
        "context": {"customers": {"add": [OWNER]}},
        "customerGets": {
            "value": {"discountAmount": {"amount": "5.00", "appliesOnEachItem": False}},
            "items": {"all": True},
        },
        "minimumRequirement": {"subtotal": {"greaterThanOrEqualToSubtotal": "50"}},
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "tags": ["encore-redemption-1"],
        **changes,
    }


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


class TestMetafields:
    def entry(self, **changes: Any) -> dict[str, Any]:
        return {
            "ownerId": OWNER,
            "namespace": "$app",
            "key": "loyalty",
            "type": "json",
            "value": '{"points": 5}',
            **changes,
        }

    def test_the_apps_namespace_is_spelled_out(self, sandbox: Sandbox) -> None:
        made = sandbox.graphql(SET, m=[self.entry()])["data"]["metafieldsSet"]["metafields"][0]
        assert made["namespace"] == "app--1234567"
        found = sandbox.graphql(READ_METAFIELD, id=OWNER)["data"]["customer"]["metafield"]
        assert found == {"value": '{"points": 5}', "type": "json", "compareDigest": made["compareDigest"]}

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"value": "{points"}, "value", "INVALID_VALUE"),
            ({"type": "number_integer", "value": "1.5"}, "value", "INVALID_VALUE"),
            ({"type": "single_line_text_field", "value": "a\nb"}, "value", "INVALID_VALUE"),
            ({"type": "date", "value": "20.11.2026"}, "value", "INVALID_VALUE"),
            ({"type": "nonsense"}, "type", "INCLUSION"),
            ({"key": "other", "type": None}, "type", "BLANK"),
            ({"value": ""}, "value", "BLANK"),
            ({"key": "a"}, "key", "TOO_SHORT"),
            ({"key": "a" * 65}, "key", "TOO_LONG"),
            ({"key": "a b"}, "key", "INVALID"),
            ({"namespace": "ab"}, "namespace", "TOO_SHORT"),
            ({"namespace": "a" * 256}, "namespace", "TOO_LONG"),
            ({"namespace": "app--99--x"}, "namespace", "APP_NOT_AUTHORIZED"),
            ({"ownerId": "gid://shopify/Customer/1"}, "ownerId", "INVALID"),
            ({"compareDigest": "short"}, "compareDigest", "INVALID_COMPARE_DIGEST"),
            ({"compareDigest": "0" * 64}, "compareDigest", "STALE_OBJECT"),
            ({"key": "balance", "type": "json"}, "type", "INVALID_TYPE"),
        ],
    )
    def test_refuses(self, sandbox: Sandbox, changes: dict[str, Any], field: str, code: str) -> None:
        answer = sandbox.graphql(SET, m=[self.entry(key="loyalty_ok"), self.entry(**changes)])["data"]["metafieldsSet"]
        assert answer["metafields"] == []
        assert (["metafields", "1", field], code) in [(error["field"], error["code"]) for error in answer["userErrors"]]

    def test_more_than_25_are_refused(self, sandbox: Sandbox) -> None:
        answer = sandbox.graphql(SET, m=[self.entry(key=f"key{number}") for number in range(26)])["data"][
            "metafieldsSet"
        ]
        assert answer["userErrors"][0]["code"] == "LESS_THAN_OR_EQUAL_TO"

    def test_a_declared_metafield_needs_no_type(self, sandbox: Sandbox) -> None:
        given = {"ownerId": OWNER, "key": "balance", "value": "120"}
        assert sandbox.graphql(SET, m=[given])["data"]["metafieldsSet"]["userErrors"] == []


class TestTagsAndCustomers:
    def test_adding_a_tag_twice_changes_nothing(self, sandbox: Sandbox) -> None:
        for _ in range(2):
            assert sandbox.graphql(TAGS_ADD, id=OWNER, tags=["VIP", "vip"])["data"]["tagsAdd"]["userErrors"] == []
        query = 'query { customers(first: 5, query: "email:ana@example.com tag:vip") { nodes { id tags } } }'
        assert sandbox.graphql(query)["data"]["customers"]["nodes"] == [{"id": OWNER, "tags": ["VIP"]}]
        remove = TAGS_ADD.replace("tagsAdd", "tagsRemove")
        sandbox.graphql(remove, id=OWNER, tags=["vip"])
        unknown = sandbox.graphql(TAGS_ADD, id="gid://shopify/Customer/1", tags=["VIP"])["data"]["tagsAdd"]
        assert unknown["userErrors"] == [{"field": ["id"], "message": "Customer does not exist"}]

    def test_a_customer_is_found_by_email(self, sandbox: Sandbox) -> None:
        query = 'query { customerByIdentifier(identifier: {emailAddress: "ANA@example.com"}) { id displayName } }'
        assert sandbox.graphql(query)["data"]["customerByIdentifier"] == {"id": OWNER, "displayName": "Ana Silva"}


class TestFlowTriggers:
    def payload(self, **changes: Any) -> dict[str, Any]:
        details = {"availablePoints": 120, "dob": None, "rewards": [{"description": "5 off", "status": "UNUSED"}]}
        found = {"customer_id": int(CUSTOMER), "Points": 20, "Event id": "evt_1", "Customer Loyalty Details": details}
        return {key: value for key, value in {**found, **changes}.items() if value is not None}

    def send(self, sandbox: Sandbox, payload: Any, handle: str = "loyalty-points-earned") -> Any:
        return sandbox.graphql(TRIGGER, handle=handle, payload=payload)["data"]["flowTriggerReceive"]["userErrors"]

    def test_a_fitting_payload_is_listed(self, sandbox: Sandbox) -> None:
        assert self.send(sandbox, self.payload()) == []
        assert sandbox.store()["triggers"][-1]["payload"] == self.payload()

    def test_it_costs_one_point(self, sandbox: Sandbox) -> None:
        answer = sandbox.graphql(TRIGGER, handle="loyalty-points-earned", payload=self.payload())
        assert answer["extensions"]["cost"]["requestedQueryCost"] == 1

    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            ({"Points": None}, "Required field 'Points' is missing."),
            ({"Points": "many"}, "Field 'Points' is not a valid number_decimal."),
            ({"customer_id": "gid://shopify/Customer/1"}, "Field 'customer_id' is not a valid customer_reference."),
            ({"Event id": 5}, "Field 'Event id' is not a valid single_line_text_field."),
            ({"Unknown": 1}, "Field 'Unknown' is not declared by the trigger."),
            ({"Customer Loyalty Details": {"rewards": []}}, "must not be null"),
            ({"Customer Loyalty Details": {"availablePoints": "120", "rewards": []}}, "must be Float"),
            (
                {"Customer Loyalty Details": {"availablePoints": 1, "rewards": [{"status": "LOST"}]}},
                "must be one of USED, UNUSED",
            ),
            ({"Event id": "x" * 50_001}, "exceeds the limit of 50000 bytes"),
        ],
    )
    def test_refuses(self, sandbox: Sandbox, changes: dict[str, Any], text: str) -> None:
        before = len(sandbox.store()["triggers"])
        errors = self.send(sandbox, self.payload(**changes))
        assert errors[0]["field"] == ["body"]
        assert text in errors[0]["message"]
        assert len(sandbox.store()["triggers"]) == before

    def test_an_unknown_handle_and_missing_arguments_are_refused(self, sandbox: Sandbox) -> None:
        assert self.send(sandbox, {}, "nonsense") == [
            {"field": ["body"], "message": "Errors validating schema:\n  Invalid handle 'nonsense'.\n"}
        ]
        missing = sandbox.graphql(TRIGGER)["data"]["flowTriggerReceive"]["userErrors"]
        assert missing == [{"field": ["handle"], "message": "`handle` and `payload` arguments are required"}]
