"""What a topic's file is given, and how it says that there was nothing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.programs.models import Program
from shopify_app.shops.models import Shop
from shopify_app.shops.queries import shop_of


class Ignored(Exception):
    """There is nothing to do; the text says why and is kept with the row."""


@dataclass(frozen=True)
class Delivery:
    """One stored webhook. `triggered_at` is when it happened in the shop."""

    webhook_id: str
    shop_domain: str
    triggered_at: datetime
    payload: dict[str, Any]

    def shop(self) -> Shop:
        """Its shop, installed or not.

        Raises:
            Ignored: Encore never knew the shop.
        """
        found = shop_of(self.shop_domain)
        if found is None:
            raise Ignored("unknown shop")
        return found

    def program(self) -> Program:
        """Its programme.

        Raises:
            Ignored: Encore never knew the shop.
        """
        return self.shop().program

    def customer_id(self) -> int:
        """The numeric id of the customer a compliance request is about.

        Raises:
            Ignored: the payload names none.
        """
        customer = self.payload.get("customer")
        found = customer.get("id") if isinstance(customer, dict) else None
        if isinstance(found, bool) or not str(found).isdecimal():
            raise Ignored("no customer")
        return int(str(found))

    def customer_email(self) -> str | None:
        """The address of the customer a compliance request is about; None when the payload has none."""
        customer = self.payload.get("customer")
        found = customer.get("email") if isinstance(customer, dict) else None
        return found if isinstance(found, str) else None
