"""What rewards needs of the shop, declared here and implemented above.

Settings: `ENCORE_DISCOUNT_ISSUER`, `ENCORE_STORE_CREDIT`, `ENCORE_STOCK`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """A code to be made, used once.

    Attributes:
        reference: The redemption's public id; the discount carries it, so that it is known as ours.
        code: Chosen before the first call and the same on every retry.
        title: What staff and customer read.
        discount_type: `fixed_amount`, `percentage`, `free_shipping` or `free_product`.
        amount: Money in the shop's currency, or percent (0–100); None for the other kinds.
        minimum_spend: Smallest subtotal, in the shop's currency; None is any.
        shopify_customer_id: The only customer who may use it; None is whoever has the code.
        ends_at: When the code stops working; None is never.
        deadline_at: When the purchase is given up: past it no request to make the code may leave.
        maximum_shipping: Of free shipping: the dearest rate that becomes free; None is any.
        countries, rest_of_world: Of free shipping: where to, by ISO code, and whether also to countries that the shop's
            shipping zones don't name; no country is everywhere.
        variant_gids: Of a free product: the variants the code is limited to.
        quantity: Of a free product: how many become free beside what is bought of `applies_to`; None is every unit.
        applies_to, applies_to_gids: `all`, or `products` or `collections` and which.
        combines_with: Which other discounts it may be used with: any of `product`, `order`, `shipping`.
        purchase_type: `one_time`, `subscription` or `both`.
    """

    shopify_domain: str
    reference: str
    code: str
    title: str
    discount_type: str
    amount: Decimal | None
    minimum_spend: Decimal | None
    shopify_customer_id: int | None
    starts_at: datetime
    ends_at: datetime | None
    deadline_at: datetime
    maximum_shipping: Decimal | None = None
    countries: tuple[str, ...] = ()
    rest_of_world: bool = False
    variant_gids: tuple[str, ...] = ()
    quantity: int | None = None
    applies_to: str = "all"
    applies_to_gids: tuple[str, ...] = ()
    combines_with: frozenset[str] = frozenset()
    purchase_type: str = "one_time"


class DiscountRefused(Exception):
    """The shop will never make this code; the text says why."""


class CodeTaken(Exception):
    """The code belongs to a discount that is not ours: choose another."""


class IssuerUnavailable(Exception):
    """The shop can't be reached or asks for patience; whether the code exists is not known unless a lookup says so."""


class DiscountIssuer(Protocol):
    """Makes and removes discount codes in the shop."""

    def create(self, terms: DiscountTerms) -> str:
        """Makes the code and returns the discount's gid. A code that is ours already counts as made.

        An answer that was lost is looked up by code, never guessed.

        Raises:
            DiscountRefused: For good.
            CodeTaken: By somebody else's discount.
            IssuerUnavailable: Try again, or it is too late.
        """

    def delete(self, *, shopify_domain: str, code: str, reference: str) -> None:
        """Makes sure that no working code of ours exists; a discount that is not ours is left alone.

        Raises:
            IssuerUnavailable: Not confirmed; try again.
        """

    def uses_left(self, *, shopify_domain: str, code: str, reference: str) -> int | None:
        """Returns how often our code may still be used, as the shop counts; None when no code of ours exists.

        Raises:
            IssuerUnavailable: Not known; try again.
        """


def discount_issuer() -> DiscountIssuer:
    """Returns the implementation named in the settings."""
    return cast(DiscountIssuer, import_string(settings.ENCORE_DISCOUNT_ISSUER)())


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """Store credit for one customer: money in the shop's currency, and when it ends (None is never).

    `deadline_at`: past it no request to give the credit may leave.
    """

    shopify_domain: str
    shopify_customer_id: int
    amount: Decimal
    currency: str
    expires_at: datetime | None
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class Credited:
    """A credit on a customer's account, or a debit of it, by whomever; `reference` is the shop's own id of it."""

    reference: str
    amount: Decimal
    currency: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The latest credits on an account, or debits of it, newest first; `is_everything`: nothing older was left out."""

    credits: list[Credited]
    is_everything: bool


class CreditRefused(Exception):
    """The shop will never give this credit; the text says why."""


class CreditUnknown(Exception):
    """Sent, and no usable answer: the credit may have been given."""


class StoreCredit(Protocol):
    """Gives store credit. The shop has no key for it, so a call whose outcome is unknown is never simply repeated."""

    def credits(self, terms: CreditTerms) -> Shown:
        """Returns the latest credits on the customer's account in this currency.

        Raises:
            IssuerUnavailable: Not known; try again.
        """

    def give(self, terms: CreditTerms) -> str:
        """Gives the credit and returns the shop's reference of it.

        Raises:
            CreditRefused: For good; nothing was given.
            IssuerUnavailable: Nothing was sent; try again.
            CreditUnknown: It may have been given: look before anything else.
        """

    def debits(self, terms: CreditTerms) -> Shown:
        """Returns the latest debits of the customer's account in this currency, as amounts above 0.

        Raises:
            IssuerUnavailable: Not known; try again.
        """

    def take(self, terms: CreditTerms) -> str:
        """Takes credit away and returns the shop's reference of it; what is not there is not taken.

        Raises:
            CreditRefused: For good; nothing was taken.
            IssuerUnavailable: Nothing was sent; try again.
            CreditUnknown: It may have been taken: look before anything else.
        """

    def balance(self, *, shopify_domain: str, shopify_customer_id: int, currency: str) -> Decimal | None:
        """Returns what is on the customer's account in a currency; None when the shop does not say."""


def balance_of_store_credit(*, shopify_domain: str, shopify_customer_id: int, currency: str) -> Decimal | None:
    """Returns what a customer has of store credit in a currency; None when the shop does not say."""
    return store_credit().balance(
        shopify_domain=shopify_domain, shopify_customer_id=shopify_customer_id, currency=currency
    )


def store_credit() -> StoreCredit:
    """Returns the implementation named in the settings."""
    return cast(StoreCredit, import_string(settings.ENCORE_STORE_CREDIT)())


class Stock(Protocol):
    """Tells what the shop can sell."""

    def available(self, *, shopify_domain: str, variant_gids: Collection[str]) -> frozenset[str]:
        """Returns those of the product variants that can be bought now; one the shop does not have any more can't.

        Raises:
            ShopUnreachable: The shop did not answer within a few seconds (`loyalty.members.ports`).
        """


def stock() -> Stock:
    """Returns the implementation named in the settings."""
    return cast(Stock, import_string(settings.ENCORE_STOCK)())
