"""Taking back what was written onto a customer who asked to be forgotten."""

from __future__ import annotations

import structlog

from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError
from shopify_app.metafields.customer import Marks, publish
from shopify_app.shops.models import Shop

log = structlog.get_logger(__name__)
SECONDS = 15.0


def take_back(*, shop: Shop, shopify_customer_id: int) -> None:
    """Takes our metafields and tier tag off a customer; a repeat finds none.

    One attempt only: to try again later would mean to keep the customer's number, which is what has to go. Shopify asks us
    to forget when it erases the customer itself.
    """
    program = shop.program
    marks = Marks(standing=None, has_mage=program.writes_mage_metafields, has_tag=program.writes_tier_tags)
    try:
        publish(shop=shop, shopify_customer_id=shopify_customer_id, marks=marks, deadline=Deadline.after(SECONDS))
    except AdminApiError as error:
        log.info("metafields of a forgotten customer stay", shop=shop.domain, reason=type(error).__name__)
