"""The customer metafields as a destination of the outbox: a mirror of the member's state, harmless to repeat."""

from __future__ import annotations

from datetime import timedelta

from loyalty.events import EventKind
from loyalty.ledger.queries import balances_of
from loyalty.members.errors import CustomerNotFound
from loyalty.members.queries import member_by_id
from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry, Skipped, Telling
from loyalty.tiers.queries import tier_of
from shopify_app.admin_api.errors import AdminApiError, Refused, ShopUnavailable, Throttled
from shopify_app.metafields.customer import Standing, publish
from shopify_app.shops.operations import NeedsReauth
from shopify_app.shops.queries import shop_of_program


class CustomerMetafields:
    """Implements `loyalty.outbox.ports.Adapter`."""

    deduplicates = True

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether the programme's shop is connected."""
        shop = shop_of_program(program_id)
        return shop is not None and shop.uninstalled_at is None

    def deliver(self, telling: Telling) -> Outcome:
        """Write the standing as it is now; see the port."""
        shop = shop_of_program(telling.program_id)
        if shop is None or shop.uninstalled_at is not None:
            return Skipped(error="the shop is not connected")
        if telling.member_id is None:
            return Skipped(error="no member")
        try:
            member = member_by_id(member_id=telling.member_id)
        except CustomerNotFound:
            return Skipped(error="no longer a member")
        balances = balances_of(member_id=member.pk, now=telling.now)
        tier = tier_of(member_id=member.pk)
        standing = Standing(balances.available, balances.pending, balances.lifetime, tier.name if tier else None)
        shown = {"customer": member.shopify_customer_id, "balance": standing.balance, "tier": standing.tier}
        try:
            publish(shopify_domain=shop.domain, shopify_customer_id=member.shopify_customer_id, standing=standing)
        except NeedsReauth as failure:
            return Paused(error=str(failure), request=shown)
        except Throttled as failure:
            after = timedelta(seconds=failure.retry_after_seconds)
            return Retry(error=str(failure), request=shown, after=after)
        except ShopUnavailable as failure:
            return Paused(error=str(failure), request=shown)
        except Refused as failure:
            return Dead(error=str(failure), request=shown)
        except AdminApiError as failure:
            return Retry(error=str(failure), request=shown)
        return Done(status=200, request=shown)
