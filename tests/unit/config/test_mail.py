"""EMAIL_URL, taken apart."""

import pytest

from config.checks import emails_can_be_sent
from config.mail import MailServer, mail_server


def test_none_is_no_server():
    assert mail_server("") == MailServer()
    assert mail_server("").backend.endswith("dummy.EmailBackend")


@pytest.mark.parametrize(
    ("url", "port", "starts_tls", "is_tls"),
    [
        ("smtp://mail.example.com", 25, False, False),
        ("smtp+tls://mail.example.com", 587, True, False),
        ("smtps://mail.example.com", 465, False, True),
        ("smtps://mail.example.com:2465", 2465, False, True),
    ],
)
def test_says_how_the_server_is_reached(url, port, starts_tls, is_tls):
    found = mail_server(url)
    assert (found.host, found.port, found.starts_tls, found.is_tls) == ("mail.example.com", port, starts_tls, is_tls)


def test_user_and_password_may_hold_anything():
    found = mail_server("smtp+tls://ada%40example.com:p%2Fw%3A1@mail.example.com:2587")
    assert (found.user, found.password, found.port) == ("ada@example.com", "p/w:1", 2587)


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://mail.example.com/x"])
def test_what_is_no_mail_server_is_refused_with_an_example(url):
    with pytest.raises(ValueError, match="smtp\\+tls://user"):
        mail_server(url)


class TestProductionWithoutAMailServer:
    def test_starts_and_warns(self, settings):
        settings.ENCORE_ENVIRONMENT, settings.ENCORE_SENDS_EMAIL = "production", False
        settings.EMAIL_URL, settings.DEFAULT_FROM_EMAIL = "", ""
        (found,) = emails_can_be_sent(None)
        assert (found.id, found.is_serious()) == ("encore.W001", False)
        assert "EMAIL_URL and EMAIL_FROM" in found.msg

    def test_with_one_is_quiet(self, settings):
        settings.ENCORE_ENVIRONMENT, settings.ENCORE_SENDS_EMAIL = "production", True
        assert emails_can_be_sent(None) == []
