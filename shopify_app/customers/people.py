"""Who people are, for referrals: read live, compared, and not kept."""

from __future__ import annotations

from typing import Any

from loyalty.referrals.ports import Person
from shopify_app.shops.asking import ask_for

READ_SECONDS = 5.0  # a friend waits for the page


class ShopifyPeople:
    """Implements `loyalty.referrals.ports.People`."""

    def by_id(self, *, shopify_domain: str, shopify_customer_id: int) -> Person | None:
        """The customer of an id; see the port."""
        return _ask(shopify_domain, "FindPerson", {"id": f"gid://shopify/Customer/{shopify_customer_id}"}, "customer")

    def by_email(self, *, shopify_domain: str, email: str) -> Person | None:
        """The customer of an address; see the port."""
        return _ask(shopify_domain, "FindPersonByEmail", {"email": email}, "customerByIdentifier")


def _ask(shopify_domain: str, document: str, variables: dict[str, str], field: str) -> Person | None:
    found = ask_for(shopify_domain, document, variables, field, read_seconds=READ_SECONDS)
    return None if found is None else person_from(found)


def person_from(found: dict[str, Any]) -> Person:
    """A person from the fields our documents select. Pure."""
    address = found.get("defaultAddress") or {}
    return Person(
        shopify_customer_id=int(str(found["id"]).rpartition("/")[2]),
        email=(found.get("defaultEmailAddress") or {}).get("emailAddress"),
        phone=(found.get("defaultPhoneNumber") or {}).get("phoneNumber"),
        orders=int(found.get("numberOfOrders") or 0),
        street=address.get("address1"),
        postcode=address.get("zip"),
        country=address.get("countryCodeV2"),
    )
