"""The sandbox's mail server: what it keeps, refuses and cuts off, and the page that shows it."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .client import Sandbox


@pytest.fixture
def mail(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, with nothing in its inbox and no fault."""
    sandbox.control("DELETE", "/mails", status=204)
    yield sandbox
    sandbox.control("DELETE", "/mails", status=204)


def send(sandbox: Sandbox, to: str = "ada@example.com", subject: str = "Grüße") -> None:
    """One mail, as a mail program sends it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Tea <tea@example.com>", to, subject
    message.set_content("Hello\n.dot at a beginning\n")
    message.add_alternative("<p>Hello <b>Ada</b></p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", sandbox.mail_port, timeout=10) as server:
        server.send_message(message)


def kept(sandbox: Sandbox) -> list[dict[str, Any]]:
    """What arrived."""
    mails: list[dict[str, Any]] = sandbox.control("GET", "/mails")["mails"]
    return mails


def test_a_mail_is_kept_whole(mail: Sandbox) -> None:
    send(mail)
    (found,) = kept(mail)
    assert (found["sender"], found["recipients"], found["subject"]) == ("tea@example.com", ["ada@example.com"], "Grüße")
    assert ".dot at a beginning" in found["text"]
    assert "<b>Ada</b>" in found["html"]
    assert mail.control("GET", "/mails?to=nobody@example.com")["mails"] == []


@pytest.mark.parametrize(
    ("fault", "answer", "refusal"),
    [
        ("refuse_sender", "550 No", smtplib.SMTPSenderRefused),
        ("refuse_recipient", "450 Later", smtplib.SMTPRecipientsRefused),
        ("refuse_data", "554 Spam", smtplib.SMTPDataError),
    ],
)
def test_what_is_refused_is_not_kept(mail: Sandbox, fault: str, answer: str, refusal: type[Exception]) -> None:
    mail.control("PATCH", "/mails/faults", {fault: answer})
    with pytest.raises(refusal):
        send(mail)
    assert kept(mail) == []


def test_a_line_cut_before_keeps_nothing_and_one_cut_after_keeps_it(mail: Sandbox) -> None:
    mail.control("PATCH", "/mails/faults", {"drop_before": 1, "drop_after": 1})
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mail)
    assert kept(mail) == []
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mail)
    assert len(kept(mail)) == 1
    send(mail)
    assert len(kept(mail)) == 2


def test_a_fault_there_is_not_is_refused(mail: Sandbox) -> None:
    mail.control("PATCH", "/mails/faults", {"explode": 1}, status=400)


def test_the_inbox_shows_the_newest_and_any_other(mail: Sandbox, page: Page) -> None:
    send(mail, subject="First")
    send(mail, subject="Second")
    page.goto(f"{mail.url.replace('127.0.0.1', 'localhost')}/inbox")
    expect(page.get_by_role("heading", name="Second")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Ada")).to_be_visible()
    page.get_by_role("link", name="First").click()
    expect(page.get_by_role("heading", name="First")).to_be_visible()
