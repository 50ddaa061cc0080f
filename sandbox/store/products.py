"""The catalogue of a store: products with their variants and tags, and the collections they are in."""

from sandbox.store.database import Database, Record

PRODUCT_FIELDS = {"id", "title", "status", "tags", "collections", "variants"}
STATUSES = {"ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED"}
VARIANT_FIELDS = {"id", "title", "price", "available"}
COLLECTION_FIELDS = {"id", "title"}


def put_collection(database: Database, domain: str, given: Record) -> Record:
    """Create or change a collection; `id` is the numeric one. Raises ValueError for an unknown key."""
    _check(given, COLLECTION_FIELDS, "collection")
    number = str(given.get("id") or database.next_number("collection", first=480_000_000_001))
    present = database.get(domain, "collection", number) or {"id": number, "title": f"Collection {number}"}
    return database.put(domain, "collection", number, {**present, **given, "id": number})


def put(database: Database, domain: str, given: Record) -> Record:
    """Create or change a product; what is not given stays. A product has a variant, if only one without a name of its own.

    `collections` are numeric ids. Raises ValueError for an unknown key or collection.
    """
    _check(given, PRODUCT_FIELDS, "product")
    with database.transaction():
        number = str(given.get("id") or database.next_number("product", first=9_000_000_000_001))
        present = database.get(domain, "product", number)
        usual: Record = {
            "title": f"Product {number}",
            "status": "ACTIVE",
            "tags": [],
            "collections": [],
            "variants": [],
        }
        body = {**(present or usual), **given, "id": number}
        tags = {tag.strip().lower(): tag.strip() for tag in reversed(body["tags"]) if tag.strip()}
        body["tags"] = [tags[key] for key in sorted(tags)]  # a set without regard to case that keeps the first spelling
        if body["status"] not in STATUSES:
            raise ValueError(f"A product is one of {', '.join(sorted(STATUSES))}")
        body["collections"] = [str(each) for each in body["collections"]]
        for each in body["collections"]:
            if database.get(domain, "collection", each) is None:
                raise ValueError(f"There is no collection {each}")
        if "variants" in given or present is None:
            body["variants"] = _put_variants(database, domain, number, given.get("variants") or [{}])
        return database.put(domain, "product", number, body)


def set_available(database: Database, domain: str, variant: str, *, available: bool) -> Record:
    """Sell a variant out, or have it again. Raises KeyError for an unknown one."""
    found = database.get(domain, "variant", variant)
    if found is None:
        raise KeyError(variant)
    return database.put(domain, "variant", variant, {**found, "available": available})


def delete(database: Database, domain: str, number: str) -> None:
    """Delete a product with its variants. Raises KeyError for an unknown one."""
    found = database.get(domain, "product", number)
    if found is None:
        raise KeyError(number)
    for variant in found["variants"]:
        database.delete(domain, "variant", variant)
    database.delete(domain, "product", number)


def shown(database: Database, domain: str) -> list[Record]:
    """List the products with their variants in full."""
    return [
        {**product, "variants": [database.get(domain, "variant", each) for each in product["variants"]]}
        for product in database.list(domain, "product")
    ]


def _put_variants(database: Database, domain: str, product: str, given: list[Record]) -> list[str]:
    numbers = []
    for variant in given:
        _check(variant, VARIANT_FIELDS, "variant")
        number = str(variant.get("id") or database.next_number("variant", first=49_000_000_000_001))
        usual = {"title": "Default Title", "price": "10.00", "available": True}
        present = database.get(domain, "variant", number) or usual
        database.put(domain, "variant", number, {**present, **variant, "id": number, "product_id": product})
        numbers.append(number)
    return numbers


def _check(given: Record, known: set[str], what: str) -> None:
    unknown = given.keys() - known
    if unknown:
        raise ValueError(f"unknown {what} key {', '.join(sorted(unknown))}")
