"""Files as spreadsheets write them: their encoding, what separates their cells, and what is none."""

from __future__ import annotations

import pytest

from loyalty.imports.fields import FIELDS, guess, kind_of
from loyalty.imports.mappings import SOURCES
from loyalty.imports.reading import LONGEST_CELL, UnreadableFile, delimiter_of, encoding_of, lines_of, text_of

TEXT = 'Name,Note\nJürgen,"one, two"\n\n"a\nb",c\n'


def in_pieces(body: bytes, size: int = 3) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def read(body: bytes, most_rows: int = 100) -> list[tuple[int, list[str]]]:
    encoding = encoding_of(in_pieces(body, 5))
    text = list(text_of(in_pieces(body), encoding))
    return list(lines_of(iter(text), delimiter_of(text[0]), most_rows=most_rows))


class TestAFile:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_is_read_in_every_encoding_that_spreadsheets_write(self, encoding):
        assert read(TEXT.encode(encoding)) == [
            (1, ["Name", "Note"]), (2, ["Jürgen", "one, two"]), (4, ["a\nb", "c"]),
        ]  # fmt: skip

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_is_read_with_every_delimiter(self, delimiter):
        assert read(f"email{delimiter}points\na@b.de{delimiter}5\n".encode())[1] == (2, ["a@b.de", "5"])

    def test_with_windows_line_ends_and_none_at_the_end_is_read(self):
        assert read(b"a,b\r\n1,2\r\n3,4") == [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["3", "4"])]

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "empty"),
            (b"PK\x03\x04\x00", "no text file"),
            (b"a\n" + b"x\n" * 101, "at most 100 rows"),
            (b"a\n" + b"x" * (LONGEST_CELL + 1), "quotation mark"),
            (b"a\n" + b"," * 100, "100"),
        ],
    )
    def test_that_is_none_is_refused_in_a_sentence(self, body, words):
        with pytest.raises(UnreadableFile, match=words):
            read(body)


class TestColumns:
    @pytest.mark.parametrize(
        ("source", "headers", "wanted"),
        [
            (
                "rivo", "Email,Points Balance,Birthdate,VIP Tier,Activation Date,Credits Balance",
                {"email": 0, "points": 1, "birthday": 2, "tier": 3},
            ),
            ("smile", "email,points", {"email": 0, "points": 1}),
            (
                "yotpo", "Full Name,First Name,Last Name,Email,Points Balance,Points Spent,Birthday (MM/DD) or (MM/DD/YYYY)",
                {"email": 3, "points": 4, "birthday": 6},
            ),
            ("loyaltylion", "merchant_id,email,points_approved,tier", {"shopify_customer_id": 0, "email": 1, "points": 2, "tier": 3}),
            (
                "appstle", "Email,availablePoints,creditedPoints,currentVipTier,dob",
                {"email": 0, "points": 1, "lifetime": 2, "tier": 3, "birthday": 4},
            ),
            ("mage", "EMAIL,current_points,lifetime_points,vip_tier", {"email": 0, "points": 1, "lifetime": 2, "tier": 3}),
        ],
    )  # fmt: skip
    def test_of_vendors_are_known(self, source, headers, wanted):
        assert guess(headers.split(","), SOURCES[source].words) == wanted

    @pytest.mark.parametrize("source", SOURCES)
    def test_of_vendors_say_only_what_the_table_of_all_would_read_otherwise(self, source):
        for field, words in SOURCES[source].words.items():
            assert tuple(words) != FIELDS[field].words[: len(words)], field

    def test_of_our_own_export_are_known(self):
        headers = ["shopify_customer_id", "email", "current_points", "lifetime_points", "tier", "date_of_birth"]
        names = {"shopify_customer_id", "email", "points", "lifetime", "tier", "birthday"}
        assert set(guess(headers, {})) == names

    def test_hold_one_thing_each(self):
        found = guess(["points", "balance", "name"], {})
        assert found == {"points": 0}

    def test_with_a_day_beside_points_are_a_history(self):
        assert kind_of(guess(["email", "date", "points", "reason"], {})) == "history"
        assert kind_of(guess(["email", "date", "points", "tier"], {})) == "members"
