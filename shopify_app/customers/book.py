"""All customers of a shop, page by page, out of a bulk query: the shop collects them by itself and keeps them as a file.

A place is the number of the operation and how many bytes of its results are read.
"""

from __future__ import annotations

from datetime import datetime

from loyalty.members.ports import Customer, CustomerPage, ShopUnreachable
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError
from shopify_app.bulk import operations as bulk
from shopify_app.bulk.results import objects
from shopify_app.customers.directory import customer_from
from shopify_app.shops.models import Shop
from shopify_app.shops.queries import installed_shop

PAGE = 5_000
READ_SECONDS = 30.0


class ShopifyCustomerBook:
    """Implements `loyalty.members.ports.CustomerBook`."""

    def read(self, *, shopify_domain: str, asked_by: str, cursor: str, now: datetime) -> CustomerPage:
        """Returns the next customers; see the port."""
        shop = installed_shop(shopify_domain)
        if shop is None:
            raise ShopUnreachable
        try:
            return _read(shop, asked_by, cursor)
        except AdminApiError as failure:
            raise ShopUnreachable from failure


def _read(shop: Shop, asked_by: str, cursor: str) -> CustomerPage:
    number, _, offset = cursor.partition("|")
    if not number:  # an answer may have been lost: whoever asks again finds what was begun by the same text
        text = bulk.text_of("AllCustomers", ASKEDBY=asked_by)
        operation = bulk.find(shop, text) or bulk.start(shop, text)
        return CustomerPage((), f"{operation.number}|0", is_waiting=operation.status in bulk.UNDER_WAY)
    found = bulk.look(shop, number)
    if found is not None and found.status in bulk.UNDER_WAY:
        return CustomerPage((), cursor, is_waiting=True)
    if found is None or found.status != bulk.COMPLETED:
        raise ShopUnreachable
    return _page(found, int(offset))


def _page(found: bulk.Operation, offset: int) -> CustomerPage:
    """Reads on in the results, up to a page."""
    if found.url is None:
        return CustomerPage((), None)
    customers: list[Customer] = []
    reading = objects(found.url, start=offset, size=found.size, deadline=Deadline.after(READ_SECONDS))
    for each in reading:
        customers.append(customer_from(each.node))
        offset = each.end
        if len(customers) == PAGE:
            reading.close()
            return CustomerPage(tuple(customers), f"{found.number}|{offset}")
    return CustomerPage(tuple(customers), None)
