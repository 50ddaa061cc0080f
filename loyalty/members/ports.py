"""What members needs of the shop, declared here and implemented above (settings: `ENCORE_CUSTOMER_DIRECTORY`, `_BOOK`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from loyalty.errors import Refusal


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the shop knows them. `email` is as the shop has it; `created_at` is the account's own time.

    `locale` is the language they read the shop in; empty where it is not known.
    """

    shopify_customer_id: int
    email: str | None
    first_name: str | None
    last_name: str | None
    created_at: datetime
    tags: tuple[str, ...] = ()
    locale: str = ""


class ShopUnreachable(Refusal):
    """The shop could not be asked; nothing has changed, and a retry may succeed."""

    code = "shopify_unavailable"

    def __init__(self) -> None:
        super().__init__(_("Unable to connect to Shopify"))


class CustomerDirectory(Protocol):
    """Looks customers up in the shop."""

    def find(self, *, shopify_domain: str, shopify_customer_id: int) -> Customer | None:
        """Returns the customer, or None when the shop knows no such id.

        Raises:
            ShopUnreachable: The shop did not answer within a few seconds.
        """


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Some of a shop's customers. `cursor` asks for the next ones; None is the end.

    Attributes:
        is_waiting: The shop is still collecting them: ask again in a little while.
    """

    customers: tuple[Customer, ...]
    cursor: str | None
    is_waiting: bool = False


class CustomerBook(Protocol):
    """Tells all customers of a shop, page by page."""

    def read(self, *, shopify_domain: str, asked_by: str, cursor: str, now: datetime) -> CustomerPage:
        """Returns the next customers.

        Args:
            asked_by: A name of who asks, letters and digits: two readings of different names never share their place.
            cursor: What the page before returned; "" at the beginning.

        Raises:
            ShopUnreachable: The shop does not answer now, or will not tell; what was read stands.
        """


def customer_book() -> CustomerBook:
    """Returns the implementation named in the settings."""
    return cast(CustomerBook, import_string(settings.ENCORE_CUSTOMER_BOOK)())


def customer_directory() -> CustomerDirectory:
    """Returns the implementation named in the settings."""
    return cast(CustomerDirectory, import_string(settings.ENCORE_CUSTOMER_DIRECTORY)())
