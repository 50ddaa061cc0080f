"""What orders need of the shop, declared here and implemented above (settings: `ENCORE_CATALOGUE`)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from loyalty.orders.products import ProductFacts


class Catalogue(Protocol):
    """Tells of products what an order does not."""

    def products(
        self, *, shopify_domain: str, product_ids: Collection[int], collection_ids: Collection[int]
    ) -> dict[int, ProductFacts]:
        """Returns the facts of each product, by Shopify id. One the shop does not have any more has no tag and no collection.

        Args:
            collection_ids: The collections to tell of; none is only the tags.

        Raises:
            ShopUnreachable: The shop did not answer, or not wholly (`loyalty.members.ports`).
        """


def catalogue() -> Catalogue:
    """Returns the implementation named in the settings."""
    return cast(Catalogue, import_string(settings.ENCORE_CATALOGUE)())
