"""Code discounts, as GraphQL shows them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info
from sandbox.admin_api.nouns import customers, products
from sandbox.admin_api.nouns.metafields import APP_ID, owned
from sandbox.store.database import Record
from sandbox.store.values import gid, money, parsed_instant


def status(record: Record, now: datetime) -> str:
    """Derive the status from the dates, as Shopify does."""
    if record["ends_at"] and parsed_instant(record["ends_at"]) <= now:
        return "EXPIRED"
    return "SCHEDULED" if parsed_instant(record["starts_at"]) > now else "ACTIVE"


def node(context: Context, record: Record) -> dict[str, Any]:
    """Shape a discount as GraphQL shows it."""
    identity = gid("DiscountCodeNode", record["id"])
    body = _free_shipping(context, record) if record["kind"] == "DiscountCodeFreeShipping" else _basic(context, record)
    if record["kind"] == "DiscountCodeBxgy":
        body |= {"customerBuys": _buys(context, record), "usesPerOrderLimit": record["uses_per_order"]}
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
    if record["quantity"] is not None:
        quantity = {"__typename": "DiscountQuantity", "quantity": record["quantity"]}
        value = {"__typename": "DiscountOnQuantity", "effect": value, "quantity": quantity}
    gets = {
        "value": value,
        "items": _items(context, record["items"]),
        "appliesOnOneTimePurchase": record["applies_on_one_time_purchase"],
        "appliesOnSubscription": record["applies_on_subscription"],
    }
    kind = "ORDER" if record["items"]["all"] else "PRODUCT"
    return {"customerGets": gets, "discountClass": kind, "discountClasses": [kind]}


def _buys(context: Context, record: Record) -> dict[str, Any]:
    amount = record["bought"].get("amount")
    value = {"__typename": "DiscountQuantity", "quantity": record["bought"].get("quantity")}
    if amount is not None:
        value = {"__typename": "DiscountPurchaseAmount", "amount": amount}
    return {
        "value": value,
        "items": _items(context, record["bought_items"]),
        "isOneTimePurchase": record["applies_on_one_time_purchase"],
        "isSubscription": record["applies_on_subscription"],
    }


def _items(context: Context, items: Record) -> dict[str, Any]:
    """What a discount is for; what was deleted since is no longer shown."""
    if items["all"]:
        return {"__typename": "AllDiscountItems", "allItems": True}

    def listed(find: Callable[[Info, str], Any], gids: list[str]) -> Any:
        return lambda info, **page: connection([found for each in gids if (found := find(info, each))], page)

    if items["collections"]:
        found = listed(products.collection, items["collections"])
        return {"__typename": "DiscountCollections", "collections": found}
    return {
        "__typename": "DiscountProducts",
        "products": listed(products.product, items["products"]),
        "productVariants": listed(products.variant, items["variants"]),
    }


def _free_shipping(context: Context, record: Record) -> dict[str, Any]:
    most = record["maximum_shipping_price"]
    destination: Record = {"__typename": "DiscountCountryAll", "allCountries": True}
    if record.get("countries"):
        destination = {"__typename": "DiscountCountries", "countries": record["countries"]}
        destination["includeRestOfWorld"] = record["rest_of_world"]
    return {
        "destinationSelection": destination,
        "maximumShippingPrice": money(most, context.store["currency"]) if most is not None else None,
        "appliesOnOneTimePurchase": record["applies_on_one_time_purchase"],
        "appliesOnSubscription": record["applies_on_subscription"],
        "discountClass": "SHIPPING",
        "discountClasses": ["SHIPPING"],
    }
