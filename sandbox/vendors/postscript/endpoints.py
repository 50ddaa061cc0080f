"""Postscript's API under `/vendors/postscript/api/v2`: one function a call."""

from datetime import datetime

from sandbox.store.database import Record
from sandbox.vendors.postscript import subscribers
from sandbox.vendors.postscript.checks import checked_event, checked_patch
from sandbox.vendors.vendor import Answer, Call, Endpoint, Refused

PAGE = 50  # subscribers on a page; the vendor does not publish its own number
FILTERS = {"shopify_customer_id__eq", "shopify_customer_id__in", "email__eq", "page"}
SHOWN = ("id", "email", "phone_number", "properties", "shopify_customer_id", "tags", "subscriptions")
OCCURRED_AT = "%Y-%m-%d %H:%M:%S.%f"


def show_account(call: Call) -> Answer:
    """Say whose key it is."""
    end = call.key[-4:]
    shop = {"resource_id": f"shop_{end}", "resource_name": f"Sandbox shop …{end}", "resource_type": "shop"}
    return Answer(200, shop)


def list_subscribers(call: Call) -> Answer:
    """Find subscribers, a page at a time. A filter that is not known is refused, not ignored."""
    if unknown := sorted(set(call.query) - FILTERS):
        raise Refused(400, "There is no such filter.", (unknown[0],))
    customers: set[str] | None = None
    for name in ("shopify_customer_id__eq", "shopify_customer_id__in"):
        if name in call.query:
            given = (
                {part.strip() for part in call.query[name].split(",")} if name.endswith("in") else {call.query[name]}
            )
            if not all(each.isdecimal() for each in given):
                raise Refused(400, "A Shopify customer id is a number.", (name,))
            customers = given if customers is None else customers & given
    text = call.query.get("page", "1")
    if not text.isdecimal() or int(text) < 1:
        raise Refused(400, "A page is a number from 1.", ("page",))
    found = subscribers.find(call, customers=customers, email=call.query.get("email__eq"))
    page, total = int(text), max(1, -(-len(found) // PAGE))
    shown = [_shown(item) for item in found[(page - 1) * PAGE : page * PAGE]]
    return Answer(200, {"page_info": {"page": page, "total_pages": total}, "subscribers": shown})


def update_subscriber(call: Call) -> Answer:
    """Merge a subscriber's custom properties."""
    given = checked_patch(call)
    return Answer(200, _shown(subscribers.update(call, call.path["subscriber"], given["properties"])))


def create_event(call: Call) -> Answer:
    """Keep an event of a subscriber, again if it comes again."""
    given = checked_event(call)
    try:
        datetime.strptime(given["occurred_at"], OCCURRED_AT)  # noqa: DTZ007 — UTC by the vendor's word, and only checked
    except ValueError as error:
        raise Refused(400, "There is no such time.", ("occurred_at",)) from error
    return Answer(202, {"event_ids": [subscribers.keep_event(call, given)]}, outcome="kept")


def never(call: Call) -> Answer:
    """Make consent, or end it for good: no program may do it on its own accord. Raises Refused 403."""
    raise Refused(403)


def _shown(person: Record) -> Record:
    return {name: person[name] for name in SHOWN}


ENDPOINTS = (
    Endpoint("me", "GET", "/me", show_account),
    Endpoint("subscribers", "GET", "/subscribers", list_subscribers),
    Endpoint("events", "POST", "/events", create_event),
    Endpoint("subscriber", "PATCH", "/subscribers/{subscriber}", update_subscriber),
    Endpoint("subscribe", "POST", "/subscribers", never, is_forbidden=True),
    Endpoint("unsubscribe", "PATCH", "/compliance/unsubscribe", never, is_forbidden=True),
    Endpoint("redact", "PATCH", "/compliance/redact", never, is_forbidden=True),
)
