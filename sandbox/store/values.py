"""Spelling of Shopify's values: global ids, instants, amounts."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


def gid(kind: str, number: int | str) -> str:
    """Write a global id: `gid://shopify/Customer/1`."""
    return f"gid://shopify/{kind}/{number}"


def gid_parts(value: str) -> tuple[str, str] | None:
    """Split a global id into type and number; None when it is not one."""
    parts = value.split("/")
    if len(parts) != 5 or value[:14] != "gid://shopify/" or not parts[4].split("?")[0].isdigit():
        return None
    return parts[3], parts[4].split("?")[0]


def instant(moment: datetime) -> str:
    """Write an instant as Shopify does: UTC, whole seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """The clock, read in this one place."""
    return datetime.now(UTC)


def parsed_instant(text: str) -> datetime:
    """Read an ISO 8601 instant; one without a zone counts as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def amount(value: Decimal | str | float) -> str:
    """Write an amount as Shopify does: no padding, but always one decimal place (`5.0`, `12.5`, `0.01`)."""
    text = f"{Decimal(str(value)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if "." in text else f"{text}.0"


def money(value: Decimal | str | float, currency: str) -> dict[str, Any]:
    """Give a MoneyV2."""
    return {"amount": amount(value), "currencyCode": currency}
