"""A merchant makes an email their own: looks at it on both widths, sends a test, saves it, and switches it on."""

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from loyalty.emails.models import EmailSettings, EmailText
from loyalty.emails.queries import kinds_on
from tests.browser.conftest import PHONE
from tests.browser.manifest import complaints_about
from tests.browser.shop import Shop
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [pytest.param({"width": 1280, "height": 800}, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture
def mailbox(sandbox, settings):
    return Mailbox(sandbox, settings)


@pytest.mark.parametrize("size", SIZES)
def test_an_email_from_the_first_look_to_the_first_customer(
    page: Page, shop: Shop, log_in, looks_right, mailbox: Mailbox, size
):
    page.set_viewport_size(size)
    root = log_in(shop.user)
    page.goto(root + "settings")
    page.get_by_role("link", name="Emails", exact=True).click()
    page.get_by_role("link", name="Reward", exact=True).click()
    page.get_by_label("Subject").fill("For you: {{ reward_name }}")
    page.get_by_role("button", name="Phone").click()
    expect(page.get_by_text("For you: 5 off")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("ENCORE-SAMPLE")).to_be_visible()
    looks_right()
    page.get_by_label("Subject").fill("{{ nonsense }}")
    page.get_by_role("button", name="Desktop").click()
    expect(page.get_by_text("is not known here")).to_be_visible()
    page.get_by_label("Subject").fill("For you: {{ reward_name }}")
    page.get_by_role("button", name="Desktop").click()
    expect(page.get_by_text("For you: 5 off")).to_be_visible()
    page.get_by_label("Send a test to").fill("me@example.com")
    page.get_by_role("button", name="Send test").click()
    expect(page.get_by_text("took the test for me@example.com")).to_be_visible()
    assert [mail["subject"] for mail in mailbox.mails()] == ["[Test] For you: 5 off"]
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Text saved")).to_be_visible()
    page.goto(root + "settings/emails")
    looks_right()
    page.get_by_role("button", name="Switch on Reward").click()
    expect(page.locator("#switch-reward_issued").get_by_text("30 members have an address")).to_be_visible()
    page.locator("#switch-reward_issued").get_by_role("button", name="Switch on", exact=True).click()
    expect(page.get_by_text("“Reward” is on.")).to_be_visible()
    with scope(program=shop.program):
        assert kinds_on() == ["reward_issued"]
        assert EmailText.objects.get().subject == "For you: {{ reward_name }}"
        assert EmailSettings.objects.count() == 1
    page.goto(root + "settings/emails/reward_issued/en")
    assert complaints_about(page.content()) == []
    page.get_by_role("button", name="Back to our text").first.click()
    page.locator("#back").get_by_role("button", name="Back to our text").click()
    expect(page.get_by_text("Our text is sent again.")).to_be_visible()
