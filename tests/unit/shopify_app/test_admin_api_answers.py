"""What an answer of Shopify's means, and what a failed request means: each row of shopify.md 8 and reliability.md 5."""

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import requests
import urllib3

from shopify_app.admin_api.client import Answer, execute, judge, result_of, wait_for_room
from shopify_app.admin_api.errors import (
    NothingSent,
    Refused,
    ShopUnavailable,
    Throttled,
    TokenRefused,
    UnknownOutcome,
    UserErrors,
)  # fmt: skip
from shopify_app.admin_api.transport import HttpAnswer, post, was_never_sent


def graphql(**body) -> HttpAnswer:
    return HttpAnswer(200, body, {})


def error(code: str) -> list[dict]:
    return [{"message": "words", "extensions": {"code": code}}]


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (401, TokenRefused), (402, ShopUnavailable), (403, ShopUnavailable), (404, ShopUnavailable),
            (423, ShopUnavailable), (429, Throttled), (430, Throttled), (400, Refused), (302, Refused),
            (500, UnknownOutcome), (502, UnknownOutcome), (503, UnknownOutcome),
        ],
    )  # fmt: skip
    def test_is_judged_by_its_status_first(self, status, kind):
        with pytest.raises(kind):
            judge(HttpAnswer(status, {"data": {"shop": {"id": "1"}}}, {}))

    def test_a_429_says_how_long_to_wait(self):
        with pytest.raises(Throttled) as refusal:
            judge(HttpAnswer(429, None, {"Retry-After": "3"}))
        assert refusal.value.retry_after_seconds == 3

    @pytest.mark.parametrize("body", [None, [], "text"])
    def test_that_is_no_json_object_leaves_the_outcome_unknown(self, body):
        with pytest.raises(UnknownOutcome):
            judge(HttpAnswer(200, body, {}))

    def test_with_data_and_errors_keeps_both(self):
        answer = judge(graphql(data={"shop": {"id": "1"}, "other": None}, errors=error("ACCESS_DENIED")))
        assert answer.data["shop"] == {"id": "1"}
        assert answer.errors[0]["extensions"]["code"] == "ACCESS_DENIED"

    def test_with_only_a_null_is_data_too(self):
        assert judge(graphql(data={"customer": None})).data == {"customer": None}

    def test_throttled_is_http_200_and_nothing_was_done(self):
        with pytest.raises(Throttled):
            judge(graphql(errors=error("THROTTLED")))
        assert issubclass(Throttled, NothingSent)

    @pytest.mark.parametrize("code", ["ACCESS_DENIED", "MAX_COST_EXCEEDED", "INVALID_VARIABLE"])
    def test_with_a_refusal_at_the_top_is_refused(self, code):
        with pytest.raises(Refused) as refusal:
            judge(graphql(errors=error(code), data=None))
        assert refusal.value.code == code

    def test_a_failure_inside_shopify_leaves_the_outcome_unknown(self):
        with pytest.raises(UnknownOutcome):
            judge(graphql(errors=error("INTERNAL_SERVER_ERROR"), data={"discountCodeBasicCreate": None}))

    def test_the_wait_is_what_is_missing_over_the_restore_rate(self):
        status = {"maximumAvailable": 2000, "currentlyAvailable": 10, "restoreRate": 100}
        body = {"extensions": {"cost": {"requestedQueryCost": 60, "throttleStatus": status}}}
        assert wait_for_room(body) == 0.5
        assert wait_for_room({}) == 1.0


class TestAMutationsPayload:
    def test_with_user_errors_is_a_refusal_of_its_own(self):
        payload = {"userErrors": [{"code": "TAKEN", "message": "must be unique", "field": ["code"]}]}
        with pytest.raises(UserErrors) as refusal:
            result_of(Answer({"create": payload}, []), "create")
        assert refusal.value.codes == {"TAKEN"}

    def test_that_is_missing_leaves_the_outcome_unknown(self):
        with pytest.raises(UnknownOutcome):
            result_of(Answer({"create": None}, error("X")), "create")


class TestAFailedRequest:
    def around(self, inner, outer):
        return outer(urllib3.exceptions.MaxRetryError(None, "/", inner))

    def test_was_not_sent_when_no_connection_came_about(self):
        pool = urllib3.HTTPConnectionPool("x")
        refused = urllib3.exceptions.NewConnectionError(pool, "refused")
        assert was_never_sent(requests.exceptions.ConnectTimeout())
        assert was_never_sent(self.around(refused, requests.exceptions.ConnectionError))
        assert was_never_sent(requests.exceptions.InvalidURL())

    def test_was_perhaps_done_when_the_connection_broke_afterwards(self):
        broken = urllib3.exceptions.ProtocolError("aborted", ConnectionResetError())
        assert not was_never_sent(requests.exceptions.ConnectionError(broken))
        assert not was_never_sent(requests.exceptions.ReadTimeout())

    def test_broken_tls_counts_as_sent_unless_the_certificate_was_refused(self):
        assert was_never_sent(self.around(ssl.SSLCertVerificationError(), requests.exceptions.SSLError))
        assert not was_never_sent(self.around(ssl.SSLError("bad record"), requests.exceptions.SSLError))


@pytest.fixture
def port() -> Iterator[int]:
    """A port that takes connections, reads, and hangs up without a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.recv(65536)
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        yield server.getsockname()[1]


class TestOverARealSocket:
    def test_nobody_listening_means_nothing_sent(self, settings):
        settings.SHOPIFY_GATEWAY = "http://127.0.0.1:1"
        with pytest.raises(NothingSent):
            post("tea.myshopify.com", "/x", {}, {})

    def test_hanging_up_means_unknown(self, settings, port):
        settings.SHOPIFY_GATEWAY = f"http://127.0.0.1:{port}"
        with pytest.raises(UnknownOutcome):
            post("tea.myshopify.com", "/x", {}, {})

    def test_no_answer_in_time_means_unknown(self, settings):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.SHOPIFY_GATEWAY = f"http://127.0.0.1:{silent.getsockname()[1]}"
            with pytest.raises(UnknownOutcome):
                post("tea.myshopify.com", "/x", {}, {}, read_seconds=0.3)

    def test_a_call_goes_where_the_gateway_says_under_the_shops_name(self, settings):
        seen = []
        with socket.create_server(("127.0.0.1", 0)) as server:

            def answer():
                connection, _ = server.accept()
                seen.append(connection.recv(65536).decode())
                body = b'{"data": {"shop": {"id": "1"}}}'
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                connection.close()

            thread = threading.Thread(target=answer)
            thread.start()
            settings.SHOPIFY_GATEWAY = f"http://127.0.0.1:{server.getsockname()[1]}"
            execute("tea.myshopify.com", "shpat_x", "ShopDetails", {})
            thread.join()
        assert seen[0].startswith("POST /admin/api/2026-10/graphql.json ")
        assert "Host: tea.myshopify.com" in seen[0]
        assert "X-Shopify-Access-Token: shpat_x" in seen[0]
