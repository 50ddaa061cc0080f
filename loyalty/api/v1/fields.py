"""Fields of the wire: strict on the way in, exact on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from loyalty.errors import InvalidField
from loyalty.instants import instant

_MESSAGES = {"required": "is required", "null": "must not be null"}


class Text(serializers.CharField):
    """A JSON string; a number is no text."""

    default_error_messages = {
        **_MESSAGES,
        "invalid": "must be a string",
        "blank": "must not be empty",
        "max_length": "must be at most {max_length} characters",
    }

    def to_internal_value(self, data: Any) -> str:
        """Returns the text as sent."""
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class WholeNumber(serializers.Field[Any, Any, Any, Any]):
    """A JSON integer; `1.0` counts as 1, text and booleans do not."""

    default_error_messages = {**_MESSAGES, "invalid": "must be an integer", "range": "must be between {low} and {high}"}

    def __init__(self, *, low: int, high: int, nonzero: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high, self.nonzero = low, high, nonzero
        if nonzero:
            self.error_messages["invalid"] = "must be a non-zero integer"

    def to_internal_value(self, data: Any) -> int:
        """Returns the integer."""
        if (
            isinstance(data, bool)
            or not isinstance(data, int | float)
            or data % 1 != 0  # also of infinity, as which 1e999 arrives
            or (self.nonzero and data == 0)
        ):
            self.fail("invalid")
        if not self.low <= data <= self.high:
            self.fail("range", low=self.low, high=self.high)
        return int(data)

    def to_representation(self, value: Any) -> int:
        """Returns the integer."""
        return int(value)


class YesNo(serializers.Field[Any, Any, Any, Any]):
    """A JSON boolean and nothing like it."""

    default_error_messages = {**_MESSAGES, "invalid": "must be true or false"}

    def to_internal_value(self, data: Any) -> bool:
        """Returns the boolean."""
        if not isinstance(data, bool):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> bool:
        """Returns the boolean."""
        return bool(value)


class Day(serializers.Field[Any, Any, Any, Any]):
    """`YYYY-MM-DD` or a full timestamp (without offset it is UTC); out as midnight UTC."""

    default_error_messages = {**_MESSAGES, "invalid": "must be an ISO 8601 date"}

    def to_internal_value(self, data: Any) -> date:
        """Returns the day in UTC."""
        moment = moment_of(data)
        if moment is None:
            self.fail("invalid")
        return moment.date()

    def to_representation(self, value: date) -> str:
        """Returns midnight UTC of the day."""
        return f"{value.isoformat()}T00:00:00.000Z"


class Instant(serializers.Field[Any, Any, Any, Any]):
    """A full timestamp (without offset it is UTC), or a day, which means its first moment in UTC."""

    default_error_messages = {**_MESSAGES, "invalid": "must be an ISO 8601 date or timestamp"}

    def to_internal_value(self, data: Any) -> datetime:
        """Returns the moment in UTC."""
        moment = moment_of(data)
        if moment is None:
            self.fail("invalid")
        return moment

    def to_representation(self, value: datetime) -> str:
        """Returns the moment as every answer writes it."""
        return instant(value)


def moment_of(data: Any) -> datetime | None:
    """Returns the moment that a text of the wire names, in UTC; None when it names none."""
    if not isinstance(data, str) or len(data) > 40:
        return None
    try:
        moment = datetime.fromisoformat(data)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class CustomerIdentifier(serializers.Field[Any, Any, Any, Any]):
    """A Shopify customer id (text or integer), an e-mail address, or a customer gid."""

    default_error_messages = {**_MESSAGES, "invalid": "must be a Shopify customer id or an email"}

    def to_internal_value(self, data: Any) -> str:
        """Returns the identifier as text."""
        if isinstance(data, bool) or not isinstance(data, str | int) or not str(data).strip() or len(str(data)) > 320:
            self.fail("invalid")
        return str(data).strip()

    def to_representation(self, value: Any) -> str:
        """Returns the identifier as text."""
        return str(value)


class VariantIdentifier(serializers.Field[Any, Any, Any, Any]):
    """A product variant's id (text or integer) or its gid."""

    default_error_messages = {**_MESSAGES, "invalid": "must be a Shopify product variant id"}

    def to_internal_value(self, data: Any) -> str:
        """Returns the identifier as text."""
        if isinstance(data, bool) or not isinstance(data, str | int) or not str(data).strip() or len(str(data)) > 100:
            self.fail("invalid")
        return str(data).strip()

    def to_representation(self, value: Any) -> str:
        """Returns the identifier as text."""
        return str(value)


def number(value: Decimal) -> int | float:
    """Returns an exact decimal as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)


def checked(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """Returns the validated fields of a request.

    Raises:
        InvalidField: The first field that breaks its rule, in a sentence that begins with its name.
    """
    if serializer.is_valid():
        return dict(serializer.validated_data)
    raise _first(serializer.errors)


def checked_by(serializer: serializers.Serializer[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the validated fields of one of many like objects; the serializer is made once for all of them.

    Raises:
        InvalidField: The first field that breaks its rule, in a sentence that begins with its name.
    """
    try:
        return dict(serializer.run_validation(data))
    except serializers.ValidationError as error:
        raise _first(serializers.as_serializer_error(error)) from error


def _first(errors: Mapping[str, Any]) -> InvalidField:
    field, problems = next(iter(errors.items()))
    while isinstance(problems, dict):
        _, problems = next(iter(problems.items()))
    sentence = str(problems[0])
    return InvalidField(field, sentence if field == "non_field_errors" else f"{field} {sentence}")
