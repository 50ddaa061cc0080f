"""What is known of an order's products beyond its lines: their tags, and collections they are in. Pure.

Orders tell neither, so the shop is asked when a rule or a campaign needs it, and what it said first stays: a product may
be moved or tagged anew afterwards, and the order earns no differently for that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Known = Mapping[str, Mapping[str, Any]]
"""As it is stored: by product id, `tags` and for each collection asked about whether the product is in it."""


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as the shop has it: its tags, and those of the collections asked about that it is in."""

    tags: frozenset[str] = frozenset()
    collection_ids: frozenset[int] = frozenset()


NOTHING = ProductFacts()


@dataclass(frozen=True, slots=True)
class Needs:
    """What of products has to be known: whether they are in these collections, and their tags or not."""

    collection_ids: frozenset[int] = frozenset()
    tags: bool = False

    def __or__(self, other: Needs) -> Needs:
        """Returns what both need."""
        return Needs(self.collection_ids | other.collection_ids, self.tags or other.tags)

    def __bool__(self) -> bool:
        """Returns whether anything has to be known."""
        return self.tags or bool(self.collection_ids)


def lacking(product_ids: Collection[int], known: Known, needs: Needs) -> frozenset[int]:
    """Returns the products of which something needed is not known."""
    wanted = {str(number) for number in needs.collection_ids}
    return frozenset(
        product
        for product in product_ids
        if needs and not (str(product) in known and wanted <= known[str(product)]["collections"].keys())
    )


def learned(known: Known, found: Mapping[int, ProductFacts], *, collection_ids: Collection[int]) -> dict[str, Any]:
    """Returns what is known with an answer of the shop added; what was known before stays as it is.

    Args:
        collection_ids: What the shop was asked about.
    """
    added: dict[str, dict[str, Any]] = {
        str(product): {
            "tags": sorted(facts.tags),
            "collections": {str(number): number in facts.collection_ids for number in sorted(collection_ids)},
        }
        for product, facts in found.items()
    }
    for product, before in known.items():
        new = added[product]["collections"] if product in added else {}
        added[product] = {"tags": before["tags"], "collections": {**new, **before["collections"]}}
    return added


def facts_of(product_id: int | None, known: Known) -> ProductFacts:
    """Returns what is known of a product; nothing is known of what is no product of the shop (a line made by hand)."""
    found = known.get(str(product_id))
    if found is None:
        return NOTHING
    inside = (int(number) for number, is_in in found["collections"].items() if is_in)
    return ProductFacts(frozenset(found["tags"]), frozenset(inside))
