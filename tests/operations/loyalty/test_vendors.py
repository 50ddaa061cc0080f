"""What each marketing platform is told: the same promises of all of them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.integrations import operations as integrations
from loyalty.integrations.forgetting import take_back
from loyalty.integrations.vendors import VENDORS
from loyalty.members.models import Member
from loyalty.outbox import relay
from loyalty.outbox.ports import Dead, Done, Skipped
from loyalty.tiers.operations import assign, change_ladder
from loyalty.tiers.terms import Ladder, TierTerms
from tests.a_shop import NOW
from tests.vendor_accounts import ACCOUNTS
from tests.vendor_telling import connected_shop, connection, fresh, happen, mirror, rows, tell


@pytest.fixture(autouse=True)
def _hurry(settings):
    """The pace is by the real clock, which these tests do not wait for; it has tests of its own."""
    settings.ENCORE_DELIVERY_PACE = 1000.0


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.vendor)
def account(request, sandbox):
    yield from fresh(request.param, sandbox)


@pytest.fixture
def shop(db, sandbox, account):
    yield from connected_shop(sandbox, account)


def test_every_vendor_of_the_table_is_asked_here():
    assert [account.vendor for account in ACCOUNTS] == [vendor.slug for vendor in VENDORS]


class TestWhatArrives:
    def test_is_the_event_under_the_vendors_spelling_once(self, shop, account, sandbox):
        happen(shop)
        assert isinstance(tell(account), Done)
        (event,) = account.events(sandbox)
        assert event["properties"][account.points_awarded] == 100
        assert rows(account).get().state == "done"
        assert account.key not in str(list(rows(account).values()))

    def test_shows_the_new_balance_with_the_event_or_before_it(self, shop, account, sandbox):
        happen(shop)
        tell(account)
        assert list(account.balances(sandbox).values()) == [100]

    def test_is_the_state_as_it_is_when_it_is_sent(self, shop, account, sandbox):
        happen(shop)
        happen(shop)
        assert rows(account, "profiles").count() == 1
        assert isinstance(mirror(account), Done)
        assert list(account.balances(sandbox).values()) == [200]
        assert not account.events(sandbox)

    def test_never_subscribes_anybody(self, shop, account, sandbox):
        happen(shop)
        tell(account)
        mirror(account)
        received = account.received(sandbox)
        assert not received.get("forbidden")
        assert {each.get("status") for each in received.get("contacts", {}).values()} <= {"nonSubscribed"}

    def test_is_only_what_the_merchant_has_chosen(self, shop, account):
        integrations.choose(vendor=account.vendor, events=["points_expired"], sends_birthday=False, now=NOW)
        happen(shop)
        assert not rows(account).exists()
        assert rows(account, "profiles").exists()


class TestATierWithANewName:
    def test_reaches_the_profiles_of_everybody_on_it(self, shop, account, sandbox):
        tier = shop.tier("Silver", 0)
        happen(shop)
        assign(member_id=Member.objects.get().pk, tier=tier, lock=False, now=NOW)
        mirror(account)
        assert "Silver" in str(account.received(sandbox)[account.people])
        terms = TierTerms("Steel", 0, Decimal(1), public_id=tier.public_id)
        change_ladder(program_id=shop.program.pk, ladder=Ladder([terms], "points", "lifetime", 0, "all"), now=NOW)
        relay.fan_out(now=NOW)
        claim = relay.claim(destination="encore:renamed-tier-profiles", now=NOW)
        assert isinstance(relay.attempt(claim=claim, now=NOW), Done)
        assert isinstance(mirror(account), Done)
        shown = str(account.received(sandbox)[account.people])
        assert "Steel" in shown
        assert "Silver" not in shown


class TestSomebodyForgotten:
    def test_loses_our_properties_there_and_nothing_else_of_theirs(self, shop, account, sandbox):
        happen(shop)
        mirror(account)
        assert account.balances(sandbox)
        take_back(email="ada@example.com", shopify_customer_id=7001, now=NOW)
        (left,) = account.received(sandbox)[account.people].values()
        kept = {name: value for name, value in left["properties"].items() if value not in ("", 0)}
        assert kept == {}

    def test_of_whom_nothing_was_said_nothing_is_said_now(self, shop, account, sandbox):
        if account.vendor == "postscript":
            sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "everyone": False})
        take_back(email="nobody@example.com", shopify_customer_id=1, now=NOW)
        known = account.received(sandbox)[account.people].values()
        assert {value for each in known for value in each["properties"].values()} <= {"", 0}

    def test_is_tried_once_whatever_the_vendor_does(self, shop, account, sandbox):
        account.faults(sandbox, server_error=True)
        take_back(email="ada@example.com", shopify_customer_id=7001, now=NOW)
        assert connection(account).failures_in_row == 0


class TestDisconnecting:
    def test_forgets_the_key_and_sends_nothing_more(self, shop, account, sandbox):
        happen(shop)
        integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW)
        assert connection(account).credential is None
        assert {row.state for row in rows(account)} == {"skipped"}
        happen(shop)
        assert not rows(account).filter(state="pending").exists()
        assert not account.events(sandbox)


class TestATestEvent:
    def test_arrives_marked_and_leaves_no_trace(self, shop, account, sandbox):
        if account.vendor == "postscript":
            people = [{"shopify_customer_id": "1", "email": "me@example.com"}]
            sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        outcome = integrations.send_test(
            program=shop.program, vendor=account.vendor, event="points_awarded", email="me@example.com", now=NOW
        )
        assert isinstance(outcome, Done)
        (event,) = account.events(sandbox)
        assert event["properties"].get("Encore Test") or event["properties"].get("Encore_Test")
        assert not rows(account).exists()

    def test_says_what_the_vendor_said(self, shop, account, sandbox):
        account.faults(sandbox, refused=1, only="subscribers" if account.vendor == "postscript" else "events")
        outcome = integrations.send_test(
            program=shop.program, vendor=account.vendor, event="points_awarded", email="me@example.com", now=NOW
        )
        assert isinstance(outcome, Dead)
        assert outcome.response

    def test_to_a_vendor_that_is_not_connected_is_refused(self, shop, account):
        integrations.disconnect(program=shop.program, vendor=account.vendor, now=NOW)
        with pytest.raises(integrations.NotConnected):
            integrations.send_test(
                program=shop.program, vendor=account.vendor, event="points_awarded", email="a@b.c", now=NOW
            )


class TestPostscriptsPeople:
    @pytest.fixture(params=[account for account in ACCOUNTS if account.vendor == "postscript"], ids=["postscript"])
    def account(self, request, sandbox):
        request.param.reset(sandbox)
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": request.param.key, "everyone": False})
        yield request.param
        request.param.reset(sandbox)

    def test_who_is_no_subscriber_is_left_alone_and_asked_for_once_a_day(self, shop, account, sandbox):
        happen(shop)
        assert isinstance(tell(account), Skipped)
        happen(shop, NOW + timedelta(hours=23))
        assert isinstance(tell(account, NOW + timedelta(hours=23)), Skipped)
        assert len(account.calls(sandbox, "subscribers")) == 2, "by the customer's id, then by the address; once"
        people = [{"shopify_customer_id": "7001"}]
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        later = NOW + timedelta(hours=25)
        happen(shop, later)
        assert isinstance(tell(account, later), Done)

    def test_a_subscriber_is_looked_up_once(self, shop, account, sandbox):
        people = [{"shopify_customer_id": "7001"}]
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        happen(shop, times=2)
        assert [type(tell(account)) for _ in range(2)] == [Done, Done]
        assert len(account.calls(sandbox, "subscribers")) == 1

    def test_who_left_is_skipped_from_then_on(self, shop, account, sandbox):
        people = [{"shopify_customer_id": "7001"}]
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "subscribers": people})
        happen(shop, times=2)
        tell(account)
        sandbox.call("PUT", "vendors/postscript/subscribers", {"key": account.key, "gone": ["7001"]})
        assert isinstance(tell(account), Skipped)
        assert rows(account).filter(state="skipped").get().last_error == "Not a subscriber"
