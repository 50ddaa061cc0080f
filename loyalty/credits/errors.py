"""What taking store credit refuses."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from loyalty.errors import Refusal
from loyalty.money import text, to_minor


class NotEnoughCredit(Refusal):
    """The customer has less store credit than was to be taken."""

    code = "insufficient_credit"

    def __init__(self, *, asked: Decimal, balance: Decimal, currency: str) -> None:
        has, wanted = (text(to_minor(amount, currency), currency) for amount in (balance, asked))
        super().__init__(
            _("The customer has %(has)s %(currency)s of store credit, and %(wanted)s %(currency)s were to be removed")
            % {"has": has, "currency": currency, "wanted": wanted},
            balance=has,
        )


class CreditNotTaken(Refusal):
    """The shop refuses."""

    code = "credit_refused"

    def __init__(self, why: str) -> None:
        super().__init__(_("Shopify did not remove the store credit: %(why)s") % {"why": why})


class CreditUnclear(Refusal):
    """Only a person can tell whether it was taken."""

    code = "credit_unclear"

    def __init__(self) -> None:
        super().__init__(
            _("It is not certain whether the store credit was removed: look at the customer's store credit in Shopify")
        )


class ShopBusy(Refusal):
    """Not known yet, or not to be had now: nothing more has happened, and a retry tells."""

    code = "try_again"

    def __init__(self) -> None:
        super().__init__(_("Shopify has not confirmed it yet; try again"))
