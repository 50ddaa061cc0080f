"""What a caller sent, read as JSON whatever the Content-Type says."""

import json

import pytest

from loyalty.api.v1.bodies import MAX_BODY, BodyTooLarge, InvalidJson, parse


class TestABody:
    def test_is_taken_flat(self):
        assert parse(b'{"adjustment": 5, "note": null}') == {"adjustment": 5, "note": None}

    def test_is_taken_wrapped(self):
        assert parse(b'{"data": {"type": "x", "attributes": {"adjustment": 5}}}') == {"adjustment": 5}

    def test_that_is_both_means_the_wrapped_value(self):
        assert parse(b'{"a": 1, "b": 2, "data": {"attributes": {"a": 3}}}') == {"a": 3, "b": 2}

    def test_whose_data_is_no_wrapper_keeps_it_as_a_field(self):
        assert parse(b'{"data": 5}') == {"data": 5}
        assert parse(b'{"data": {"attributes": 5}}') == {"data": {"attributes": 5}}

    @pytest.mark.parametrize(
        "raw",
        [
            b"", b"{", b"[1]", b'"text"', b"null", b"5", b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe",
            b'{"a": "\\u0000"}', b'{"\\u0000": 1}', b'{"a": "\\ud800"}', b'{"a": ["\\udfff"]}',
            b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}",
        ],
        ids=lambda raw: repr(raw[:24]),
    )  # fmt: skip
    def test_that_is_no_usable_object_is_refused(self, raw):
        with pytest.raises(InvalidJson):
            parse(raw)

    def test_over_the_limit_is_refused_unread(self):
        assert parse(json.dumps({"a": "x" * (MAX_BODY - 20)}).encode())["a"]
        with pytest.raises(BodyTooLarge):
            parse(b" " * (MAX_BODY + 1))
