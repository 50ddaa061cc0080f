"""Fields of the wire: strict on the way in, exact on the way out."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from rest_framework import serializers

from loyalty.api.v1.fields import CustomerIdentifier, Day, Text, WholeNumber, YesNo, checked, number
from loyalty.errors import InvalidField
from loyalty.instants import instant


class Everything(serializers.Serializer):
    """One field of each kind."""

    count = WholeNumber(required=False, low=-1000, high=1000, nonzero=True)
    text = Text(required=False, allow_null=True, max_length=5)
    yes = YesNo(required=False)
    day = Day(required=False, allow_null=True)
    who = CustomerIdentifier(required=False)


def read(**fields):
    return checked(Everything(data=fields))


class TestWhatIsTaken:
    @pytest.mark.parametrize(
        ("field", "sent", "read_as"),
        [
            ("count", 5, 5), ("count", -1000, -1000), ("count", 1.0, 1), ("text", "abcde", "abcde"), ("text", None, None),
            ("text", " a ", " a "), ("yes", True, True), ("yes", False, False), ("day", None, None),
            ("day", "1990-05-15", date(1990, 5, 15)), ("day", "1990-05-15T23:30:00", date(1990, 5, 15)),
            ("day", "1990-05-15T23:30:00-02:00", date(1990, 5, 16)), ("day", "1990-05-15T00:00:00.000Z", date(1990, 5, 15)),
            ("who", 7001, "7001"), ("who", " ada@example.com ", "ada@example.com"),
            ("who", "gid://shopify/Customer/1", "gid://shopify/Customer/1"),
        ],
    )  # fmt: skip
    def test_means_what_it_says(self, field, sent, read_as):
        assert read(**{field: sent}) == {field: read_as}

    def test_may_be_left_out_where_it_is_optional(self):
        assert read(unknown=1) == {}


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("field", "sent"),
        [
            ("count", 0), ("count", 0.0), ("count", "5"), ("count", True), ("count", 1.5), ("count", None), ("count", 1001),
            ("count", -1001), ("count", []), ("count", float("inf")), ("count", float("-inf")), ("count", float("nan")),
            ("count", 10**40), ("text", 5), ("text", ""), ("text", "  "), ("text", "abcdef"), ("text", ["a"]),
            ("yes", "true"), ("yes", 1), ("yes", None), ("day", "15.05.1990"), ("day", "1990-02-30"), ("day", 19900515),
            ("day", "9999-12-31T23:59:59-23:59"), ("day", "x" * 50), ("who", True), ("who", ""), ("who", " "),
            ("who", 1.5), ("who", None), ("who", {"id": 1}), ("who", "x" * 321),
        ],
    )  # fmt: skip
    def test_is_named_in_a_sentence(self, field, sent):
        with pytest.raises(InvalidField) as refusal:
            read(**{field: sent})
        assert refusal.value.field == field
        assert refusal.value.sentence.startswith(f"{field} must ")


class TestWhatIsWritten:
    @pytest.mark.parametrize(
        ("moment", "written"),
        [
            (datetime(2024, 6, 1, 12, tzinfo=UTC), "2024-06-01T12:00:00.000Z"),
            (datetime(2024, 6, 1, 12, 0, 0, 999_999, tzinfo=UTC), "2024-06-01T12:00:00.999Z"),
            (datetime(2024, 6, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2024-05-31T23:00:00.000Z"),
        ],
    )
    def test_is_utc_with_three_decimals(self, moment, written):
        assert instant(moment) == written

    def test_is_a_json_number_whole_where_it_is_whole(self):
        assert (number(Decimal("1.500")), number(Decimal("5.000"))) == (1.5, 5)
        assert isinstance(number(Decimal("5.000")), int)
