"""Shopify itself as destinations of the outbox: the newest state of a member or of the programme, whatever happened."""

from __future__ import annotations

from datetime import timedelta

from loyalty.events import EventKind
from loyalty.integrations.state import MemberState, read_state
from loyalty.outbox.ports import Done, Outcome, Paused, Skipped, Telling
from loyalty.programs.models import Program
from shopify_app.metafields.customer import Marks, Standing, publish
from shopify_app.metafields.fields import alone_with, settings_of
from shopify_app.metafields.offer import read_offer
from shopify_app.metafields.shop import publish_offer, shop_fields
from shopify_app.metafields.syncing import WITHOUT_TAG, sync_tier
from shopify_app.shops.models import Shop
from shopify_app.shops.outcomes import outcome_of
from shopify_app.shops.queries import shop_of_program

NOT_CONNECTED = Skipped(error="The shop is not connected")
LATER = Paused(error="Another sync of the same is under way", after=timedelta(seconds=1))


def _connected(program_id: int) -> Shop | None:
    shop = shop_of_program(program_id)
    return shop if shop is not None and shop.uninstalled_at is None else None


class CustomerMetafields:
    """Writes a member's metafields and tier tag onto the customer."""

    deduplicates = True  # the same values again are harmless

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether there is an installed shop to write to."""
        return _connected(program_id) is not None

    def deliver(self, telling: Telling) -> Outcome:
        """Makes the customer show the member's state as it is now."""
        shop = _connected(telling.program_id)
        if shop is None:
            return NOT_CONNECTED
        with alone_with(f"member {telling.member_id}", program_id=telling.program_id) as is_alone:
            if not is_alone:
                return LATER
            state = read_state(member_id=telling.member_id, now=telling.now) if telling.member_id is not None else None
            if state is None:
                return Skipped(error="The member is gone")
            return self._write(shop, state, Program.objects.get(pk=telling.program_id), telling)

    def _write(self, shop: Shop, state: MemberState, program: Program, telling: Telling) -> Outcome:
        # A tag that is switched off is taken back once, when that was said: later it may be somebody else's.
        takes_back = telling.destination == WITHOUT_TAG and not program.writes_tier_tags
        standing = Standing(
            points_balance=state.balance,
            lifetime_points=state.lifetime,
            redeemed_points=state.redeemed,
            vip_tier=state.tier,
            status=state.status,
        )
        marks = Marks(
            standing=standing,
            birthday=state.date_of_birth,
            has_mage=program.writes_mage_metafields,
            has_tag=program.writes_tier_tags or takes_back,
            is_untagged=takes_back,
        )
        customer_id = state.shopify_customer_id
        return outcome_of(
            lambda deadline: publish(shop=shop, shopify_customer_id=customer_id, marks=marks, deadline=deadline),
            request=marks.shown(customer_id),
        )


class ShopMetafields:
    """Writes what the programme offers onto the shop."""

    deduplicates = True

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether there is an installed shop to write to."""
        return _connected(program_id) is not None

    def deliver(self, telling: Telling) -> Outcome:
        """Makes the shop show the programme as it is now."""
        shop = _connected(telling.program_id)
        if shop is None:
            return NOT_CONNECTED
        with alone_with("shop", program_id=telling.program_id) as is_alone:
            if not is_alone:
                return LATER
            program = Program.objects.get(pk=telling.program_id)
            offer, has_mage = read_offer(program=program), program.writes_mage_metafields
            return outcome_of(
                lambda deadline: publish_offer(shop=shop, offer=offer, has_mage=has_mage, deadline=deadline),
                request={
                    "mutation": "metafieldsSet",
                    "metafields": settings_of("Shop", shop_fields(offer, has_mage=has_mage)),
                },
            )


class RenamedTiers:
    """Has everybody on a tier written again whose name has changed."""

    deduplicates = True

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether there is an installed shop to write to."""
        return _connected(program_id) is not None

    def deliver(self, telling: Telling) -> Outcome:
        """Queues them; what is sent is read then."""
        number = sync_tier(program_id=telling.program_id, tier_id=telling.payload["tier_id"], now=telling.now)
        return Done(response=f"{number:,} members are being synced")
