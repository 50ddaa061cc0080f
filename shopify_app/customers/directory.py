"""Looks customers up in the shop, live: names and addresses are the shop's, not ours to keep in step by copying."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from loyalty.members.ports import Customer
from shopify_app.shops.asking import ask_for

READ_SECONDS = 5.0  # an API caller waits


class ShopifyCustomerDirectory:
    """Implements `loyalty.members.ports.CustomerDirectory`."""

    def find(self, *, shopify_domain: str, shopify_customer_id: int) -> Customer | None:
        """Look one customer up; see the port."""
        variables = {"id": f"gid://shopify/Customer/{shopify_customer_id}"}
        return _ask(shopify_domain, "FindCustomer", variables, "customer")

    def find_by_email(self, *, shopify_domain: str, email: str) -> Customer | None:
        """The customer with this e-mail address, as the shop compares addresses.

        Raises:
            ShopUnreachable: the shop did not answer.
        """
        return _ask(shopify_domain, "FindCustomerByEmail", {"email": email}, "customerByIdentifier")


def _ask(shopify_domain: str, document: str, variables: dict[str, str], field: str) -> Customer | None:
    found = ask_for(shopify_domain, document, variables, field, read_seconds=READ_SECONDS)
    return None if found is None else customer_from(found)


def customer_from(found: dict[str, Any]) -> Customer:
    """A customer from the fields our documents select. Pure."""
    address = found.get("defaultEmailAddress") or {}
    return Customer(
        shopify_customer_id=int(str(found["id"]).rpartition("/")[2]),
        email=address.get("emailAddress"),
        first_name=found.get("firstName"),
        last_name=found.get("lastName"),
        created_at=datetime.fromisoformat(found["createdAt"]),
        tags=tuple(found.get("tags") or ()),
        locale=found.get("locale") or "",
    )
