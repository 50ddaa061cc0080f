"""Integrations: a card per marketing platform, and what Shopify Flow lists of Encore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loyalty.integrations import queries
from loyalty.integrations.models import Connection
from loyalty.integrations.vendor import Vendor
from loyalty.integrations.vendors import VENDORS
from loyalty.outbox.queries import Line, lines
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.pages import show

# What Flow lists of Encore. The manifests stand above this package, so a test holds the two together.
FLOW_STEPS = (
    "Award custom action", "Add points", "Remove points", "Approve pending points", "Reward points for reviews",
    "Assign VIP tier", "Issue reward", "Add store credits", "Remove store credits",
)  # fmt: skip
FLOW_TRIGGERS = (
    "Loyalty sign up", "Loyalty points earned", "Loyalty points redeemed", "Loyalty credits earned", "Loyalty VIP tier achieved",
    "Customer birthday reached", "Referral reward created", "Referred reward created", "Loyalty points expiry approached",
    "Loyalty points approved", "Loyalty VIP tier lost", "Loyalty reward used",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A vendor and the shop's connection to it, as pages show them: never the key itself."""

    slug: str
    label: str
    about: str
    is_connected: bool
    needs_reconnect: bool
    is_silent: bool
    is_leaving: bool
    badge: str
    tone: str
    account_name: str
    hint: str
    last_error: str
    last_success_at: datetime | None
    line: Line

    @property
    def is_known(self) -> bool:
        """Whether there is a key, good or not."""
        return self.is_connected or self.needs_reconnect


def view_of(vendor: Vendor, connection: Connection | None, line: Line, *, now: datetime) -> ConnectionView:
    """Returns a vendor as its card and its page show it."""
    state = connection.state if connection else Connection.State.DISCONNECTED
    is_silent = connection is not None and connection.waits_until is not None and state == Connection.State.ACTIVE
    badge, tone = {
        Connection.State.ACTIVE: (_("Not answering"), "warning") if is_silent else (_("Connected"), "success"),
        Connection.State.NEEDS_RECONNECT: (_("Needs a new key"), "critical"),
        Connection.State.LEAVING: (_("Removing its data"), "info"),
    }.get(Connection.State(state), (_("Not connected"), "neutral"))
    return ConnectionView(
        slug=vendor.slug,
        label=vendor.label,
        about=_(vendor.about),
        is_connected=state == Connection.State.ACTIVE,
        needs_reconnect=state == Connection.State.NEEDS_RECONNECT,
        is_silent=is_silent,
        is_leaving=state == Connection.State.LEAVING,
        badge=badge,
        tone=tone,
        account_name=connection.account_name if connection else "",
        hint=connection.credential_hint if connection else "",
        last_error=connection.last_error if connection else "",
        last_success_at=connection.last_success_at if connection else None,
        line=line,
    )


@require_GET
@page
def integrations(request: AdminRequest) -> HttpResponse:
    """Shows the cards, those that are connected first."""
    now = timezone.now()
    known = {row.vendor: row for row in queries.connections()}
    standing = lines(now=now)
    cards = [view_of(vendor, known.get(vendor.slug), standing.get(vendor.slug, Line()), now=now) for vendor in VENDORS]
    context = {
        "heading": _("Integrations"),
        "cards": sorted(cards, key=lambda card: not card.is_known),
        "flow_steps": FLOW_STEPS,
        "flow_triggers": FLOW_TRIGGERS,
    }
    return show(request, "dashboard/integrations/list.html", context)
