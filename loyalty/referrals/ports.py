"""What referrals needs of the shop, declared here and implemented above (settings: `ENCORE_PEOPLE`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from loyalty.referrals.identity import address_key, email_key, phone_key


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as the shop knows them at this moment; read, compared and not kept.

    Attributes:
        orders: How many orders they have placed, as the shop counts.
        street, postcode, country: Of their usual postal address; country is the ISO code.
    """

    shopify_customer_id: int
    email: str | None
    phone: str | None
    orders: int
    street: str | None = None
    postcode: str | None = None
    country: str | None = None

    def is_same_as(self, other: Person) -> bool:
        """Whether both are surely one: the same customer, e-mail address or phone number."""
        phones = phone_key(self.phone), phone_key(other.phone)
        emails = email_key(self.email or ""), email_key(other.email or "")
        same_phone = phones[0] is not None and phones[0] == phones[1]
        same_email = bool(self.email) and emails[0] == emails[1]
        return self.shopify_customer_id == other.shopify_customer_id or same_email or same_phone

    def lives_with(self, other: Person) -> bool:
        """Whether both have the same postal address."""
        mine, theirs = (address_key(each.street, each.postcode, each.country) for each in (self, other))
        return mine is not None and mine == theirs


class People(Protocol):
    """Looks people up in the shop."""

    def by_id(self, *, shopify_domain: str, shopify_customer_id: int) -> Person | None:
        """Returns a customer, or None when the shop knows no such id.

        Raises:
            ShopUnreachable: The shop did not answer within a few seconds.
        """

    def by_email(self, *, shopify_domain: str, email: str) -> Person | None:
        """Returns the customer with this address, as the shop compares addresses, or None.

        Raises:
            ShopUnreachable: The shop did not answer within a few seconds.
        """


def people() -> People:
    """Returns the implementation named in the settings."""
    return cast(People, import_string(settings.ENCORE_PEOPLE)())
