"""Who hears what: the one table of events and destinations."""

from __future__ import annotations

from datetime import timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from flow_extensions.triggers.registry import KINDS as FLOW_KINDS
from loyalty.emails.kinds import EVENTS as EMAIL_EVENTS
from loyalty.events import EventKind
from loyalty.integrations.naming import KINDS as MARKETING_KINDS
from loyalty.integrations.vendors import VENDORS
from loyalty.integrations.webhooks.mapping import KINDS as WEBHOOK_KINDS
from loyalty.outbox.ports import Subscription

CHANGES_STATE = frozenset(EventKind) - {
    EventKind.REDEMPTION_FAILED,
    EventKind.REWARD_ISSUED,
    EventKind.REWARD_USED,
    EventKind.POINTS_EXPIRING,
    EventKind.REFERRAL_CLAIMED,
    EventKind.REFERRAL_CONVERTED,
    EventKind.REFERRAL_COMPLETED,
    EventKind.FRIEND_REWARDED,
    EventKind.MEMBER_BIRTHDAY,
    EventKind.TIER_RENAMED,
    EventKind.PROGRAMME_CHANGED,
}
"""Events after which a member's balance, tier or status may read differently."""

SUBSCRIPTIONS: tuple[Subscription, ...] = (
    Subscription(
        destination="encore:referrals",
        label=_("Referrals: friends who joined"),
        kinds=frozenset({EventKind.MEMBER_ENROLLED}),
        adapter_path="loyalty.referrals.adapter.NewMembers",
        is_inside=True,
    ),
    Subscription(
        destination="encore:entry-rewards",
        label=_("Encore: rewards for reaching a tier"),
        kinds=frozenset({EventKind.TIER_CHANGED}),
        adapter_path="loyalty.rewards.adapter.EntryRewards",
        is_inside=True,
    ),
    Subscription(
        destination="flow",
        label=_("Shopify Flow"),
        kinds=FLOW_KINDS,
        adapter_path="flow_extensions.triggers.adapter.FlowTriggers",
    ),
    Subscription(
        destination="webhook",
        label=_("Webhooks"),
        kinds=WEBHOOK_KINDS,
        adapter_path="loyalty.integrations.webhooks.adapter.Webhooks",
    ),
    Subscription(
        destination="email",
        label=_("Emails to customers"),
        kinds=EMAIL_EVENTS,
        adapter_path="loyalty.emails.adapter.Emails",
    ),
    *(
        Subscription(
            destination=vendor.slug,
            label=format_lazy("{}: {}", vendor.label, _("events")),
            kinds=MARKETING_KINDS,
            adapter_path=f"loyalty.integrations.{vendor.slug}.adapter.Events",
        )
        for vendor in VENDORS
    ),
    *(
        Subscription(
            destination=f"{vendor.slug}:profiles",
            label=format_lazy("{}: {}", vendor.label, _("profiles")),
            kinds=CHANGES_STATE,
            adapter_path=f"loyalty.integrations.{vendor.slug}.adapter.Profiles",
            is_state=True,
            delay=timedelta(seconds=2),
        )
        for vendor in VENDORS
    ),
    Subscription(
        destination="shopify:customer-metafield",
        label=_("Shopify: customer metafields and tier tag"),
        kinds=CHANGES_STATE,
        adapter_path="shopify_app.metafields.adapter.CustomerMetafields",
        is_state=True,
        delay=timedelta(seconds=2),
    ),
    Subscription(
        destination="shopify:shop-metafield",
        label=_("Shopify: shop metafields"),
        kinds=frozenset({EventKind.PROGRAMME_CHANGED}),
        adapter_path="shopify_app.metafields.adapter.ShopMetafields",
        is_state=True,
        delay=timedelta(seconds=5),
    ),
    Subscription(
        destination="encore:renamed-tier-profiles",
        label=_("Encore: profiles of a renamed tier"),
        kinds=frozenset({EventKind.TIER_RENAMED}),
        adapter_path="loyalty.integrations.renaming.RenamedTiers",
        is_inside=True,
    ),
    Subscription(
        destination="encore:renamed-tiers",
        label=_("Encore: members of a renamed tier"),
        kinds=frozenset({EventKind.TIER_RENAMED}),
        adapter_path="shopify_app.metafields.adapter.RenamedTiers",
        is_inside=True,
    ),
)
