"""Integrations: connect, choose, try, back-fill, disconnect; every vendor's page does the same."""

import pytest
from django.db import connection
from django.test import Client

from loyalty.integrations.models import Connection
from loyalty.integrations.naming import EVENTS, USUAL
from loyalty.integrations.syncing import progress
from loyalty.integrations.vendors import vendor_named
from loyalty.outbox.models import Delivery
from loyalty.programs.models import ScheduledRun
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop
from tests.vendor_accounts import ACCOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture(params=ACCOUNTS, ids=str)
def account(request, sandbox):
    request.param.reset(sandbox)
    yield request.param
    request.param.reset(sandbox)


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    made.member(7001, email="ada@example.com")
    with made.scope():
        yield made


@pytest.fixture
def admin(shop, account):
    """The merchant's browser: `get` and `post` below the vendor's page."""
    client = Client()
    client.login(username="ada", password="ada")
    page = f"/standalone/integrations/{account.vendor}"

    class Admin:
        def get(self):
            return client.get(page)

        def post(self, part="", **data):
            return client.post(f"{page}/{part}" if part else page, data)

        def connect(self):
            answer = self.post("connect", key=f" {account.key} ")
            assert answer.status_code == 303

    return Admin()


def text(answer):
    return answer.content.decode()


class TestConnecting:
    def test_stores_a_key_that_was_tried_shows_it_masked_and_begins_to_write_profiles(self, admin, account):
        admin.connect()
        stored = Connection.objects.get()
        assert (stored.vendor, stored.state, stored.credential, stored.events) == (
            account.vendor, "active", account.key, list(USUAL),
        )  # fmt: skip
        shown = text(admin.get())
        assert account.key not in shown
        assert f"{account.key[:5]}…{account.key[-4:]}" in shown
        assert stored.account_name in shown
        assert progress(vendor=account.vendor).is_running

    def test_is_stored_encrypted(self, admin, account):
        admin.connect()
        with connection.cursor() as cursor:
            cursor.execute("SELECT credential FROM integrations_connection")
            assert account.key not in str(cursor.fetchone()[0])

    def test_with_a_refused_key_says_so_at_the_field_and_stores_nothing(self, admin, account, sandbox):
        account.faults(sandbox, revoked=[account.key])
        answer = admin.post("connect", key=account.key)
        assert answer.status_code == 422
        assert "does not accept this key" in text(answer)
        assert account.key not in text(answer)
        assert not Connection.objects.exists()

    def test_while_the_vendor_is_away_says_so_and_stores_nothing(self, admin, account, sandbox):
        account.faults(sandbox, drop_before=True)
        answer = admin.post("connect", key=account.key)
        assert (answer.status_code, Connection.objects.count()) == (422, 0)
        assert "did not answer" in text(answer)

    def test_without_a_key_asks_for_one(self, admin):
        assert admin.post("connect", key="").status_code == 422

    @pytest.mark.parametrize(
        "account", [each for each in ACCOUNTS if vendor_named(each.vendor).key.begins_with], ids=str, indirect=True
    )
    def test_with_another_kind_of_key_is_refused_before_the_vendor_is_asked(self, admin, account, sandbox):
        answer = admin.post("connect", key="xx_public")
        assert (answer.status_code, Connection.objects.count()) == (422, 0)
        assert not account.calls(sandbox)

    def test_again_with_a_new_key_keeps_what_was_chosen_and_begins_nothing(self, admin, shop, account):
        admin.connect()
        admin.post(events=["points_expired"])
        ScheduledRun.objects.update(finished_at=NOW)
        Connection.objects.update(state="needs_reconnect")
        assert "refuses the key" in text(admin.get())
        admin.connect()
        stored = Connection.objects.get()
        assert (stored.state, stored.events) == ("active", ["points_expired"])
        assert not progress(vendor=account.vendor).is_running


class TestWhatItIsTold:
    def test_is_what_was_chosen_in_the_order_of_the_table(self, admin):
        admin.connect()
        assert admin.post(events=["points_expired", "points_awarded"], sends_birthday="on").status_code == 303
        stored = Connection.objects.get()
        assert (stored.events, stored.sends_birthday) == (["points_awarded", "points_expired"], True)

    def test_may_be_nothing_but_profiles(self, admin):
        admin.connect()
        assert admin.post().status_code == 303
        assert Connection.objects.get().events == []

    def test_is_no_event_there_is_not(self, admin):
        admin.connect()
        assert admin.post(events=["points_stolen"]).status_code == 422
        assert Connection.objects.get().events == list(USUAL)

    def test_is_named_with_when_it_is_told(self, admin):
        admin.connect()
        shown = text(admin.get())
        assert all(named.name in shown for named in EVENTS.values())

    def test_of_a_vendor_that_is_not_connected_is_refused(self, admin):
        answer = admin.post(events=["points_awarded"])
        assert (answer.status_code, Connection.objects.count()) == (422, 0)


class TestTryingIt:
    def test_shows_what_the_vendor_answered(self, admin, account, sandbox):
        admin.connect()
        account.faults(sandbox, refused=True)
        answer = admin.post("test", event="points_awarded", email="me@example.com")
        assert "The test did not arrive" in text(answer)
        account.faults(sandbox, refused=0)
        if account.vendor == "postscript":
            people = [{"shopify_customer_id": "1", "email": "me@example.com"}]
            sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        answer = admin.post("test", event="points_awarded", email="me@example.com")
        assert "The test arrived" in text(answer)
        assert len(account.events(sandbox)) == 1

    def test_needs_an_address(self, admin, account, sandbox):
        admin.connect()
        assert admin.post("test", event="points_awarded", email="nobody").status_code == 422
        assert not account.events(sandbox)


class TestTheEnd:
    def test_of_a_connection_forgets_the_key_and_skips_what_waits(self, admin, shop, account):
        admin.connect()
        Delivery.objects.create(
            program=shop.program,
            destination=f"{account.vendor}:profiles",
            member_id=1,
            next_attempt_at=NOW,
            created_at=NOW,
        )
        assert admin.post("disconnect").status_code == 303
        stored = Connection.objects.get()
        assert (stored.state, stored.credential, stored.credential_hint) == ("disconnected", None, "")
        assert set(Delivery.objects.values_list("state", flat=True)) == {"skipped"}
        assert "Disconnect" not in text(admin.get())


def test_a_vendor_there_is_not_is_not_found(shop):
    client = Client()
    client.login(username="ada", password="ada")
    assert client.get("/standalone/integrations/nobody").status_code == 404
    for part in ("connect", "test", "sync", "disconnect"):
        assert client.post(f"/standalone/integrations/nobody/{part}").status_code == 404


def test_another_shops_connection_is_not_seen_or_touched(admin, shop, account):
    admin.connect()
    other = AShop.new()
    set_login(program=other.program, username="eve", password="eve")
    eve = Client()
    eve.login(username="eve", password="eve")
    assert Connection.objects.get().account_name not in text(eve.get(f"/standalone/integrations/{account.vendor}"))
    eve.post(f"/standalone/integrations/{account.vendor}/disconnect")
    with shop.scope():
        assert Connection.objects.get().state == "active"
