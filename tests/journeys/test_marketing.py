"""Marketing platforms beside each other, with the real workers: news once, every profile, whoever is away."""

import pytest
from django.utils import timezone

from loyalty.integrations.models import Connection
from loyalty.integrations.operations import connect, synchronise
from loyalty.integrations.syncing import progress
from loyalty.outbox.models import Delivery
from tests.vendor_accounts import ACCOUNTS

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live):
    """A shop connected to every platform there is a stand-in for."""
    live.action(points=100)
    for account in ACCOUNTS:
        account.reset(live.sandbox)
    with live.scope():
        for account in ACCOUNTS:
            connect(program=live.program, vendor=account.vendor, key=account.key, now=timezone.now())
        yield live
    for account in ACCOUNTS:
        account.reset(live.sandbox)


def award(shop):
    assert shop.rest("POST", "actions", {"action_key": "app_install", "customer_id": "7001"}).status_code == 201


def all_hear(shop, account, times=1):
    shop.eventually(lambda: len(account.events(shop.sandbox)) >= times)
    shop.eventually(lambda: 100 * times in account.balances(shop.sandbox).values())


def settled(shop):
    shop.eventually(lambda: not Delivery.objects.filter(state__in=["pending", "sending"]).exists(), 40)


class TestAnAward:
    def test_is_told_to_each_platform_once_with_the_balance(self, shop):
        award(shop)
        for account in ACCOUNTS:
            all_hear(shop, account)
        settled(shop)
        for account in ACCOUNTS:
            assert len(account.events(shop.sandbox)) == 1, account.vendor
        assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}

    def test_reaches_the_others_while_one_is_away_and_that_one_when_it_is_back(self, shop):
        away, *others = ACCOUNTS
        away.faults(shop.sandbox, drop_before=True)
        award(shop)
        for account in others:
            all_hear(shop, account)
        assert not away.events(shop.sandbox)
        away.faults(shop.sandbox, drop_before=0)
        Connection.objects.update(waits_until=None, failures_in_row=0)
        Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
        all_hear(shop, away)
        settled(shop)
        assert all(len(account.events(shop.sandbox)) == 1 for account in ACCOUNTS)


def test_all_profiles_are_written_in_the_background_beside_news(shop):
    for number in range(12):
        shop.member(8000 + number, email=f"member{number}@example.com", points=number + 1, now=timezone.now())
    for account in ACCOUNTS:
        synchronise(program=shop.program, vendor=account.vendor, now=timezone.now())
    award(shop)
    for account in ACCOUNTS:
        all_hear(shop, account)
        shop.eventually(lambda vendor=account.vendor: progress(vendor=vendor).handled == 13, 60)
        written = list(account.balances(shop.sandbox).values())
        assert set(range(1, 13)) <= set(written), account.vendor
