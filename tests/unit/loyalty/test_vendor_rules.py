"""The pace, the patience and the words of each vendor: the real tables."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from loyalty.integrations.http import Answer
from loyalty.integrations.vendors import VENDORS, vendor_named
from loyalty.outbox.relay import DELAYS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
API = {vendor.slug: vendor.api for vendor in VENDORS}


def patience(vendor, *, headers=None, text="", in_row=0):
    return API[vendor].patience(Answer(429, headers or {}, text), NOW, in_row).total_seconds()


PACE = {
    ("klaviyo", "accounts"): [(5, 1000)],  # half of 10/s; asked by a merchant who connects, not in a loop
    ("klaviyo", "events"): [(175, 1000), (1750, 60_000)],  # half of 350/s and 3,500/min
    ("klaviyo", "profiles"): [(37, 1000), (350, 60_000)],  # half of 75/s and 700/min
    ("klaviyo", "imports"): [(2, 1000), (37, 60_000)],  # a quarter of 10/s and 150/min
    ("omnisend", "live"): [(200, 60_000)],  # half of 400/min
    ("omnisend", "batches"): [(100, 60_000)],
    ("postscript", "live"): [(8, 1000)],  # half of 15/s
    ("postscript", "back_fill"): [(4, 1000)],
    ("attentive", "live"): [(75, 1000)],  # half of 150/s
    ("attentive", "back_fill"): [(37, 1000)],
}
HEADERS = {
    "klaviyo": {"Authorization": "Klaviyo-API-Key pk_1", "revision": "2026-10-15"},
    "omnisend": {"Authorization": "Omnisend-API-Key pk_1", "Omnisend-Version": "2026-03-15"},
    "postscript": {"Authorization": "Bearer pk_1"},
    "attentive": {"Authorization": "Bearer pk_1"},
}


def test_the_pace_stays_under_each_documented_limit():
    paces = {(slug, name): windows for slug, api in API.items() for name, windows in api.windows.items()}
    assert {key: [(window.limit, window.milliseconds) for window in windows] for key, windows in paces.items()} == PACE


def test_attempts_are_spread_over_a_day_and_more():
    assert [delay.total_seconds() for delay in DELAYS] == [5, 30, 120, 600, 3600, 21_600, 86_400]


class TestAfter429:
    def test_klaviyo_says_how_long_in_seconds_or_as_a_date(self):
        assert patience("klaviyo", headers={"Retry-After": "30"}) == 30
        date = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
        assert patience("klaviyo", headers={"Retry-After": date}) == 90

    @pytest.mark.parametrize(("text", "seconds"), [("0", 1), ("99999", 3600), ("nan", 60), ("", 60), ("soon", 60)])
    def test_klaviyos_word_is_kept_within_reason(self, text, seconds):
        assert patience("klaviyo", headers={"Retry-After": text}) == seconds

    @pytest.mark.parametrize(
        ("text", "seconds"), [('{"retryAfter": 45}', 45), ("{}", 60), ("cut", 60), ('{"retryAfter": null}', 60)]
    )
    def test_omnisend_says_it_in_the_body_else_a_minute(self, text, seconds):
        assert patience("omnisend", text=text) == seconds

    @pytest.mark.parametrize("vendor", ["postscript", "attentive"])
    def test_who_says_nothing_is_given_ever_more_time_up_to_a_minute(self, vendor):
        for in_row, seconds in enumerate([1, 2, 4, 8, 16, 32, 60, 60]):
            assert 0.8 * seconds <= patience(vendor, in_row=in_row) <= 1.2 * seconds


@pytest.mark.parametrize(
    ("vendor", "text", "sentence"),
    [
        ("klaviyo", '{"errors": [{"detail": "Bad email.", "source": {"pointer": "/data/attributes/email"}}]}',
         "Bad email. /data/attributes/email"),
        ("klaviyo", "<html>", "with 400"),
        ("omnisend", '{"title": "Bad", "errors": [{"field": "contact.email", "message": "is no address"}]}',
         "contact.email: is no address"),
        ("omnisend", '{"detail": "No."}', "No."),
        ("postscript", '{"error_code": 1, "error_message": "No such type"}', "No such type"),
        ("postscript", "plain words", "plain words"),
        ("attentive", '{"message": "No such type"}', "No such type"),
        ("attentive", '{"error": "No."}', "No."),
        ("attentive", "plain words", "plain words"),
    ],
)  # fmt: skip
def test_a_refusal_is_shown_with_its_field(vendor, text, sentence):
    assert API[vendor].problem(Answer(400, {}, text)).strip() == sentence


@pytest.mark.parametrize("vendor", API)
def test_a_call_names_key_and_version_as_the_vendor_wants_it(vendor):
    assert HEADERS[vendor].items() <= API[vendor].headers("pk_1").items()


def test_only_klaviyo_drops_copies():
    assert [vendor.slug for vendor in VENDORS if vendor.drops_copies] == ["klaviyo"]
    assert vendor_named("postscript").needs_email is False
