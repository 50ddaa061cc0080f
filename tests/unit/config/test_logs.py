"""Nothing secret and nobody's address reaches a log, whichever library writes it."""

import io
import json
import logging

import pytest
import structlog

from config.logs import configure_logging, without_secrets

TOKEN = "shpat_" + "0123456789abcdef" * 2
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"


@pytest.fixture
def log():
    """What is written, as one text."""
    root, kept = logging.getLogger(), list(logging.getLogger().handlers)
    configure_logging(level="DEBUG", as_json=True)
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers[:] = kept


class TestALogLine:
    @pytest.mark.parametrize(
        "fields",
        [
            {"access_token": "planted"},
            {"refresh_token": "planted"},
            {"client_secret": "planted"},
            {"headers": {"Authorization": "planted", "X-Shopify-Access-Token": "planted", "Cookie": "planted"}},
            {"password": "planted"},
            {"member": {"email": "planted", "phone": "planted"}},
            {"rows": [{"api_key": "planted"}]},
        ],
        ids=str,
    )
    def test_names_a_secret_and_does_not_tell_it(self, log, fields):
        structlog.get_logger("encore").info("something happened", **fields)
        assert "something happened" in log.getvalue()
        assert "planted" not in log.getvalue()

    @pytest.mark.parametrize(
        "text",
        [
            f"refused {TOKEN}",
            f"GET /app/?id_token={JWT}&shop=a",
            f"Authorization: Bearer {JWT}",
            "sent to ada@example.com",
            "key pk_0123456789abcdef0123456789",
        ],
    )
    def test_of_a_library_is_cleaned_too(self, log, text):
        logging.getLogger("some.library").warning(text)
        logging.getLogger("some.library").warning("with an argument: %s", text)
        logging.getLogger("some.library").warning("in a field", extra={"address": text})
        for planted in (TOKEN, JWT, "ada@example.com", "pk_0123456789abcdef0123456789"):
            assert planted not in log.getvalue()

    def test_keeps_a_traceback_without_its_secrets(self, log):
        try:
            raise ValueError(f"no good: {TOKEN}")
        except ValueError:
            structlog.get_logger("encore").exception("failed")
        assert "ValueError" in log.getvalue()
        assert TOKEN not in log.getvalue()

    def test_is_one_json_object_in_production(self, log):
        structlog.get_logger("encore").info("one", points=5)
        assert json.loads(log.getvalue().splitlines()[-1])["points"] == 5


class TestWithoutSecrets:
    def test_leaves_what_is_none_alone(self):
        harmless = {"points": 5, "topic": "app/uninstalled", "list": [1, "two"], "nothing": None}
        assert without_secrets(harmless) == harmless
