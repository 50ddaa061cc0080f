"""What Shopify refuses when a code discount is created, in its words.

Messages and codes follow recordings of a real store (facts 7.4); the odd wording of the amounts is Shopify's own.
"""

from sandbox.admin_api.context import Context
from sandbox.admin_api.nouns.discount_benefits import LARGEST_AMOUNT, Problem, benefit_problems
from sandbox.store.database import Record
from sandbox.store.values import gid_parts

LONGEST = 255
MOST_TAGS = 5


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
    return found + benefit_problems(context, kind, given)


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
