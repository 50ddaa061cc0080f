"""Whether product variants can be bought now, asked of the shop while a customer waits."""

from __future__ import annotations

from collections.abc import Collection

from loyalty.members.ports import ShopUnreachable
from shopify_app.admin_api.deadline import Deadline
from shopify_app.shops.asking import ask

PATIENCE_SECONDS = 4.0
NOT_OFFERED = frozenset({"ARCHIVED", "DRAFT"})
"""Product statuses in which nothing of it can be bought."""


class ShopifyStock:
    """Implements `loyalty.rewards.ports.Stock`."""

    def available(self, *, shopify_domain: str, variant_gids: Collection[str]) -> frozenset[str]:
        """Tell which variants can be bought; see the port."""
        variables = {"ids": sorted(variant_gids)}
        answer = ask(shopify_domain, "VariantsAvailable", variables, deadline=Deadline.after(PATIENCE_SECONDS))
        nodes = answer.data.get("nodes")
        if answer.errors or not isinstance(nodes, list):
            raise ShopUnreachable
        return frozenset(
            node["id"]
            for node in nodes
            if node and node["availableForSale"] and node["product"]["status"] not in NOT_OFFERED
        )
