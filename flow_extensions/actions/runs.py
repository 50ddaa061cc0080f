"""A Flow action run as Shopify sends it, read with care: pure.

Source: shopify.dev, Flow action endpoints. Values may come as text even for numbers; a reference comes as
`<object>_id` with a numeric string; `step_reference` stands at the top or among the properties and is never needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flow_extensions.bodies import UnreadableBody, is_storable, opened

MAX_RUN_ID = 255
MAX_NUMBER = 1_000_000_000
MOST_MONEY = 1_000_000
_GID = re.compile(r"(?:gid://shopify/[A-Za-z]+/)?([0-9]{1,18})")


class BadProperty(Exception):
    """A field of the step is missing or wrong; the text is a sentence the merchant can act on."""


@dataclass(frozen=True, slots=True)
class Run:
    """One delivery of one run of one step. `id` is the same on every delivery of the run."""

    id: str
    handle: str
    shop_domain: str
    properties: Mapping[str, Any]

    def text(self, key: str, *, label: str, required: bool = True, longest: int = 255) -> str:
        """Returns a text field, trimmed, under any spelling of its key; empty when optional and absent.

        Raises:
            BadProperty: It is required and missing, or too long.
        """
        value = self._value(key)
        if isinstance(value, bool | dict | list):
            raise BadProperty(f"{label} must be text.")
        text = "" if value is None else str(value).strip()
        if not is_storable(text) or len(text) > longest:
            raise BadProperty(f"{label} must be at most {longest} ordinary characters.")
        if required and not text:
            raise BadProperty(f"{label} is missing: fill it in the workflow step.")
        return text

    def whole(self, key: str, *, label: str, required: bool = True, lowest: int = 0) -> int | None:
        """Returns a whole number that came as a number or as text; None when optional and absent.

        Raises:
            BadProperty: It is required and missing, no whole number, or out of range.
        """
        text = self.text(key, label=label, required=required, longest=40)
        if not text:
            return None
        number = decimal_of(text)
        if number is None or number != number.to_integral_value():
            raise BadProperty(f"{label} must be a whole number, not '{text}'.")
        if not lowest <= number <= MAX_NUMBER:
            raise BadProperty(f"{label} must be from {lowest:,} to {MAX_NUMBER:,}.")
        return int(number)

    def points(self, key: str, *, label: str, required: bool = True) -> int | None:
        """Returns a number of points, 1 or more; see `whole`.

        Raises:
            BadProperty: It is required and missing, no whole number, or out of range.
        """
        return self.whole(key, label=label, required=required, lowest=1)

    def amount(self, key: str, *, label: str) -> Decimal:
        """Returns an amount of money above 0, in the shop's currency.

        Raises:
            BadProperty: It is missing, no number, or out of range.
        """
        text = self.text(key, label=label, longest=40)
        number = decimal_of(text)
        if number is None:
            raise BadProperty(f"{label} must be an amount, such as 5.00, not '{text}'.")
        if not 0 < number <= MOST_MONEY:
            raise BadProperty(f"{label} must be above 0 and at most {MOST_MONEY:,}.")
        return number

    def yes(self, key: str, *, label: str, required: bool = False) -> bool:
        """Returns whether a text field says `true`; blank is no.

        Raises:
            BadProperty: It says anything but true or false.
        """
        said = self.text(key, label=label, required=required).casefold()
        if said not in ("", "true", "false"):
            raise BadProperty(f"{label} must be true or false, not '{said}'.")
        return said == "true"

    def customer_id(self) -> int:
        """Returns the Shopify customer id of the step's customer reference.

        Raises:
            BadProperty: It is missing, or not a Shopify id.
        """
        value = self._value("customer_id")
        value = self._value("customer_reference") if value in (None, "") else value
        if value in (None, ""):
            raise BadProperty("The customer is missing: choose a trigger that has a customer.")
        found = (
            _GID.fullmatch(str(value).strip()) if isinstance(value, str | int) and not isinstance(value, bool) else None
        )
        if found is None:
            raise BadProperty("The customer is not a Shopify customer.")
        return int(found[1])

    def _value(self, key: str) -> Any:
        wanted = _spelling(key)
        for name, value in self.properties.items():
            if _spelling(name) == wanted:
                return value
        return None


def decimal_of(text: str) -> Decimal | None:
    """Returns the finite number that a text is, or None."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _spelling(key: str) -> str:
    """Returns a key as kebab, camel and snake case all spell it."""
    return re.sub(r"[-_\s]", "", key).lower()


def read(raw_body: bytes, *, handle: str) -> Run:
    """Reads a signed body.

    Raises:
        UnreadableBody: It is not JSON, not an object, or names no shop or no run.
    """
    body, shop = opened(raw_body)
    run_id = body.get("action_run_id")
    run_id = str(run_id).strip() if isinstance(run_id, str | int) and not isinstance(run_id, bool) else ""
    if not run_id or len(run_id) > MAX_RUN_ID or not is_storable(run_id):
        raise UnreadableBody("The request has no usable action_run_id.")
    if body.get("handle") not in (None, "", handle):
        raise UnreadableBody(f"The request is for another action than '{handle}'.")
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise UnreadableBody("The request has no properties.")
    return Run(id=run_id, handle=handle, shop_domain=shop, properties=properties)
