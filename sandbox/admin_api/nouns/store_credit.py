"""Store credit: one account per customer and currency, credits and debits."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.admin_api.connections import connection
from sandbox.admin_api.context import Context, Info, user_error
from sandbox.store.database import Record
from sandbox.store.values import gid, gid_parts, instant, money

MOST = Decimal(15000)  # Shopify's limit for one account is 15,000 US dollars


def owned(context: Context, owner: str) -> dict[str, Any]:
    """Give the field a customer has for it."""

    def accounts(info: Info, **page: Any) -> Any:
        context.require_scope("read_store_credit_accounts", "storeCreditAccounts")
        found = [item for item in context.database.list(context.domain, "account") if item["owner"] == owner]
        return connection([account_view(context, item) for item in found], page)

    return {"storeCreditAccounts": accounts}


def account(info: Info, id: str) -> dict[str, Any] | None:
    """`storeCreditAccount(id:)`."""
    context = info.context
    parts = gid_parts(id)
    found = (
        context.database.get(context.domain, "account", parts[1])
        if parts and parts[0] == "StoreCreditAccount"
        else None
    )
    return account_view(context, found) if found else None


def credit(info: Info, id: str, **arguments: Any) -> dict[str, Any]:
    """`storeCreditAccountCredit` on an account or on a customer, whose account is opened at the first credit."""
    given = arguments["creditInput"]
    return _move(info.context, id, given["creditAmount"], "creditInput", expires=given.get("expiresAt"))


def debit(info: Info, id: str, **arguments: Any) -> dict[str, Any]:
    """`storeCreditAccountDebit`: never below zero."""
    return _move(info.context, id, arguments["debitInput"]["debitAmount"], "debitInput")


def _move(
    context: Context, identity: str, given: Record, root: str, *, expires: datetime | None = None
) -> dict[str, Any]:
    amount, currency, is_credit = Decimal(given["amount"]), given["currencyCode"], root == "creditInput"
    name = "creditAmount" if is_credit else "debitAmount"
    place = [root, name, "amount"]

    def refused(field: list[str], message: str, code: str) -> dict[str, Any]:
        return {"storeCreditAccountTransaction": None, "userErrors": [user_error(field, message, code)]}

    with context.database.transaction():
        found = _account(context, identity, currency)
        if isinstance(found, str):
            return refused(
                ["id"],
                "Owner does not exist" if found == "OWNER_NOT_FOUND" else "Store credit account does not exist",
                found,
            )
        if amount <= 0:
            return refused(place, "A positive amount must be used", "NEGATIVE_OR_ZERO_AMOUNT")
        if (found or {"currency": currency})["currency"] != currency:
            return refused(
                [root, name, "currencyCode"], "The currency does not match the account's", "MISMATCHING_CURRENCY"
            )
        if currency != context.store["currency"]:
            code = "UNSUPPORTED_CURRENCY" if is_credit else "MISMATCHING_CURRENCY"
            return refused([root, name, "currencyCode"], "Currency is not supported", code)
        if expires is not None and expires <= context.now:
            return refused([root, "expiresAt"], "The expiry date must be in the future", "EXPIRES_AT_IN_PAST")
        balance = Decimal(found["balance"]) if found else Decimal(0)
        if is_credit and balance + amount > MOST:
            return refused(place, "The operation would exceed the account's limit", "CREDIT_LIMIT_EXCEEDED")
        if not is_credit and found is None:
            return refused(["id"], "Store credit account does not exist", "ACCOUNT_NOT_FOUND")
        if not is_credit and balance < amount:
            return refused(place, "The store credit account does not have sufficient funds", "INSUFFICIENT_FUNDS")
        entry = _record(
            context, found or _opened(context, identity, currency), amount if is_credit else -amount, expires
        )
    return {"storeCreditAccountTransaction": transaction_view(context, entry), "userErrors": []}


def _account(context: Context, identity: str, currency: str) -> Record | str | None:
    """Find the account; None when the customer has none yet; a code when there is no such account or owner."""
    parts = gid_parts(identity)
    if parts and parts[0] == "Customer":
        if context.database.get(context.domain, "customer", parts[1]) is None:
            return "OWNER_NOT_FOUND"
        accounts = context.database.list(context.domain, "account")
        return next((item for item in accounts if item["owner"] == identity and item["currency"] == currency), None)
    found = (
        context.database.get(context.domain, "account", parts[1])
        if parts and parts[0] == "StoreCreditAccount"
        else None
    )
    return found or "ACCOUNT_NOT_FOUND"


def _opened(context: Context, owner: str, currency: str) -> Record:
    number = str(context.database.next_number("account"))
    body = {"id": number, "owner": owner, "currency": currency, "balance": "0"}
    return context.database.put(context.domain, "account", number, body)


def _record(context: Context, account: Record, amount: Decimal, expires: datetime | None) -> Record:
    balance = Decimal(account["balance"]) + amount
    context.database.put(context.domain, "account", account["id"], {**account, "balance": str(balance)})
    number = str(context.database.next_number("credit"))
    entry = {
        "id": number,
        "account": account["id"],
        "amount": str(amount),
        "balance_after": str(balance),
        "expires_at": instant(expires) if expires else None,
        "created_at": instant(context.now),
    }
    return context.database.put(context.domain, "credit", number, entry)


def account_view(context: Context, record: Record) -> dict[str, Any]:
    """Shape an account as GraphQL shows it."""

    def owner(info: Info) -> Any:
        from sandbox.admin_api.nouns import customers  # a customer shows his accounts, which show their owner

        return customers.by_gid(context, record["owner"])

    def transactions(info: Info, **page: Any) -> Any:
        context.require_scope("read_store_credit_account_transactions", "transactions")
        found = [item for item in context.database.list(context.domain, "credit") if item["account"] == record["id"]]
        return connection([transaction_view(context, item) for item in found], page)

    return {
        "__typename": "StoreCreditAccount",
        "id": gid("StoreCreditAccount", record["id"]),
        "balance": money(record["balance"], record["currency"]),
        "owner": owner,
        "transactions": transactions,
    }


def transaction_view(context: Context, record: Record) -> dict[str, Any]:
    """Shape a transaction as GraphQL shows it; a debit's amount is negative."""
    account = context.database.get(context.domain, "account", record["account"]) or {}
    kind = "Debit" if record["amount"].startswith("-") else "Credit"
    return {
        "__typename": f"StoreCreditAccount{kind}Transaction",
        "id": gid(f"StoreCreditAccount{kind}Transaction", record["id"]),
        "account": lambda info: account_view(context, account),
        "amount": money(record["amount"], account["currency"]),
        "balanceAfterTransaction": money(record["balance_after"], account["currency"]),
        "remainingAmount": money(record["amount"], account["currency"]),
        "createdAt": record["created_at"],
        "expiresAt": record["expires_at"],
        "event": "ADJUSTMENT",
        "origin": None,
    }
