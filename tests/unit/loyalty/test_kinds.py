"""What the kinds of rules declare, and what a review earns."""

from datetime import date
from decimal import Decimal

import pytest

from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.birthday import days_celebrated
from loyalty.earning.kinds.fields import Choice, Ids, Switch, WholeNumber, Words, clean_options, value_of
from loyalty.earning.kinds.review import Review
from loyalty.errors import InvalidField

FIELDS = (
    WholeNumber("most", "Most", default=5, lowest=1, highest=10),
    Switch("wide", "Wide", default=False),
    Choice("when", "When", default="paid", choices=(("paid", "Paid"), ("fulfilled", "Fulfilled"))),
    Ids("products", "Products", default=[]),
    Words("tags", "Tags", default=[]),
)


class TestOptions:
    def test_are_stored_without_what_is_the_default_anyway(self):
        given = {"most": "5", "wide": False, "when": "fulfilled", "products": "", "tags": " a, b ,a"}
        assert clean_options(FIELDS, given) == {"when": "fulfilled", "tags": ["a", "b"]}

    def test_take_ids_as_numbers_or_gids(self):
        given = {"products": "gid://shopify/Product/12, 7 12"}
        assert clean_options(FIELDS, given) == {"products": [7, 12]}

    @pytest.mark.parametrize(
        "given",
        [
            {"most": 0},
            {"most": 11},
            {"most": "x"},
            {"wide": "yes"},
            {"when": "never"},
            {"products": "abc"},
            {"other": 1},
        ],
        ids=str,
    )
    def test_are_refused_by_the_name_of_the_field(self, given):
        with pytest.raises(InvalidField) as refused:
            clean_options(FIELDS, given)
        assert refused.value.field == next(iter(given))

    def test_mean_the_default_when_they_say_nothing(self):
        assert value_of(FIELDS, {}, "most") == 5
        assert value_of(FIELDS, {"most": 7}, "most") == 7


class TestEveryKind:
    def test_has_defaults_that_its_own_fields_accept(self):
        for kind in KINDS.values():
            assert clean_options(kind.fields, {field.name: field.default for field in kind.fields}) == {}, kind.action


class TestAReview:
    @pytest.mark.parametrize(
        ("options", "review", "base"),
        [
            ({}, Review("OKENDO"), 50),
            ({"photo_points": 80}, Review("OKENDO", photos=2), 80),
            ({"photo_points": 80}, Review("OKENDO", videos=2), 50),
            ({"video_points": 30}, Review("OKENDO", videos=1), 30),
            ({"photo_points": 80, "video_points": 120}, Review("OKENDO", photos=1, videos=1), 120),
            ({"photo_points": 80, "video_points": 60}, Review("OKENDO", photos=1, videos=1), 80),
            ({"platforms": ["okendo"]}, Review("OKENDO"), 50),
            ({"platforms": ["REVIEWS_IO"]}, Review("OKENDO"), 0),
        ],
        ids=str,
    )
    def test_earns_by_photo_video_and_platform(self, options, review, base):
        (part,) = KINDS["review"].parts(50, options, review)
        assert part.base == Decimal(base)


class TestABirthday:
    @pytest.mark.parametrize(
        ("day", "born"),
        [
            (date(2026, 2, 28), [(2, 28), (2, 29)]),
            (date(2028, 2, 28), [(2, 28)]),
            (date(2028, 2, 29), [(2, 29)]),
            (date(2100, 2, 28), [(2, 28), (2, 29)]),
            (date(2026, 3, 1), [(3, 1)]),
        ],
        ids=str,
    )
    def test_on_29_february_is_kept_on_the_28th_in_other_years(self, day, born):
        assert days_celebrated(day) == born
