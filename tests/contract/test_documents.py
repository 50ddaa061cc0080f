"""Every GraphQL document we send, against Shopify's own schema of the version we pin; and the scopes it takes."""

import gzip
import json
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from graphql import (
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_named_type,
    parse,
    validate,
    visit,
)  # fmt: skip

from shopify_app.admin_api import documents

FIXTURE = Path(__file__).parent / "fixtures" / "admin_2026-10.json.gz"
# The published scope data lists none for these; Shopify asks for the owner's (shopify.md 7.1, 12.1).
NOT_LISTED = {
    mutation: {"write_customers"} for mutation in ("metafieldsSet", "metafieldsDelete", "tagsAdd", "tagsRemove")
}


@cache
def published() -> dict:
    with gzip.open(FIXTURE, "rt", encoding="utf-8") as file:
        return json.load(file)


@cache
def schema() -> GraphQLSchema:
    return build_client_schema(published()["data"], assume_valid=True)


@cache
def app_toml() -> dict:
    return tomllib.loads((Path(settings.BASE_DIR) / "shopify.app.toml").read_text())


def granted() -> set[str]:
    return set(app_toml()["access_scopes"]["scopes"].split(","))


@cache
def scope_rows() -> dict[tuple[str, str | None], list[str]]:
    rows = published()["offline_scopes"]["items"]
    return {(row["typeName"], row.get("fieldName")): row["offlineScopes"] for row in rows}


class Scopes(Visitor):
    """Collects, for each field of a document, the scopes of which one is needed."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.needed: list[tuple[str, list[str]]] = []

    def enter_field(self, node, *_):
        parent, kind = self.info.get_parent_type(), self.info.get_type()
        name = node.name.value
        rows = scope_rows()
        found = [
            rows.get((parent.name, name)) if parent else None,
            rows.get((get_named_type(kind).name, None)) if kind else None,
        ]
        self.needed += [(f"{parent}.{name}", scopes) for scopes in found if scopes]
        self.needed += [(name, [scope]) for scope in NOT_LISTED.get(name, set())]


def scopes_of(document: str) -> list[tuple[str, list[str]]]:
    info = TypeInfo(schema())
    visitor = Scopes(info)
    visit(parse(document), TypeInfoVisitor(info, visitor))
    return visitor.needed


@pytest.mark.parametrize("name", documents.names())
class TestADocument:
    def test_is_valid_against_shopifys_schema(self, name):
        assert validate(schema(), parse(documents.load(name))) == []

    def test_uses_nothing_deprecated(self, name):
        from graphql import NoDeprecatedCustomRule

        assert validate(schema(), parse(documents.load(name)), [NoDeprecatedCustomRule]) == []

    def test_holds_one_operation_named_like_its_file(self, name):
        (operation,) = parse(documents.load(name)).definitions
        assert operation.name.value == name

    def test_needs_no_scope_that_the_app_does_not_ask_for(self, name):
        missing = [(field, scopes) for field, scopes in scopes_of(documents.load(name)) if not granted() & set(scopes)]
        assert missing == []


class TestTheScopes:
    def test_are_all_needed_by_a_document_or_a_webhook(self):
        from tests.contract.test_app_toml import scopes_of_topics  # which reads this module

        used = {
            scope for name in documents.names() for _, scopes in scopes_of(documents.load(name)) for scope in scopes
        }
        assert granted() - used - scopes_of_topics() == {"write_app_proxy"}  # of the storefront's pages

    def test_a_document_asking_for_more_would_be_noticed(self):
        order = 'query { order(id: "gid://shopify/Order/1") { id } }'
        assert any("read_orders" in scopes for _, scopes in scopes_of(order))

    def test_a_misspelt_field_would_be_noticed(self):
        assert validate(schema(), parse("query { shop { nam } }"))
