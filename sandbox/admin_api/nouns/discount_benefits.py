"""What Shopify refuses about what a code discount gives, in its words; see `discount_checks` for the rest.

Of "buy X get Y" the rules are Shopify's (facts 7.2), the wording of their refusals is ours.
"""

from typing import Any, NamedTuple

from sandbox.admin_api.context import Context
from sandbox.admin_api.nouns import products
from sandbox.store.database import Record

LARGEST_AMOUNT = 10**18


class Problem(NamedTuple):
    """One refusal; `field` is the path below the input argument."""

    field: list[str]
    message: str
    code: str


def benefit_problems(context: Context, kind: str, given: Record) -> list[Problem]:
    """List what Shopify would refuse about the benefit: its value, its items, what it combines with."""
    if kind == "DiscountCodeFreeShipping":
        return [*_purchases([], given), *_shipping(given)]
    gets = given.get("customerGets")
    if not gets:
        return [Problem(["customerGets"], "Customer gets can't be blank", "BLANK")]
    place = ["customerGets"]
    found = [*_purchases(place, gets), *_stacking(given)]
    if kind == "DiscountCodeBxgy":
        return [*found, *_counted(gets.get("value") or {}), *_named(context, place, gets), *_bought(context, given)]
    return [*found, *_value(gets.get("value") or {}), *_items(context, place, gets.get("items") or {})]


def _purchases(place: list[str], given: Record) -> list[Problem]:
    if given.get("appliesOnOneTimePurchase", True) or given.get("appliesOnSubscription", False):
        return []
    return [Problem([*place, "appliesOnOneTimePurchase"], "The discount applies on nothing", "APPLIES_ON_NOTHING")]


def _value(value: Record) -> list[Problem]:
    place = ["customerGets", "value"]
    kinds = [name for name in ("discountAmount", "percentage") if value.get(name) is not None]
    if not kinds:
        return [Problem(place, "Value can't be blank", "BLANK")]
    if len(kinds) > 1:
        return [Problem(place, "Only one value type can be provided.", "INVALID")]
    if kinds == ["percentage"]:
        if 0 <= value["percentage"] <= 1:
            return []
        return [Problem([*place, "percentage"], "Value must be between 0.0 and 1.0", "VALUE_OUTSIDE_RANGE")]
    amount = value["discountAmount"].get("amount")
    place = [*place, "discountAmount", "amount"]
    if amount is None:
        return [Problem(place, "Value can't be blank", "BLANK")]
    if amount < 0:
        return [Problem(place, "Value must be less than or equal to 0", "LESS_THAN_OR_EQUAL_TO")]
    if amount >= LARGEST_AMOUNT:
        return [Problem(place, "Value must be greater than -1000000000000000000", "LESS_THAN")]
    return []


def _counted(value: Record) -> list[Problem]:
    """The value of "buy X get Y": a number of items, never an amount or a percentage of its own."""
    place = ["customerGets", "value"]
    wrong = [name for name in ("discountAmount", "percentage") if value.get(name) is not None]
    if wrong:
        return [Problem([*place, wrong[0]], "Only discountOnQuantity permitted with bxgy discounts", "INVALID")]
    counted = value.get("discountOnQuantity")
    if not counted:
        return [Problem([*place, "discountOnQuantity"], "Value can't be blank", "BLANK")]
    place = [*place, "discountOnQuantity"]
    if int(counted.get("quantity") or 0) < 1:
        return [Problem([*place, "quantity"], "Quantity must be greater than 0", "GREATER_THAN")]
    percentage = (counted.get("effect") or {}).get("percentage")
    if percentage is not None and not 0 <= percentage <= 1:
        return [Problem([*place, "effect", "percentage"], "Value must be between 0.0 and 1.0", "VALUE_OUTSIDE_RANGE")]
    return []


def _bought(context: Context, given: Record) -> list[Problem]:
    """What has to be bought in "buy X get Y"."""
    buys = given.get("customerBuys")
    if not buys:
        return [Problem(["customerBuys"], "Customer buys can't be blank", "BLANK")]
    value = buys.get("value") or {}
    place = ["customerBuys", "value"]
    if len([each for each in value.values() if each is not None]) != 1:
        return [Problem(place, "Either quantity or amount must be provided", "INVALID")]
    found = []
    if any(float(each) <= 0 for each in value.values() if each is not None):
        found = [Problem(place, "Value must be greater than 0", "GREATER_THAN")]
    return [*found, *_named(context, ["customerBuys"], buys)]


def _named(context: Context, place: list[str], part: Record) -> list[Problem]:
    items = part.get("items") or {}
    if items.get("all"):
        return [Problem([*place, "items"], "Items cannot be all in a bxgy discount", "INVALID")]
    return _items(context, place, items)


def _items(context: Context, place: list[str], items: Record) -> list[Problem]:
    """A product, variant or collection must be in the store's catalogue."""
    place = [*place, "items"]
    found, named = [], False
    for branch, name, label in (
        ("products", "productsToAdd", "Product"),
        ("products", "productVariantsToAdd", "Product variant"),
        ("collections", "add", "Collection"),
    ):
        for identity in (items.get(branch) or {}).get(name) or []:
            named = True
            kind = label.replace("Product variant", "ProductVariant")
            if not (str(identity).startswith(f"gid://shopify/{kind}/") and products.is_known(context, identity)):
                number = str(identity).rsplit("/", 1)[-1]
                found.append(Problem([*place, branch, name], f"{label} with id: {number} is invalid", "INVALID"))
    if not named and not items.get("all"):
        found.append(Problem(place, "Items can't be blank", "BLANK"))
    return found


def _stacking(given: Record) -> list[Problem]:
    lines: dict[str, Any] = (given.get("combinesWith") or {}).get("productDiscountsWithTagsOnSameCartLine") or {}
    if not lines:
        return []
    field = "`productDiscountsWithTagsOnSameCartLine`"
    message = f"The {field} field is only valid for discounts with the PRODUCT discount class."
    code = "INVALID_PRODUCT_DISCOUNTS_WITH_TAGS_ON_SAME_CART_LINE_FOR_DISCOUNT_CLASS"
    return [Problem(["combinesWith", "productDiscountsWithTagsOnSameCartLine"], message, code)]


def _shipping(given: Record) -> list[Problem]:
    found = []
    if (given.get("combinesWith") or {}).get("shippingDiscounts"):
        message = "The combinesWith settings are not valid for the discount class."
        found.append(Problem(["combinesWith"], message, "INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS"))
    destination = given.get("destination") or {}
    countries = destination.get("countries") or {}
    if not destination.get("all") and not countries.get("add"):
        found.append(Problem(["destination"], "Destination can't be blank", "BLANK"))
    if destination.get("all") and countries:
        found.append(Problem(["destination"], "Only one of all or countries can be provided.", "INVALID"))
    most = given.get("maximumShippingPrice")
    if most is not None and most < 0:
        message = "Maximum shipping price must be greater than or equal to 0"
        found.append(Problem(["maximumShippingPrice"], message, "GREATER_THAN_OR_EQUAL_TO"))
    return found
