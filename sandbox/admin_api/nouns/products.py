"""Products, their variants, and collections, as the Admin API shows them."""

from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info
from sandbox.store.database import Record
from sandbox.store.values import gid, gid_parts


def product(info: Info, id: str) -> dict[str, Any] | None:
    """`product(id:)`; null for an unknown id."""
    found = _found(info.context, "Product", id)
    return product_view(info.context, found) if found else None


def variant(info: Info, id: str) -> dict[str, Any] | None:
    """`productVariant(id:)`; null for an unknown id."""
    found = _found(info.context, "ProductVariant", id)
    return variant_view(info.context, found) if found else None


def collection(info: Info, id: str) -> dict[str, Any] | None:
    """`collection(id:)`; null for an unknown id."""
    found = _found(info.context, "Collection", id)
    return collection_view(info.context, found) if found else None


def products(info: Info, query: str | None = None, **page: Any) -> dict[str, Any]:
    """`products`, narrowed by words of the title."""
    context = info.context
    return connection([product_view(context, each) for each in _named(context, "product", query)], page)


def collections(info: Info, query: str | None = None, **page: Any) -> dict[str, Any]:
    """`collections`, narrowed by words of the title."""
    context = info.context
    return connection([collection_view(context, each) for each in _named(context, "collection", query)], page)


def product_view(context: Context, record: Record) -> dict[str, Any]:
    """Shape a product as GraphQL shows it."""

    def is_in(info: Info, id: str) -> bool:
        return (gid_parts(id) or ("", ""))[1] in record["collections"]

    def its_collections(info: Info, **page: Any) -> dict[str, Any]:
        found = [context.database.get(context.domain, "collection", each) for each in record["collections"]]
        return connection([collection_view(context, each) for each in found if each], page)

    def its_variants(info: Info, **page: Any) -> dict[str, Any]:
        found = [context.database.get(context.domain, "variant", each) for each in record["variants"]]
        return connection([variant_view(context, each) for each in found if each], page)

    return {
        "__typename": "Product",
        "id": gid("Product", record["id"]),
        "legacyResourceId": record["id"],
        "title": record["title"],
        "status": record["status"],
        "tags": record["tags"],
        "inCollection": is_in,
        "collections": its_collections,
        "variants": its_variants,
    }


def variant_view(context: Context, record: Record) -> dict[str, Any]:
    """Shape a variant as GraphQL shows it."""

    def its_product(info: Info) -> Any:
        found = context.database.get(context.domain, "product", record["product_id"])
        return product_view(context, found) if found else None

    return {
        "__typename": "ProductVariant",
        "id": gid("ProductVariant", record["id"]),
        "legacyResourceId": record["id"],
        "title": record["title"],
        "price": record["price"],
        "availableForSale": record["available"],
        "product": its_product,
    }


def collection_view(context: Context, record: Record) -> dict[str, Any]:
    """Shape a collection as GraphQL shows it."""

    def inside() -> list[Record]:
        everything = context.database.list(context.domain, "product")
        return [each for each in everything if record["id"] in each["collections"]]

    def has(info: Info, id: str) -> bool:
        return (gid_parts(id) or ("", ""))[1] in {each["id"] for each in inside()}

    return {
        "__typename": "Collection",
        "id": gid("Collection", record["id"]),
        "legacyResourceId": record["id"],
        "title": record["title"],
        "hasProduct": has,
        "products": lambda info, **page: connection([product_view(context, each) for each in inside()], page),
    }


def is_known(context: Context, identity: str) -> bool:
    """Say whether there is a product, variant or collection of this id."""
    kind = (gid_parts(str(identity)) or ("", ""))[0]
    return kind in KINDS and _found(context, kind, identity) is not None


KINDS = {"Product": "product", "ProductVariant": "variant", "Collection": "collection"}


def _found(context: Context, kind: str, identity: str) -> Record | None:
    parts = gid_parts(identity)
    return context.database.get(context.domain, KINDS[kind], parts[1]) if parts and parts[0] == kind else None


def _named(context: Context, kind: str, query: str | None) -> list[Record]:
    words = (query or "").split(":", 1)[-1].strip("\"'* ").lower()
    return [each for each in context.database.list(context.domain, kind) if words in each["title"].lower()]
