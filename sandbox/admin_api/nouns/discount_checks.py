"""What Shopify refuses when a code discount is created, in its words.

Messages and codes follow recordings of a real store (facts 7.4); the odd wording of the amounts is Shopify's own.
"""

from typing import Any, NamedTuple

from sandbox.admin_api.context import Context
from sandbox.store.database import Record
from sandbox.store.values import gid_parts

LONGEST = 255
MOST_TAGS = 5
LARGEST_AMOUNT = 10**18


class Problem(NamedTuple):
    """One refusal; `field` is the path below the input argument."""

    field: list[str]
    message: str
    code: str


def problems(context: Context, kind: str, given: Record) -> list[Problem]:
    """List everything Shopify would refuse about this input; empty means it is created."""
    found = [
        *_texts(context, given),
        *_dates(given),
        *_audience(context, given),
        *_limits(given),
        *_minimum(given),
        *_tags(given),
    ]
    if kind == "DiscountCodeBasic":
        return found + _benefit(given)
    return found + _shipping(given)


def _texts(context: Context, given: Record) -> list[Problem]:
    found = []
    for name, label in (("title", "Title"), ("code", "Code")):
        text = given.get(name)
        if text is None or (name == "title" and not text.strip()):
            found.append(Problem([name], f"{label} can't be blank", "BLANK"))
        elif not text:
            found.append(Problem([name], f"{label} is too short (minimum is 1 character)", "TOO_SHORT"))
        elif len(text) > LONGEST:
            found.append(Problem([name], f"{label} is too long (maximum is 255 characters)", "TOO_LONG"))
        elif name == "code" and ("\n" in text or "\r" in text):
            found.append(Problem([name], "Code cannot contain newline characters.", "INVALID"))
        elif name == "code" and context.database.lookup(context.domain, "discount", text):
            found.append(Problem([name], "Code must be unique. Please try a different code.", "TAKEN"))
    return found


def _dates(given: Record) -> list[Problem]:
    starts, ends = given.get("startsAt"), given.get("endsAt")
    if starts is None:
        return [Problem(["startsAt"], "Starts at can't be blank", "BLANK")]
    if ends is not None and ends <= starts:
        return [Problem(["endsAt"], "Ends at needs to be after starts_at", "INVALID")]
    return []


def _audience(context: Context, given: Record) -> list[Problem]:
    target, old = given.get("context"), given.get("customerSelection")
    if target is not None and old is not None:
        return [Problem(["context"], "Only one of context or customerSelection can be provided.", "INVALID")]
    name, chosen = ("context", target) if target is not None else ("customerSelection", old)
    if not chosen or not any(value for value in chosen.values()):
        return [Problem(["context"], "Context can't be blank", "BLANK")]
    if "customerSegments" in chosen:
        return [Problem([name, "customerSegments", "add"], "Customer segment is invalid", "INVALID")]
    if "customers" not in chosen:
        return []
    wanted = (chosen["customers"] or {}).get("add") or []
    if not wanted:
        return [Problem([name, "customers"], "Customers can't be blank", "BLANK")]
    found = []
    for identity in wanted:
        parts = gid_parts(identity)
        if not parts or parts[0] != "Customer" or not context.database.get(context.domain, "customer", parts[1]):
            number = parts[1] if parts else identity
            found.append(Problem([name, "customers", "add"], f"Customer with id: {number} is invalid", "INVALID"))
    return found


def _limits(given: Record) -> list[Problem]:
    found = []
    for name, label in (("usageLimit", "Usage limit"), ("recurringCycleLimit", "Recurring cycle limit")):
        limit = given.get(name)
        least = 0 if name == "usageLimit" else -1
        if limit is not None and limit <= least:
            found.append(Problem([name], f"{label} must be greater than {least}", "GREATER_THAN"))
    return found


def _minimum(given: Record) -> list[Problem]:
    minimum = given.get("minimumRequirement") or {}
    if minimum.get("subtotal") and minimum.get("quantity"):
        message = "Minimum subtotal and minimum quantity cannot both be present"
        code = "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT"
        return [Problem(["minimumRequirement", part], message, code) for part in ("subtotal", "quantity")]
    for part, name in (("subtotal", "greaterThanOrEqualToSubtotal"), ("quantity", "greaterThanOrEqualToQuantity")):
        value = (minimum.get(part) or {}).get(name)
        if value is not None and not 0 <= value < LARGEST_AMOUNT:
            return [
                Problem(
                    ["minimumRequirement", part, name],
                    f"Minimum {part} must be greater than or equal to 0",
                    "GREATER_THAN_OR_EQUAL_TO",
                )
            ]
    return []


def _tags(given: Record) -> list[Problem]:
    tags = given.get("tags") or []
    if len(tags) > MOST_TAGS:
        return [Problem(["tags"], "The number of tags exceeds the maximum of 5.", "TOO_MANY_TAGS")]
    if any(len(value) > LONGEST for value in tags):
        return [Problem(["tags"], "The tag title exceeds the maximum length of 255 characters.", "INVALID_TAG_LENGTH")]
    return []


def _benefit(given: Record) -> list[Problem]:
    gets = given.get("customerGets")
    if not gets:
        return [Problem(["customerGets"], "Customer gets can't be blank", "BLANK")]
    return [*_value(gets.get("value") or {}), *_items(gets.get("items") or {}), *_stacking(given)]


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


def _items(items: Record) -> list[Problem]:
    """A sandbox store has no products, so any product, variant or collection is unknown, as it would be at Shopify."""
    place = ["customerGets", "items"]
    found = []
    for branch, name, label in (
        ("products", "productsToAdd", "Product"),
        ("products", "productVariantsToAdd", "Product variant"),
        ("collections", "add", "Collection"),
    ):
        for identity in (items.get(branch) or {}).get(name) or []:
            number = str(identity).rsplit("/", 1)[-1]
            found.append(Problem([*place, branch, name], f"{label} with id: {number} is invalid", "INVALID"))
    if not found and not items.get("all"):
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
    if not (given.get("destination") or {}).get("all"):
        found.append(Problem(["destination"], "Destination can't be blank", "BLANK"))
    most = given.get("maximumShippingPrice")
    if most is not None and most < 0:
        message = "Maximum shipping price must be greater than or equal to 0"
        found.append(Problem(["maximumShippingPrice"], message, "GREATER_THAN_OR_EQUAL_TO"))
    return found
