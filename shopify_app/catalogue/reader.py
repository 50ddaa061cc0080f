"""Reads of products what orders do not tell: their tags, and the collections they are in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from loyalty.members.ports import ShopUnreachable
from loyalty.orders.products import ProductFacts
from shopify_app.shops.asking import ask

MOST_PRODUCTS = 250
"""Shopify's limit of ids in one call; the call costs one point for each."""
SLOTS = 10
"""Collections one call tells of: the fields `in0` to `in9` of ProductsInCollections."""
READ_SECONDS = 5.0
Item = TypeVar("Item")


class ShopifyCatalogue:
    """Implements `loyalty.orders.ports.Catalogue`."""

    def products(
        self, *, shopify_domain: str, product_ids: Collection[int], collection_ids: Collection[int]
    ) -> dict[int, ProductFacts]:
        """Tell of products; see the port."""
        tags: dict[int, frozenset[str]] = {product: frozenset() for product in product_ids}
        inside: dict[int, frozenset[int]] = {product: frozenset() for product in product_ids}
        for products in _batches(sorted(product_ids), MOST_PRODUCTS):
            for collections in _batches(sorted(collection_ids), SLOTS) if collection_ids else iter([()]):
                for product, node in _ask(shopify_domain, products, collections):
                    tags[product] = frozenset(node["tags"])
                    inside[product] |= {number for slot, number in enumerate(collections) if node[f"in{slot}"]}
        return {product: ProductFacts(tags[product], inside[product]) for product in product_ids}


def _ask(
    shopify_domain: str, products: Sequence[int], collections: Sequence[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """One call: yields the products that the shop has.

    Raises:
        ShopUnreachable: No answer, or one with an error in it: a product it holds back is not one that is gone.
    """
    variables: dict[str, Any] = {"ids": [f"gid://shopify/Product/{number}" for number in products]}
    for slot in range(SLOTS if collections else 0):
        number = collections[min(slot, len(collections) - 1)]
        variables[f"c{slot}"] = f"gid://shopify/Collection/{number}"
    document = "ProductsInCollections" if collections else "ProductTags"
    answer = ask(shopify_domain, document, variables, read_seconds=READ_SECONDS)
    nodes = answer.data.get("nodes")
    if answer.errors or not isinstance(nodes, list) or len(nodes) != len(products):
        raise ShopUnreachable
    for product, node in zip(products, nodes, strict=True):
        if node:
            yield product, node


def _batches(items: Sequence[Item], most: int) -> Iterator[Sequence[Item]]:
    for begin in range(0, len(items), most):
        yield items[begin : begin + most]
