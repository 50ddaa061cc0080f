"""The customer's metafields as a destination of the outbox: the newest state, whatever happened in between."""

from __future__ import annotations

from loyalty.events import EventKind
from loyalty.integrations.state import read_state
from loyalty.outbox.ports import Outcome, Skipped, Telling
from shopify_app.metafields.customer import Standing, metafields_for, publish
from shopify_app.shops.outcomes import outcome_of
from shopify_app.shops.queries import shop_of_program


class CustomerMetafields:
    """Writes `$app:loyalty`, `$app:balance` and `$app:tier` onto the customer."""

    deduplicates = True  # the same values again are harmless

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether there is an installed shop to write to."""
        shop = shop_of_program(program_id)
        return shop is not None and shop.uninstalled_at is None

    def deliver(self, telling: Telling) -> Outcome:
        """Writes the member's state as it is now."""
        shop = shop_of_program(telling.program_id)
        if shop is None or shop.uninstalled_at is not None:
            return Skipped(error="The shop is not connected")
        state = read_state(member_id=telling.member_id, now=telling.now) if telling.member_id is not None else None
        if state is None:
            return Skipped(error="The member is gone")
        standing = Standing(
            points_balance=state.balance,
            lifetime_points=state.lifetime,
            redeemed_points=state.redeemed,
            vip_tier=state.tier,
            status=state.status,
        )
        owner = f"gid://shopify/Customer/{state.shopify_customer_id}"
        shown = {"mutation": "metafieldsSet", "metafields": metafields_for(owner, standing)}
        return outcome_of(
            lambda deadline: publish(
                shopify_domain=shop.domain,
                shopify_customer_id=state.shopify_customer_id,
                standing=standing,
                deadline=deadline,
            ),
            request=shown,
        )
