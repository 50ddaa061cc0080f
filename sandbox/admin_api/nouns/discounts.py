"""Code discounts: creating, finding, switching and deleting them."""

from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info, user_error
from sandbox.admin_api.nouns.discount_checks import problems
from sandbox.admin_api.nouns.discount_views import node, status
from sandbox.admin_api.nouns.metafields import APP_ID
from sandbox.store.database import Record
from sandbox.store.values import gid, gid_parts, instant


def create_basic(info: Info, **given: Any) -> dict[str, Any]:
    """`discountCodeBasicCreate`."""
    return _create(info.context, "DiscountCodeBasic", "basicCodeDiscount", given["basicCodeDiscount"])


def create_bxgy(info: Info, **given: Any) -> dict[str, Any]:
    """`discountCodeBxgyCreate`."""
    return _create(info.context, "DiscountCodeBxgy", "bxgyCodeDiscount", given["bxgyCodeDiscount"])


def create_free_shipping(info: Info, **given: Any) -> dict[str, Any]:
    """`discountCodeFreeShippingCreate`."""
    return _create(
        info.context, "DiscountCodeFreeShipping", "freeShippingCodeDiscount", given["freeShippingCodeDiscount"]
    )


def activate(info: Info, id: str) -> dict[str, Any]:
    """`discountCodeActivate`: a scheduled one starts now, an expired one no longer ends, an active one stays."""
    return _switch(info.context, id, to="ACTIVE")


def deactivate(info: Info, id: str) -> dict[str, Any]:
    """`discountCodeDeactivate`: it ends now. An expired one stays as it is."""
    return _switch(info.context, id, to="EXPIRED")


def delete(info: Info, id: str) -> dict[str, Any]:
    """`discountCodeDelete`."""
    context = info.context
    found = _by_gid(context, id)
    if found is None:
        return {"deletedCodeDiscountId": None, "userErrors": [_unknown("delete")]}
    context.database.delete(context.domain, "discount", found["id"])
    return {"deletedCodeDiscountId": id, "userErrors": []}


def by_code(info: Info, code: str) -> dict[str, Any] | None:
    """`codeDiscountNodeByCode`, without regard to case."""
    found = info.context.database.lookup(info.context.domain, "discount", code)
    return found and node(info.context, found)


def by_id(info: Info, id: str) -> dict[str, Any] | None:
    """`codeDiscountNode(id:)`."""
    found = _by_gid(info.context, id)
    return node(info.context, found) if found else None


def any_by_id(info: Info, id: str) -> dict[str, Any] | None:
    """`discountNode(id:)`: the same discounts under their general type."""
    found = _by_gid(info.context, id)
    if found is None:
        return None
    shown = node(info.context, found)
    return {
        **shown,
        "__typename": "DiscountNode",
        "id": gid("DiscountNode", found["id"]),
        "discount": shown["codeDiscount"],
    }


def several(info: Info, query: str | None = None, **page: Any) -> dict[str, Any]:
    """`codeDiscountNodes`, narrowed by words of the code or title."""
    context = info.context
    found = context.database.list(context.domain, "discount")
    if query:
        wanted = query.split(":", 1)[-1].strip("\"' ").lower()
        found = [item for item in found if wanted in item["code"].lower() or wanted in item["title"].lower()]
    return connection([node(context, item) for item in found], page)


def _create(context: Context, kind: str, root: str, given: Record) -> dict[str, Any]:
    with context.database.transaction():
        errors = problems(context, kind, given)
        if errors:
            wrapped = [user_error([root, *error.field], error.message, error.code, extraInfo=None) for error in errors]
            return {"codeDiscountNode": None, "userErrors": wrapped}
        record = _record(context, kind, given)
        context.database.put(context.domain, "discount", record["id"], record)
    return {"codeDiscountNode": node(context, record), "userErrors": []}


def _record(context: Context, kind: str, given: Record) -> Record:
    moment, gets = instant(context.now), given.get("customerGets") or {}
    value, minimum = gets.get("value") or {}, given.get("minimumRequirement") or {}
    target = given.get("context") or given.get("customerSelection") or {}
    chosen = (target.get("customers") or {}).get("add") or []
    subtotal = (minimum.get("subtotal") or {}).get("greaterThanOrEqualToSubtotal")
    quantity = (minimum.get("quantity") or {}).get("greaterThanOrEqualToQuantity")
    fixed = value.get("discountAmount") or {}
    ends = given.get("endsAt")
    most = given.get("maximumShippingPrice")
    counted, buys = value.get("discountOnQuantity") or {}, given.get("customerBuys") or {}
    countries = (given.get("destination") or {}).get("countries") or {}
    purchases = given if kind == "DiscountCodeFreeShipping" else gets
    return {
        "id": str(context.database.next_number("discount", first=1_640_000_000_001)),
        "kind": kind,
        "code": given["code"],
        "lookup": given["code"].lower(),
        "title": given["title"],
        "starts_at": instant(given["startsAt"]),
        "ends_at": instant(ends) if ends else None,
        "usage_limit": given.get("usageLimit"),
        "usage_count": 0,
        "applies_once_per_customer": bool(given.get("appliesOncePerCustomer")),
        "customer_ids": [(gid_parts(value) or ("", ""))[1] for value in chosen],
        "percentage": value.get("percentage", (counted.get("effect") or {}).get("percentage")),
        "quantity": str(counted["quantity"]) if counted else None,
        "items": _items(gets.get("items")),
        "bought_items": _items(buys.get("items")) if buys else None,
        "bought": {key: str(each) for key, each in (buys.get("value") or {}).items()},
        "uses_per_order": given.get("usesPerOrderLimit"),
        "applies_on_one_time_purchase": purchases.get("appliesOnOneTimePurchase", True),
        "applies_on_subscription": purchases.get("appliesOnSubscription", False),
        "amount": str(fixed["amount"]) if fixed else None,
        "applies_on_each_item": bool(fixed.get("appliesOnEachItem")),
        "minimum_subtotal": str(subtotal) if subtotal is not None else None,
        "minimum_quantity": quantity,
        "maximum_shipping_price": str(most) if most is not None else None,
        "countries": sorted(countries.get("add") or []),
        "rest_of_world": bool(countries.get("includeRestOfWorld")),
        "combines_with": dict(given.get("combinesWith") or {}),
        "tags": sorted(given.get("tags") or []),
        "created_by": APP_ID,
        "created_at": moment,
        "updated_at": moment,
    }


def _items(given: Record | None) -> Record:
    """What a discount is for, by kind: all, products, variants, collections."""
    items = given or {}
    products = items.get("products") or {}
    return {
        "all": bool(items.get("all")),
        "products": list(products.get("productsToAdd") or []),
        "variants": list(products.get("productVariantsToAdd") or []),
        "collections": list((items.get("collections") or {}).get("add") or []),
    }


def _switch(context: Context, identity: str, *, to: str) -> dict[str, Any]:
    with context.database.transaction():
        found = _by_gid(context, identity)
        if found is None:
            return {"codeDiscountNode": None, "userErrors": [_unknown(to)]}
        present, moment = status(found, context.now), instant(context.now)
        if to == "EXPIRED" and present != "EXPIRED":
            starts = min(found["starts_at"], moment)
            found.update(ends_at=moment, starts_at=starts, updated_at=moment)
        if to == "ACTIVE" and present == "SCHEDULED":
            found.update(starts_at=moment, updated_at=moment)
        if to == "ACTIVE" and present == "EXPIRED":
            found.update(ends_at=None, updated_at=moment)
        context.database.put(context.domain, "discount", found["id"], found)
    return {"codeDiscountNode": node(context, found), "userErrors": []}


def _unknown(verb: str) -> dict[str, Any]:
    return user_error(["id"], "Code discount does not exist.", "INVALID", extraInfo=None)


def _by_gid(context: Context, identity: str) -> Record | None:
    parts = gid_parts(identity)
    if not parts or parts[0] not in ("DiscountCodeNode", "DiscountNode"):
        return None
    return context.database.get(context.domain, "discount", parts[1])
