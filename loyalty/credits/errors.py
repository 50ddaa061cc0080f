"""What taking store credit refuses."""

from __future__ import annotations

from decimal import Decimal

from loyalty.errors import Refusal
from loyalty.money import text, to_minor


class NotEnoughCredit(Refusal):
    """The customer has less store credit than was to be taken."""

    code = "insufficient_credit"

    def __init__(self, *, asked: Decimal, balance: Decimal, currency: str) -> None:
        has, wanted = (text(to_minor(amount, currency), currency) for amount in (balance, asked))
        super().__init__(
            f"The customer has {has} {currency} of store credit, and {wanted} {currency} were to be removed",
            balance=has,
        )


class CreditNotTaken(Refusal):
    """The shop refuses."""

    code = "credit_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"Shopify did not remove the store credit: {why}")


class CreditUnclear(Refusal):
    """Only a person can tell whether it was taken."""

    code = "credit_unclear"

    def __init__(self) -> None:
        super().__init__(
            "It is not certain whether the store credit was removed: look at the customer's store credit in Shopify"
        )


class ShopBusy(Refusal):
    """Not known yet, or not to be had now: nothing more has happened, and a retry tells."""

    code = "try_again"

    def __init__(self) -> None:
        super().__init__("Shopify has not confirmed it yet; try again")
