"""What cells say: figures with separators, days in every order, people, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from loyalty.imports.checking import looks_day_first, read_line

TODAY = date(2026, 11, 28)
MEMBER = {"email": 0, "points": 1, "birthday": 2, "tier": 3, "expires_on": 4, "shopify_customer_id": 5, "lifetime": 6}


def member(*, adds=False, day_first=False, **cells):
    columns = {name: place for place, name in enumerate(cells)}
    return read_line(list(cells.values()), columns, kind="members", day_first=day_first, adds=adds, today=TODAY)


def movement(**cells):
    columns = {name: place for place, name in enumerate(cells)}
    return read_line(list(cells.values()), columns, kind="history", day_first=False, adds=True, today=TODAY)


class TestPoints:
    @pytest.mark.parametrize(
        ("cell", "points"),
        [
            ("1200", 1200), ("1,200", 1200), ("1.200", 1200), ("1 200", 1200), ("1'234'567", 1234567), ("12.00", 12),
            ("1,200.00", 1200), ("0", 0), ("", None), ("+5", 5), ("'7", 7), ("1\u00a0200", 1200),
        ],
    )  # fmt: skip
    def test_are_whole_numbers_with_or_without_separators(self, cell, points):
        line = member(email="a@b.de", points=cell)
        assert (line.points, line.fault) == (points, "")

    @pytest.mark.parametrize(
        ("cell", "fault"),
        [
            ("12.5", "bad_points"), ("1,20,0", "bad_points"), ("many", "bad_points"), ("1e3", "bad_points"),
            ("-5", "negative"), ("1000000001", "too_much"), ("1.200,300", "bad_points"),
        ],
    )  # fmt: skip
    def test_that_are_none_are_refused_with_their_cell(self, cell, fault):
        line = member(email="a@b.de", points=cell)
        assert (line.fault, line.fault_value) == (fault, cell)

    def test_that_are_added_may_be_fewer_than_none(self):
        assert member(adds=True, email="a@b.de", points="-5").points == -5
        assert member(adds=True, email="a@b.de", points="\u22125").points == -5


class TestDays:
    @pytest.mark.parametrize(
        ("cell", "day_first", "wanted"),
        [
            ("1990-04-03", False, date(1990, 4, 3)), ("1990-04-03T10:00:00Z", True, date(1990, 4, 3)),
            ("04/03/1990", False, date(1990, 4, 3)), ("04/03/1990", True, date(1990, 3, 4)),
            ("03.04.1990", True, date(1990, 4, 3)), ("25/12/1990", False, date(1990, 12, 25)),
            ("12/25/1990", True, date(1990, 12, 25)), ("1004-05-27", False, date(1904, 5, 27)),
            ("02/29", False, date(1904, 2, 29)), ("29.02.", True, date(1904, 2, 29)), ("", False, None),
        ],
    )  # fmt: skip
    def test_are_read_in_the_order_chosen_or_as_they_can_only_be_meant(self, cell, day_first, wanted):
        line = member(day_first=day_first, email="a@b.de", birthday=cell)
        assert (line.date_of_birth, line.fault) == (wanted, "")

    @pytest.mark.parametrize(
        ("cell", "fault"), [("1990-02-30", "bad_date"), ("13/13/1990", "bad_date"), ("soon", "bad_date"), ("2027-01-01", "future")]
    )  # fmt: skip
    def test_that_are_none_are_refused(self, cell, fault):
        assert member(email="a@b.de", birthday=cell).fault == fault

    def test_on_which_points_have_ended_are_refused(self):
        assert member(email="a@b.de", points="5", expires_on="2026-11-27").fault == "ended"
        assert member(email="a@b.de", points="5", expires_on="2026-11-28").fault == ""

    @pytest.mark.parametrize(
        ("cells", "wanted"), [(["01/02/2020", "13/02/2020"], True), (["01/02/2020", "02/13/2020"], False), (["2020-13-01"], None)]
    )  # fmt: skip
    def test_tell_their_order_where_one_of_them_can_only_be_meant_one_way(self, cells, wanted):
        assert looks_day_first(cells) is wanted


class TestPeople:
    @pytest.mark.parametrize("cell", ["A@B.De", "mailto:a@b.de"])
    def test_are_found_by_address_without_regard_to_case(self, cell):
        assert member(email=cell).email == "a@b.de"

    @pytest.mark.parametrize(
        ("cells", "fault"),
        [
            ({"email": ""}, "no_person"), ({"email": "a@b"}, "bad_email"), ({"email": "a b@c.de"}, "bad_email"),
            ({"email": "a@b.de,c@d.de"}, "bad_email"), ({"shopify_customer_id": "12a"}, "bad_id"),
            ({"shopify_customer_id": "0"}, "bad_id"),
        ],
    )  # fmt: skip
    def test_who_cannot_be_found_are_refused(self, cells, fault):
        assert member(**cells).fault == fault

    @pytest.mark.parametrize("cell", ["7001", "gid://shopify/Customer/7001", "'7001"])
    def test_are_found_by_shopifys_number(self, cell):
        assert member(shopify_customer_id=cell).shopify_customer_id == 7001


class TestAMovement:
    def test_has_points_a_day_and_a_reason(self):
        line = movement(email="a@b.de", points="-40", happened_on="2025-03-01", note="Voucher")
        assert (line.points, line.sorted_on, line.note, line.fault) == (-40, date(2025, 3, 1), "Voucher", "")

    @pytest.mark.parametrize(
        ("points", "day", "fault"),
        [("0", "2025-03-01", "no_points"), ("", "2025-03-01", "no_points"), ("5", "", "no_date"), ("5", "2027-01-01", "future")],
    )  # fmt: skip
    def test_without_them_is_refused(self, points, day, fault):
        assert movement(email="a@b.de", points=points, happened_on=day).fault == fault


def test_a_line_shorter_than_the_first_has_blank_cells():
    assert read_line(["a@b.de"], MEMBER, kind="members", day_first=False, adds=False, today=TODAY).points is None
