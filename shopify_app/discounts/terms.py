"""From terms to Shopify's input, and from Shopify's answer to whether a discount is ours. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from loyalty.rewards.ports import DiscountTerms

TAG = "encore"
COMBINATIONS = ("product", "order", "shipping")


class AppUnknown(Exception):
    """Shopify named a discount's creator and did not say which app is asking."""


def tag_of(reference: str) -> str:
    """The tag that marks a discount as made for one redemption. Not the title: customers see that."""
    return f"{TAG}-{reference}"


def customer_gid(shopify_customer_id: int) -> str:
    """A customer's global id."""
    return f"gid://shopify/Customer/{shopify_customer_id}"


def document_for(terms: DiscountTerms) -> tuple[str, str]:
    """The document and the mutation in it."""
    if terms.discount_type == "free_shipping":
        return "CreateFreeShippingDiscount", "discountCodeFreeShippingCreate"
    if _is_counted(terms):
        return "CreateBxgyDiscount", "discountCodeBxgyCreate"
    return "CreateBasicDiscount", "discountCodeBasicCreate"


def discount_input(terms: DiscountTerms) -> dict[str, Any]:
    """A code for one customer or for whoever has it, once, as the input of `document_for`'s mutation (shopify.md 7.2).

    Raises:
        ValueError: a type we do not know, or no amount or product where one is needed.
    """
    if terms.discount_type == "free_product" and not terms.variant_gids:
        raise ValueError("a free product needs its variants")  # never the whole order free instead
    found: dict[str, Any] = {
        "title": terms.title[:255],
        "code": terms.code,
        "startsAt": terms.starts_at.isoformat(),
        "endsAt": terms.ends_at.isoformat() if terms.ends_at else None,
        "context": _context(terms.shopify_customer_id),
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "combinesWith": {f"{name}Discounts": name in terms.combines_with for name in COMBINATIONS},
        "tags": [TAG, tag_of(terms.reference)],
    }
    if _is_counted(terms):
        return {**found, **_counted(terms)}
    if terms.minimum_spend:
        found["minimumRequirement"] = {"subtotal": {"greaterThanOrEqualToSubtotal": plain(terms.minimum_spend)}}
    if terms.discount_type == "free_shipping":
        most = {"maximumShippingPrice": plain(terms.maximum_shipping)} if terms.maximum_shipping else {}
        return {**found, **most, **_purchases(terms), "destination": _destination(terms)}
    items = {"products": {"productVariantsToAdd": list(terms.variant_gids)}} if terms.variant_gids else _items(terms)
    return {**found, "customerGets": {"value": _value(terms), "items": items, **_purchases(terms)}}


def _context(shopify_customer_id: int | None) -> dict[str, Any]:
    """Who may use it: one customer, or whoever has the code."""
    if shopify_customer_id is None:
        return {"all": "ALL"}
    return {"customers": {"add": [customer_gid(shopify_customer_id)]}}


def _destination(terms: DiscountTerms) -> dict[str, Any]:
    if not terms.countries:
        return {"all": True}
    return {"countries": {"add": list(terms.countries), "includeRestOfWorld": terms.rest_of_world}}


def _is_counted(terms: DiscountTerms) -> bool:
    """Whether an exact number becomes free. Shopify counts in "buy X get Y" discounts only."""
    return terms.discount_type == "free_product" and terms.quantity is not None


def _counted(terms: DiscountTerms) -> dict[str, Any]:
    """Of "buy X get Y": what has to be bought (one of it, or for so much), and how many of what become free."""
    one_time, subscription = _purchases(terms).values()
    bought = {"amount": plain(terms.minimum_spend)} if terms.minimum_spend else {"quantity": "1"}
    free = {"discountOnQuantity": {"quantity": str(terms.quantity), "effect": {"percentage": 1.0}}}
    return {
        "customerBuys": {
            "value": bought, "items": _items(terms), "isOneTimePurchase": one_time, "isSubscription": subscription,
        },
        "customerGets": {
            "value": free, "items": {"products": {"productVariantsToAdd": list(terms.variant_gids)}}, **_purchases(terms),
        },
        "usesPerOrderLimit": 1,
    }  # fmt: skip


def _purchases(terms: DiscountTerms) -> dict[str, bool]:
    return {
        "appliesOnOneTimePurchase": terms.purchase_type in ("one_time", "both"),
        "appliesOnSubscription": terms.purchase_type in ("subscription", "both"),
    }


def _items(terms: DiscountTerms) -> dict[str, Any]:
    if terms.applies_to == "products":
        return {"products": {"productsToAdd": list(terms.applies_to_gids)}}
    if terms.applies_to == "collections":
        return {"collections": {"add": list(terms.applies_to_gids)}}
    return {"all": True}


def _value(terms: DiscountTerms) -> dict[str, Any]:
    if terms.discount_type == "free_product":
        return {"percentage": 1.0}
    if terms.amount is None:
        raise ValueError(f"a {terms.discount_type} discount needs an amount")
    if terms.discount_type == "fixed_amount":
        return {"discountAmount": {"amount": plain(terms.amount), "appliesOnEachItem": False}}
    if terms.discount_type == "percentage":
        return {"percentage": float(terms.amount / 100)}
    raise ValueError(f"unknown kind of discount {terms.discount_type!r}")


def plain(amount: Decimal) -> str:
    """A decimal without exponent and without trailing zeros: `5`, `12.5`."""
    return format(amount.normalize(), "f")


def is_ours(found: dict[str, Any], *, reference: str, app_gid: str | None) -> bool:
    """Whether a discount was made by us for this redemption: by its tag, and by its creator where Shopify names one.

    Args:
        found: `codeDiscountNodeByCode`.
        reference: the redemption's public id.
        app_gid: our own app; None when Shopify did not say.

    Raises:
        AppUnknown: it carries our tag and names a creator, and who we are is not known: it may be ours.
    """
    discount = found.get("codeDiscount") or {}
    if tag_of(reference) not in (discount.get("tags") or []):
        return False
    codes = (discount.get("codes") or {}).get("nodes") or []
    creators = [code["createdBy"]["id"] for code in codes if code.get("createdBy")]
    if creators and app_gid is None:
        raise AppUnknown("Shopify's answer does not say which app is ours")
    return all(creator == app_gid for creator in creators)


def is_for(found: dict[str, Any], shopify_customer_id: int | None) -> bool:
    """Whether only this customer may use the discount; None: whether whoever has the code may."""
    context = (found.get("codeDiscount") or {}).get("context") or {}
    if shopify_customer_id is None:
        return not context.get("customers")
    return [each["id"] for each in context.get("customers") or []] == [customer_gid(shopify_customer_id)]


def uses_left(found: dict[str, Any]) -> int:
    """How often a discount of ours may still be used, by Shopify's own count (which may lag a little)."""
    discount = found.get("codeDiscount") or {}
    return max(0, int(discount.get("usageLimit") or 1) - int(discount.get("asyncUsageCount") or 0))
