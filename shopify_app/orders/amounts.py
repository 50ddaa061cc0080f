"""Amounts in Shopify's payloads: decimal text, and bags that hold them in the shop's and the buyer's currency. Pure.

Only the shop's currency is ever read: points are for what the shop sold, whatever the buyer's card was charged in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from loyalty.money import exponent

Payload = Mapping[str, Any]


class Unreadable(ValueError):
    """A payload that is not of Shopify's shape."""


def minor(text: Any, currency: str) -> int:
    """Returns an amount (text or number; None is nothing) in the smallest unit of `currency`.

    Raises:
        Unreadable: It is no amount.
    """
    if text in (None, ""):
        return 0
    try:
        amount = Decimal(str(text))
        return int(amount.scaleb(exponent(currency)).to_integral_value(rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError):
        raise Unreadable(f"not an amount: {text!r}") from None


def in_shop_money(holder: Payload, name: str, currency: str) -> int:
    """Returns `<name>_set.shop_money` of a payload in the smallest unit; without a bag the plain `<name>`."""
    bag = holder.get(f"{name}_set")
    shop_money = bag.get("shop_money") if isinstance(bag, Mapping) else None
    if isinstance(shop_money, Mapping):
        return minor(shop_money.get("amount"), currency)
    return minor(holder.get(name), currency)


def summed(holders: Iterable[Payload], name: str, currency: str) -> int:
    """Returns the sum of `in_shop_money` over several payloads."""
    return sum(in_shop_money(each, name, currency) for each in holders)


def several(holder: Payload, name: str) -> list[Payload]:
    """Returns the objects listed under `name`; an absent or null list is empty."""
    found = holder.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def number(value: Any) -> int | None:
    """Returns a numeric id, given as a number or as digits; anything else is None."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
