"""Home's figures say what the ledger's entries say."""

from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scope

from loyalty.ledger.models import Entry
from shopify_app.dashboard.home import days_of
from tests.browser.shop import NOW, filled_shop

pytestmark = pytest.mark.django_db


class TestHome:
    def test_shows_what_the_entries_add_up_to(self):
        shop = filled_shop()
        client = Client()
        client.login(username=shop.user, password=shop.user)
        shown = {figure.label: figure.value for figure in client.get("/standalone/").context["figures"]}
        with scope(program=shop.program):
            entries = list(Entry.objects.all())
        issued = sum(e.points for e in entries if e.kind == "accrual" or (e.kind == "adjustment" and e.points > 0))
        redeemed = -sum(e.points for e in entries if e.kind == "redemption")
        assert shown["Members"] == "30"
        assert shown["Points issued"] == f"{issued:,}" == "150"
        assert shown["Points redeemed"] == f"{redeemed:,}"
        assert shown["Share redeemed"] == f"{redeemed / issued:.0%}"

    def test_draws_each_day_once_with_its_own_entries(self):
        shop = filled_shop()
        with scope(program=shop.program):
            days = days_of(shop.program, NOW)
        assert len(days) == 90
        assert days[-1].day == NOW.date()
        assert {day.day: day.earned for day in days if day.earned} == {(NOW - timedelta(days=5)).date(): 150}
