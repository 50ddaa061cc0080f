"""Where a webhook may go: outside, over https, and never where a name, a redirect or an odd address leads inside."""

import socket

import pytest
import requests

from loyalty.errors import InvalidField
from loyalty.integrations.webhooks import client
from loyalty.integrations.webhooks.operations import check_url
from loyalty.outbox.ports import Dead, Retry

INSIDE = [
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "198.18.0.1", "192.0.0.8", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.7", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2001:db8::1", "2002:7f00:1::", "100::1",
]  # fmt: skip


@pytest.fixture
def outside_only(settings):
    settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS = False


@pytest.fixture
def dns(monkeypatch):
    """Names lead where a test says; connecting anywhere at all is a failure of the test."""
    answers = {}

    def resolve(host, port, *_, **__):
        address = answers.get(host, host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(_self, address):
        answers["connected"] = address
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return answers


@pytest.mark.usefixtures("outside_only")
class TestAnAddress:
    @pytest.mark.parametrize("address", INSIDE)
    def test_inside_is_refused_at_connect_and_nothing_is_sent(self, dns, address):
        dns["merchant.example"] = address
        outcome = client.post("https://merchant.example/hook", b"{}", {})
        assert isinstance(outcome, Dead)
        assert outcome.error == "The address does not lead outside: nothing was sent"
        assert "connected" not in dns

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
    def test_outside_is_connected_to_itself(self, dns, address):
        dns["merchant.example"] = address
        outcome = client.post("https://merchant.example/hook", b"{}", {})
        assert isinstance(outcome, Retry)
        assert dns["connected"][:2] == (address, 443)

    def test_that_changes_between_two_attempts_is_looked_at_again(self, dns):
        dns["merchant.example"] = "93.184.216.34"
        assert isinstance(client.post("https://merchant.example/hook", b"{}", {}), Retry)
        dns.pop("connected")
        dns["merchant.example"] = "169.254.169.254"
        assert isinstance(client.post("https://merchant.example/hook", b"{}", {}), Dead)
        assert "connected" not in dns

    @pytest.mark.parametrize(
        "url",
        ["http://93.184.216.34/hook", "https://93.184.216.34:8443/hook", "ftp://93.184.216.34/", "file:///etc/passwd"],
    )
    def test_of_another_scheme_or_port_is_refused(self, dns, url):
        assert isinstance(client.post(url, b"{}", {}), Dead)
        assert "connected" not in dns

    def test_ignores_proxies_and_netrc(self, dns, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        dns["merchant.example"] = "93.184.216.34"
        client.post("https://merchant.example/hook", b"{}", {})
        assert dns["connected"][0] == "93.184.216.34"


class TestAnAnswer:
    def test_is_read_only_at_its_beginning(self, settings, monkeypatch):
        settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS = True
        answer = requests.Response()
        answer.status_code = 200
        answer.iter_content = lambda size: iter([b"x" * size, b"never read"])
        answer.close = lambda: None
        monkeypatch.setattr(requests.Session, "post", lambda *_, **__: answer)
        assert client.post("http://127.0.0.1/", b"{}", {}).response == "x" * client.KEPT_BYTES


@pytest.mark.usefixtures("outside_only")
class TestAUrl:
    @pytest.mark.parametrize(
        "url", ["https://merchant.example/hook", "https://merchant.example:443/h?a=1", "https://a.b/"]
    )
    def test_of_the_merchants_own_is_taken(self, url):
        check_url(url)

    @pytest.mark.parametrize(
        "url",
        [
            "", None, 7, "merchant.example", "http://merchant.example", "https://", "https://localhost/", "https://db/",
            "https://a.localhost/", "https://user:pw@merchant.example/", "https://merchant.example:8443/",
            "https://merchant.example/#x", "https://merchant.example/ x", "https://münchen.example/",
            "https://merchant.example:99999/", "https://[::1", "https://" + "a" * 2100 + ".example/",
        ],
    )  # fmt: skip
    def test_of_another_sort_is_refused_by_name(self, url):
        with pytest.raises(InvalidField) as refused:
            check_url(url)
        assert refused.value.field == "url"
