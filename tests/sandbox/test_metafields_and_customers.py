"""Metafields, tags and finding customers."""

from typing import Any

import pytest

from .client import Sandbox
from .documents import (
    OWNER,
    READ_METAFIELD,
    SET,
    TAGS_ADD,
)


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

    def test_the_shop_owns_metafields_too_in_the_apps_namespace_and_in_an_open_one(self, sandbox: Sandbox) -> None:
        owner = sandbox.graphql("query { shop { id } }")["data"]["shop"]["id"]
        entries = [self.entry(ownerId=owner, namespace=namespace) for namespace in ("$app", "mage")]
        assert sandbox.graphql(SET, m=entries)["data"]["metafieldsSet"]["userErrors"] == []
        read = """query { shop { own: metafield(namespace: "$app", key: "loyalty") { value }
          mage: metafield(namespace: "mage", key: "loyalty") { value } } }"""
        assert sandbox.graphql(read)["data"]["shop"] == {
            "own": {"value": '{"points": 5}'},
            "mage": {"value": '{"points": 5}'},
        }

    def test_another_shop_is_no_owner(self, sandbox: Sandbox) -> None:
        answer = sandbox.graphql(SET, m=[self.entry(ownerId="gid://shopify/Shop/1")])["data"]["metafieldsSet"]
        assert [error["message"] for error in answer["userErrors"]] == ["Owner does not exist."]


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
