"""Products, variants and collections of a store, as the Admin API tells of them."""

from typing import Any

import pytest

from .client import SHOP, Sandbox

READ = """query ($ids: [ID!]!, $c: ID!) { nodes(ids: $ids) {
  ... on Product { title tags inCollection(id: $c) collections(first: 5) { nodes { id title } }
    variants(first: 5) { nodes { id title price availableForSale product { id } } } }
  ... on ProductVariant { title availableForSale }
  ... on Collection { title hasProduct(id: "gid://shopify/Product/21") products(first: 5) { nodes { id } } } } }"""
TEA: dict[str, Any] = {
    "id": 21,
    "title": "Sencha",
    "tags": ["green", "Sale", "sale"],
    "collections": [7],
    "variants": [{"id": 211, "title": "50 g", "price": "7.50"}, {"id": 212, "title": "100 g", "available": False}],
}


@pytest.fixture
def stocked(sandbox: Sandbox) -> Sandbox:
    """A shop with a product of two variants, in one of two collections."""
    catalogue = {"collections": [{"id": 7, "title": "Teas"}, {"id": 8, "title": "Cups"}], "products": [TEA]}
    sandbox.control("PUT", "/stores", [{"domain": SHOP, **catalogue}])
    return sandbox


def gids(*pairs: tuple[str, int]) -> list[str]:
    return [f"gid://shopify/{kind}/{number}" for kind, number in pairs]


class TestTheCatalogue:
    def test_is_told_of_by_id(self, stocked: Sandbox) -> None:
        ids = gids(("Product", 21), ("ProductVariant", 212), ("Collection", 7), ("Product", 99), ("Collection", 99))
        product, variant, collection, *gone = stocked.graphql(READ, ids=ids, c=gids(("Collection", 7))[0])["data"][
            "nodes"
        ]
        assert (product["title"], product["tags"], product["inCollection"]) == ("Sencha", ["green", "Sale"], True)
        assert product["collections"]["nodes"] == [{"id": "gid://shopify/Collection/7", "title": "Teas"}]
        assert product["variants"]["nodes"][0] == {
            "id": "gid://shopify/ProductVariant/211", "title": "50 g", "price": "7.50", "availableForSale": True,
            "product": {"id": "gid://shopify/Product/21"},
        }  # fmt: skip
        assert variant == {"title": "100 g", "availableForSale": False}
        assert collection["hasProduct"] is True
        assert collection["products"]["nodes"] == [{"id": "gid://shopify/Product/21"}]
        assert gone == [None, None]

    @pytest.mark.parametrize("number", [8, 99])
    def test_tells_of_a_collection_that_a_product_is_not_in_or_that_is_none(
        self, stocked: Sandbox, number: int
    ) -> None:
        answer = stocked.graphql(READ, ids=gids(("Product", 21)), c=gids(("Collection", number))[0])
        assert answer["data"]["nodes"][0]["inCollection"] is False

    def test_is_searched_by_title(self, stocked: Sandbox) -> None:
        query = (
            'query { products(first: 5, query: "title:senc*") { nodes { id } } collections(first: 5) { nodes { id } } }'
        )
        found = stocked.graphql(query)["data"]
        assert found["products"]["nodes"] == [{"id": "gid://shopify/Product/21"}]
        assert len(found["collections"]["nodes"]) == 2

    def test_keeps_what_a_change_does_not_name(self, stocked: Sandbox) -> None:
        stocked.control("PUT", "/stores", [{"domain": SHOP, "products": [{"id": 21, "collections": []}]}])
        (tea,) = [each for each in stocked.store()["products"] if each["id"] == "21"]
        assert (tea["title"], tea["collections"], len(tea["variants"])) == ("Sencha", [], 2)

    @pytest.mark.parametrize(
        "wrong", [{"colour": "green"}, {"collections": [99]}, {"variants": [{"colour": "green"}]}], ids=str
    )
    def test_refuses_what_makes_no_sense(self, stocked: Sandbox, wrong: dict[str, Any]) -> None:
        stocked.control("PUT", "/stores", [{"domain": SHOP, "products": [{"id": 22, **wrong}]}], status=400)
        assert "22" not in [each["id"] for each in stocked.store()["products"]]

    def test_names_the_lines_of_an_order(self, stocked: Sandbox) -> None:
        body = {"lines": [{"product_id": 21, "variant_id": 211, "price": "7.50"}], "paid": True}
        order = stocked.control("POST", f"/stores/{SHOP}/orders", body, status=201)
        assert order["lines"][0]["title"] == "Sencha"
        query = "query ($id: ID!) { order(id: $id) { lineItems(first: 1) { nodes { product { tags } variant { title } } } } }"
        (line,) = stocked.graphql(query, id=f"gid://shopify/Order/{order['id']}")["data"]["order"]["lineItems"]["nodes"]
        assert line == {"product": {"tags": ["green", "Sale"]}, "variant": {"title": "50 g"}}
