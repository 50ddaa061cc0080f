"""Code discounts: creating, finding, switching and deleting them."""

from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info, user_error
from sandbox.admin_api.nouns import customers
from sandbox.admin_api.nouns.discount_checks import problems
from sandbox.admin_api.nouns.metafields import APP_ID, owned
from sandbox.store.database import Record
from sandbox.store.values import gid, gid_parts, instant, money, parsed_instant


def create_basic(info: Info, **given: Any) -> dict[str, Any]:
    """`discountCodeBasicCreate`."""
    return _create(info.context, "DiscountCodeBasic", "basicCodeDiscount", given["basicCodeDiscount"])


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


def status(record: Record, now: Any) -> str:
    """Derive the status from the dates, as Shopify does."""
    if record["ends_at"] and parsed_instant(record["ends_at"]) <= now:
        return "EXPIRED"
    return "SCHEDULED" if parsed_instant(record["starts_at"]) > now else "ACTIVE"


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
        "percentage": value.get("percentage"),
        "amount": str(fixed["amount"]) if fixed else None,
        "applies_on_each_item": bool(fixed.get("appliesOnEachItem")),
        "minimum_subtotal": str(subtotal) if subtotal is not None else None,
        "minimum_quantity": quantity,
        "maximum_shipping_price": str(most) if most is not None else None,
        "combines_with": dict(given.get("combinesWith") or {}),
        "tags": sorted(given.get("tags") or []),
        "created_by": APP_ID,
        "created_at": moment,
        "updated_at": moment,
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


def node(context: Context, record: Record) -> dict[str, Any]:
    """Shape a discount as GraphQL shows it."""
    identity = gid("DiscountCodeNode", record["id"])
    body = _basic(context, record) if record["kind"] == "DiscountCodeBasic" else _free_shipping(context, record)
    discount = {"__typename": record["kind"], **_shared(context, record), **body}
    return {"__typename": "DiscountCodeNode", "id": identity, "codeDiscount": discount, **owned(context, identity)}


def _shared(context: Context, record: Record) -> dict[str, Any]:
    currency, both = context.store["currency"], record["combines_with"]
    creator = {"__typename": "App", "id": gid("App", APP_ID), "title": context.world.app.name, "embedded": True}
    creator |= {"apiKey": context.world.settings.client_id, "handle": context.world.app.handle}
    code = {"__typename": "DiscountRedeemCode", "id": gid("DiscountRedeemCode", record["id"]), "code": record["code"]}
    code |= {"asyncUsageCount": record["usage_count"], "createdBy": creator if record["created_by"] else None}
    minimum = None
    if record["minimum_subtotal"] is not None:
        least = money(record["minimum_subtotal"], currency)
        minimum = {"__typename": "DiscountMinimumSubtotal", "greaterThanOrEqualToSubtotal": least}
    elif record["minimum_quantity"] is not None:
        minimum = {
            "__typename": "DiscountMinimumQuantity",
            "greaterThanOrEqualToQuantity": str(record["minimum_quantity"]),
        }
    names = ("orderDiscounts", "productDiscounts", "shippingDiscounts")
    return {
        "title": record["title"],
        "status": status(record, context.now),
        "startsAt": record["starts_at"],
        "endsAt": record["ends_at"],
        "createdAt": record["created_at"],
        "updatedAt": record["updated_at"],
        "usageLimit": record["usage_limit"],
        "asyncUsageCount": record["usage_count"],
        "appliesOncePerCustomer": record["applies_once_per_customer"],
        "tags": record["tags"],
        "summary": record["title"],
        "shortSummary": record["title"],
        "hasTimelineComment": False,
        "totalSales": money("0", currency),
        "recurringCycleLimit": 1,
        "codes": lambda info, **page: connection([code], page),
        "codesCount": {"count": 1, "precision": "EXACT"},
        "combinesWith": {
            **{name: bool(both.get(name)) for name in names},
            "productDiscountsWithTagsOnSameCartLine": [],
        },
        "minimumRequirement": minimum,
        "context": lambda info: _audience(context, record),
    }


def _audience(context: Context, record: Record) -> dict[str, Any]:
    if not record["customer_ids"]:
        return {"__typename": "DiscountBuyerSelectionAll", "all": "ALL"}
    found = [customers.by_gid(context, gid("Customer", number)) for number in record["customer_ids"]]
    return {"__typename": "DiscountCustomers", "customers": [customer for customer in found if customer]}


def _basic(context: Context, record: Record) -> dict[str, Any]:
    if record["percentage"] is not None:
        value = {"__typename": "DiscountPercentage", "percentage": record["percentage"]}
    else:
        fixed = money(record["amount"], context.store["currency"])
        value = {"__typename": "DiscountAmount", "amount": fixed, "appliesOnEachItem": record["applies_on_each_item"]}
    gets = {
        "value": value,
        "items": {"__typename": "AllDiscountItems", "allItems": True},
        "appliesOnOneTimePurchase": True,
        "appliesOnSubscription": False,
    }
    return {"customerGets": gets, "discountClass": "ORDER", "discountClasses": ["ORDER"]}


def _free_shipping(context: Context, record: Record) -> dict[str, Any]:
    most = record["maximum_shipping_price"]
    return {
        "destinationSelection": {"__typename": "DiscountCountryAll", "allCountries": True},
        "maximumShippingPrice": money(most, context.store["currency"]) if most is not None else None,
        "appliesOnOneTimePurchase": True,
        "appliesOnSubscription": False,
        "discountClass": "SHIPPING",
        "discountClasses": ["SHIPPING"],
    }
