"""Store credit: one call that is never repeated on its own, and a look at the account (shopify.md 7.1, 7.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from loyalty.rewards.ports import Credited, CreditRefused, CreditTerms, CreditUnknown, IssuerUnavailable, Shown
from shopify_app.admin_api.client import Answer, result_of
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import (
    AdminApiError,
    NothingSent,
    Refused,
    ShopUnavailable,
    UnknownOutcome,
    UserErrors,
)
from shopify_app.shops.connection import call
from shopify_app.shops.queries import shop_of

READ_SECONDS = 5.0  # a customer waits
LATEST = 20  # transactions of each account that are looked at


class ShopifyStoreCredit:
    """Implements `loyalty.rewards.ports.StoreCredit`."""

    def credits(self, terms: CreditTerms) -> Shown:
        """The latest credits on the customer's account in this currency; see the port."""
        return _shown(terms, credited)

    def debits(self, terms: CreditTerms) -> Shown:
        """The latest debits of the customer's account in this currency; see the port."""
        return _shown(terms, debited)

    def balance(self, *, shopify_domain: str, shopify_customer_id: int, currency: str) -> Decimal | None:
        """What is on the customer's account; see the port."""
        shop = shop_of(shopify_domain)
        if shop is None:
            return None
        try:
            answer = call(
                shop, "StoreCreditBalance", {"id": customer_gid(shopify_customer_id)}, read_seconds=READ_SECONDS
            )
        except AdminApiError:
            return None
        accounts = ((answer.data.get("customer") or {}).get("storeCreditAccounts") or {}).get("nodes")
        if accounts is None:
            return None
        held = (each["balance"] for each in accounts)
        return sum((Decimal(each["amount"]) for each in held if each["currencyCode"] == currency), Decimal(0))

    def give(self, terms: CreditTerms) -> str:
        """Give the credit; see the port."""
        return _move(terms, "CreditStoreCredit", "storeCreditAccountCredit", {"credit": credit_input(terms)})

    def take(self, terms: CreditTerms) -> str:
        """Take credit away; see the port."""
        return _move(terms, "DebitStoreCredit", "storeCreditAccountDebit", {"debit": {"debitAmount": _money(terms)}})


def _shown(terms: CreditTerms, read: Callable[[Mapping[str, Any]], Credited | None]) -> Shown:
    variables = {"id": customer_gid(terms.shopify_customer_id), "latest": LATEST}
    try:
        data = _call(terms, "FindStoreCredit", variables, None).data
    except AdminApiError as failure:
        raise IssuerUnavailable(str(failure)) from failure
    if "customer" not in data:
        raise IssuerUnavailable("Shopify's answer does not say what is on the account")
    accounts = ((data["customer"] or {}).get("storeCreditAccounts") or {}).get("nodes") or []
    pages = [account["transactions"]["nodes"] for account in accounts]
    found = [credit for page in pages for each in page if (credit := read(each))]
    ours = [credit for credit in found if credit.currency == terms.currency]
    return Shown(ours, is_everything=all(len(page) < LATEST for page in pages))


def _move(terms: CreditTerms, document: str, field: str, change: Mapping[str, Any]) -> str:
    """Sends the one call, within the deadline, and returns the transaction's id."""
    deadline = Deadline.after((terms.deadline_at - timezone.now()).total_seconds())
    variables = {"id": customer_gid(terms.shopify_customer_id), **change}
    try:
        payload = result_of(_call(terms, document, variables, deadline), field)
        return str(payload["storeCreditAccountTransaction"]["id"])
    except UserErrors as refusal:
        raise CreditRefused(str(refusal)) from refusal
    except UnknownOutcome as unknown:
        raise CreditUnknown(str(unknown)) from unknown
    except (NothingSent, ShopUnavailable) as failure:
        raise IssuerUnavailable(str(failure)) from failure
    except Refused as refusal:
        raise CreditRefused(str(refusal)) from refusal


def customer_gid(shopify_customer_id: int) -> str:
    """A customer's global id: Shopify opens the account at the first credit."""
    return f"gid://shopify/Customer/{shopify_customer_id}"


def credit_input(terms: CreditTerms) -> dict[str, Any]:
    """What `storeCreditAccountCredit` takes. Shopify tells nobody: the programme's own messages do."""
    return {
        "creditAmount": _money(terms),
        "expiresAt": terms.expires_at.isoformat() if terms.expires_at else None,
        "notify": False,
    }


def credited(shown: Mapping[str, Any]) -> Credited | None:
    """One transaction of an account as a credit by an app or staff; None for any other."""
    if not _is(shown, "StoreCreditAccountCreditTransaction"):
        return None
    ends = shown.get("expiresAt")
    return _read(shown, datetime.fromisoformat(ends.replace("Z", "+00:00")) if ends else None)


def debited(shown: Mapping[str, Any]) -> Credited | None:
    """One transaction of an account as a debit by an app or staff, its amount above 0; None for any other."""
    return _read(shown, None) if _is(shown, "StoreCreditAccountDebitTransaction") else None


def _is(shown: Mapping[str, Any], kind: str) -> bool:
    """Whether a transaction may be ours: what a customer spends, or is refunded, may be of the very amount."""
    return shown.get("__typename") == kind and shown.get("event") == "ADJUSTMENT"


def _read(shown: Mapping[str, Any], expires_at: datetime | None) -> Credited:
    return Credited(
        reference=str(shown["id"]),
        amount=abs(Decimal(str(shown["amount"]["amount"]))),
        currency=str(shown["amount"]["currencyCode"]),
        expires_at=expires_at,
    )


def _money(terms: CreditTerms) -> dict[str, str]:
    return {"amount": format(terms.amount.normalize(), "f"), "currencyCode": terms.currency}


def _call(terms: CreditTerms, document: str, variables: Mapping[str, Any], deadline: Deadline | None) -> Answer:
    shop = shop_of(terms.shopify_domain)
    if shop is None:
        raise NothingSent(f"{terms.shopify_domain} is not connected")
    return call(shop, document, variables, read_seconds=READ_SECONDS, deadline=deadline)
