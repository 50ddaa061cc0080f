"""What a shop says of itself and of our installation there, and what is taken over from it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.members.ports import ShopUnreachable
from loyalty.programs.models import Program
from shopify_app.admin_api.errors import AdminApiError
from shopify_app.shops.connection import call
from shopify_app.shops.models import Shop

READ_SECONDS = 10.0  # nobody waits


def follow_details(*, shop: Shop, now: datetime) -> bool:
    """Reads the shop as it is now; name, address, time zone, currency and granted scopes follow.

    What was recorded before keeps its own currency and instants.

    Returns:
        Whether the programme has changed.

    Raises:
        ShopUnreachable: The shop did not answer; nothing has changed.
    """
    try:
        answer = call(shop, "ShopDetails", {}, read_seconds=READ_SECONDS).data
        told, scopes = answer["shop"], answer["currentAppInstallation"]["accessScopes"]
    except (AdminApiError, KeyError, TypeError) as failure:
        raise ShopUnreachable from failure
    address = told.get("primaryDomain") or {}
    wanted = {
        "name": str(told["name"])[:200],
        "currency": str(told["currencyCode"]),
        "time_zone": str(told["ianaTimezone"]),
        "storefront_url": str(address.get("url") or ""),
    }
    with transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(scopes=",".join(sorted(each["handle"] for each in scopes)))
        program = Program.objects.select_for_update().get(pk=shop.program_id)
        changed = [name for name, value in wanted.items() if getattr(program, name) != value]
        for name in changed:
            setattr(program, name, wanted[name])
        if changed:
            program.updated_at = now
            program.save(update_fields=[*changed, "updated_at"])
    return bool(changed)
