"""Emails from end to end: what a page switches on reaches a customer, who can end it, in their language."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.emails.models import EmailSettings, EmailText
from loyalty.members.models import Member
from loyalty.members.operations import choose_emails
from loyalty.outbox.models import Delivery
from loyalty.programs.models import Program
from shopify_app.dashboard.operations import set_login
from shopify_app.shops.operations import uninstall
from shopify_app.webhooks.topics.customers_data_request import personal_data
from tests.journeys.shopify_webhooks import deliver, work_off
from tests.journeys.test_forgetting import everything
from tests.mailbox import Mailbox, go_round, headers

pytestmark = pytest.mark.django_db
EMAILS = "/standalone/settings/emails"
EARNED = f"{EMAILS}/points_earned"


@pytest.fixture
def mailbox(sandbox, settings):
    return Mailbox(sandbox, settings)


@pytest.fixture
def staff(referring):
    set_login(program=referring.program, username="staff", password="staff")
    client = Client()
    client.login(username="staff", password="staff")
    return client


@pytest.fixture
def ada(referring):
    referring.action()
    member = referring.advocate()
    go_round(now=timezone.now())
    return member


def sent(referring, mailbox):
    """An award's mail."""
    referring.award(now=timezone.now())
    go_round(now=timezone.now())
    return mailbox.mails()[-1]


def link_in(mail):
    return re.search(r"/emails/unsubscribe/\S+", mail["text"])[0]


class TestSwitchingOn:
    def test_says_whom_it_concerns_and_then_sends(self, referring, staff, ada, mailbox):
        page = staff.get(EMAILS).content.decode()
        assert "1 member has an address" in page
        assert staff.post(f"{EARNED}/switch", {"on": "1"}).status_code == 303
        assert sent(referring, mailbox)["recipients"] == ["ada@example.com"]
        assert staff.post(f"{EARNED}/switch", {}).status_code == 303
        referring.award(now=timezone.now())
        go_round(now=timezone.now())
        assert len(mailbox.mails()) == 1

    def test_without_a_mail_server_is_refused_and_the_page_says_what_to_set(self, staff, settings):
        settings.ENCORE_SENDS_EMAIL = False
        assert "EMAIL_URL" in staff.get(EMAILS).content.decode()
        assert staff.post(f"{EARNED}/switch", {"on": "1"}).status_code == 303
        assert "send email yet" in staff.get(EMAILS).content.decode().partition('<s-banner tone="critical"')[2]
        assert not EmailSettings.objects.exists()

    def test_of_an_email_there_is_not_is_404(self, staff):
        assert staff.post(f"{EMAILS}/nonsense/switch", {"on": "1"}).status_code == 404
        assert staff.get(f"{EMAILS}/points_earned/xx").status_code == 404

    def test_is_seen_in_deliveries_and_sent_again_from_there(self, referring, staff, ada, mailbox):
        staff.post(f"{EARNED}/switch", {"on": "1"})
        mailbox.faults(refuse_recipient="550 5.1.1 No such user")
        referring.award(now=timezone.now())
        go_round(now=timezone.now())
        row = Delivery.objects.get(destination="email:points_earned")
        assert "Emails to customers: points earned" in staff.get("/standalone/deliveries?to=email").content.decode()
        assert "No such user" in staff.get(f"/standalone/deliveries/{row.pk}").content.decode()
        mailbox.faults(refuse_recipient="")
        staff.post(f"/standalone/deliveries/{row.pk}/send-again")
        go_round(now=timezone.now())
        assert len(mailbox.mails()) == 1


class TestEachFieldOfTheSender:
    @pytest.mark.parametrize(
        ("field", "value", "header", "expected"),
        [
            ("sender_name", "Tea & friends", "From", "Tea & friends <loyalty@encore.example>"),
            ("from_address", "club@tea.example", "From", "club@tea.example"),
            ("reply_to", "hello@tea.example", "Reply-To", "hello@tea.example"),
        ],
    )
    def test_shows_in_the_next_mail(self, referring, staff, ada, mailbox, field, value, header, expected):
        staff.post(f"{EARNED}/switch", {"on": "1"})
        assert staff.post(EMAILS, {field: value}).status_code == 303
        assert expected in headers(sent(referring, mailbox))[header]

    def test_that_is_no_address_is_refused_at_the_field(self, staff):
        answer = staff.post(EMAILS, {"reply_to": "nobody"})
        assert answer.status_code == 422
        assert "Enter a whole e-mail address" in answer.content.decode()
        assert not EmailSettings.objects.exists()


class TestEachFieldOfATest:
    OURS = {"subject": "{{ points }} for you", "body": "Hello {{ first_name }}"}

    def test_of_the_text_shows_in_the_next_mail(self, referring, staff, ada, mailbox):
        staff.post(f"{EARNED}/switch", {"on": "1"})
        for field, value, part in (
            ("subject", "Yours: {{ points }}", "subject"),
            ("body", "Dear {{ first_name }}", "text"),
        ):
            assert staff.post(f"{EARNED}/en", {**self.OURS, field: value}).status_code == 303
            assert value.partition(" {{")[0] in sent(referring, mailbox)[part]
        assert staff.post(f"{EARNED}/en/back").status_code == 303
        assert sent(referring, mailbox)["subject"] == "100 points for you"

    def test_a_placeholder_nobody_offers_is_refused_where_it_stands(self, staff):
        answer = staff.post(f"{EARNED}/en", {**self.OURS, "body": "Hello {{ password }}"})
        assert answer.status_code == 422
        assert "{{ password }} is not known here" in answer.content.decode()
        assert not EmailText.objects.exists()

    def test_a_preview_shows_what_was_typed_and_keeps_nothing(self, staff):
        page = staff.post(f"{EARNED}/de/preview", {**self.OURS, "width": "phone"}).content.decode()
        assert "250 for you" in page
        assert "mail-preview phone" in page
        assert "&lt;!doctype html&gt;" in page
        assert (
            "is not known here"
            in staff.post(f"{EARNED}/de/preview", {"subject": "{{ x }}", "body": "y"}).content.decode()
        )
        assert not EmailText.objects.exists()

    def test_a_test_goes_to_the_address_that_was_typed(self, staff, mailbox):
        page = staff.post(f"{EARNED}/en/test", {**self.OURS, "to": "me@example.com"}).content.decode()
        assert "took the test for me@example.com" in page
        (mail,) = mailbox.mails()
        assert (mail["recipients"], mail["subject"]) == (["me@example.com"], "[Test] 250 for you")

    def test_a_test_that_is_refused_says_so_in_the_servers_words(self, staff, mailbox):
        mailbox.faults(refuse_recipient="550 5.1.1 No such user")
        page = staff.post(f"{EARNED}/en/test", {**self.OURS, "to": "me@example.com"}).content.decode()
        assert "Not sent" in page
        assert "No such user" in page


class TestTheLinkInTheMail:
    @pytest.fixture
    def link(self, referring, staff, ada, mailbox):
        staff.post(f"{EARNED}/switch", {"on": "1"})
        return link_in(sent(referring, mailbox))

    def test_changes_nothing_when_it_is_looked_at(self, link, ada):
        page = Client().get(link)
        assert (page.status_code, page["Referrer-Policy"]) == (200, "no-referrer")
        assert "Unsubscribe" in page.content.decode()
        ada.refresh_from_db()
        assert ada.emails_stopped_at is None

    @pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Click"}])
    def test_ends_the_emails_by_a_button_or_one_click_from_outside(self, referring, mailbox, link, ada, body):
        before = len(mailbox.mails())
        answer = Client(enforce_csrf_checks=True).post(link, body)
        assert "You are unsubscribed" in answer.content.decode()
        referring.award(now=timezone.now())
        go_round(now=timezone.now())
        assert len(mailbox.mails()) == before
        assert Delivery.objects.latest("pk").last_error == "unsubscribed: the member wants no emails"
        ada.refresh_from_db()
        assert personal_data(ada, now=timezone.now())["emails_stopped_at"] == ada.emails_stopped_at

    def test_lets_them_come_again(self, referring, mailbox, link):
        Client().post(link)
        assert "Welcome back" in Client().post(link, {"again": "1"}).content.decode()
        assert sent(referring, mailbox)

    def test_that_was_tampered_with_opens_nothing(self, link, ada):
        assert Client().post(link.replace(":", "9:", 1)).status_code == 404
        assert Client().get("/emails/unsubscribe/1-1").status_code == 404
        ada.refresh_from_db()
        assert ada.emails_stopped_at is None

    def test_is_over_for_who_was_forgotten(self, link, ada):
        Member.objects.filter(pk=ada.pk).update(redacted_at=timezone.now())
        assert Client().post(link).status_code == 404

    def test_a_no_stays_one_when_two_customers_become_one(self, referring, link, ada):
        Client().post(link)
        kept = referring.member(7002, now=timezone.now())
        payload = {
            "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/7001",
            "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7002", "status": "completed",
        }  # fmt: skip
        deliver(referring.domain, "customers/merge", payload)
        work_off()
        kept.refresh_from_db()
        assert kept.emails_stopped_at is not None


class TestForgetting:
    @pytest.fixture
    def told(self, referring, staff, ada, mailbox):
        staff.post(f"{EARNED}/switch", {"on": "1"})
        staff.post(EMAILS, {"reply_to": "somebody@tea.example"})
        staff.post(f"{EARNED}/en", {"subject": "Yours", "body": "Hello {{ first_name }}"})
        sent(referring, mailbox)
        assert "ada@example.com" in everything()

    def test_a_customer_leaves_no_trace_in_what_was_sent(self, referring, told, ada):
        shop = {"shop_domain": referring.domain}
        deliver(referring.domain, "customers/redact", {**shop, "customer": {"id": 7001, "email": "ada@example.com"}})
        assert work_off().state == "done"
        assert "ada@example.com" not in everything()
        assert Delivery.objects.get(destination="email:points_earned").state == "done"

    def test_a_shop_leaves_neither_sender_nor_texts(self, referring, told):
        uninstall(domain=referring.domain, now=timezone.now())
        deliver(referring.domain, "shop/redact", {"shop_domain": referring.domain})
        assert work_off().state == "done"
        assert not EmailSettings.objects.exists()
        assert not EmailText.objects.exists()
        assert "somebody@tea.example" not in everything()


class TestLanguages:
    def test_each_field_shows_in_what_is_sent_or_shown(self, referring, staff, ada, mailbox):
        staff.post(f"{EARNED}/switch", {"on": "1"})
        assert staff.post("/standalone/settings/languages", {"main": "de"}).status_code == 303
        assert sent(referring, mailbox)["subject"] == "100 Punkte für Sie"
        Member.objects.update(locale="en")
        assert staff.post("/standalone/settings/languages", {"main": "de", "further": ["en"]}).status_code == 303
        assert sent(referring, mailbox)["subject"] == "100 points for you"

    def test_one_there_is_not_is_refused(self, referring, staff):
        assert staff.post("/standalone/settings/languages", {"main": "xx"}).status_code == 422
        assert Program.objects.get(pk=referring.program.pk).languages == ["en"]

    def test_a_members_own_follows_the_shop(self, referring, ada):
        referring.customer(7001, email="ada@example.com", first_name="Ada", last_name="Lovelace", locale="de-AT")
        deliver(referring.domain, "customers/update", {"id": 7001})
        work_off()
        ada.refresh_from_db()
        assert ada.locale == "de-AT"

    def test_storefront_pages_are_in_the_members_own_and_else_in_the_main_one(self, referring, ada):
        referring.set(languages=["en", "de"])
        Member.objects.update(locale="de")
        referring.referral_rule()
        assert 'lang="de"' in referring.visit(customer=7001).content.decode()
        assert 'lang="en"' in referring.visit().content.decode()
        referring.set(languages=["de"])
        assert 'lang="de"' in referring.visit().content.decode()

    def test_unsubscribing_is_written_down_once(self, ada):
        first = timezone.now()
        choose_emails(member_id=ada.pk, wants=False, now=first)
        choose_emails(member_id=ada.pk, wants=False, now=timezone.now())
        ada.refresh_from_db()
        assert ada.emails_stopped_at == first
