"""The calendar of campaigns: each on its days of the shop, with its state in words, month by month in the address."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db
PAGE = "/standalone/campaigns?view=calendar"


@pytest.fixture
def shop():
    made = AShop.new(time_zone="America/New_York")
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def opened(shop):
    client = Client()
    client.login(username="ada", password="ada")

    def at(query: str = ""):
        answer = client.get(PAGE + query)
        assert answer.status_code == 200
        return answer

    return at


@pytest.fixture
def campaign(shop):
    rule = shop.action(points=100, now=datetime(2025, 1, 1, tzinfo=UTC))

    def made(name: str, starts_at: datetime, ends_at: datetime | None = None, **more) -> Campaign:
        terms = CampaignTerms(
            name=name, starts_at=starts_at, ends_at=ends_at, modifiers={rule.pk: Modifier(Decimal(2))}, **more
        )
        return create_campaign(program=shop.program, terms=terms, now=datetime(2025, 1, 1, tzinfo=UTC))

    return made


def bars(answer: Any) -> dict[str, list[int]]:
    """By campaign, the days of the month's grid it has a bar on."""
    found: dict[str, list[int]] = {}
    for days, lanes in answer.context["calendar"].weeks:
        for lane in lanes:
            at = 0
            for bar in lane:
                if bar.name:
                    found.setdefault(bar.name, []).extend(day.date.day for day in days[at : at + bar.length])
                at += bar.length
    return found


def test_a_campaign_lies_on_its_days_of_the_shop(campaign, opened):
    # Midnights of New York: 5 and 10 March, between which the clocks go forward
    campaign("Spring", datetime(2026, 3, 5, 5, tzinfo=UTC), datetime(2026, 3, 10, 4, tzinfo=UTC))
    assert bars(opened("&month=2026-03")) == {"Spring": [5, 6, 7, 8, 9]}
    assert bars(opened("&month=2026-05")) == {}
    assert "No campaign in this month." in opened("&month=2026-05").content.decode()


def test_one_without_an_end_runs_on(campaign, opened):
    campaign("For ever", datetime(2026, 3, 5, 5, tzinfo=UTC))
    assert len(bars(opened("&month=2031-07"))["For ever"]) == 35
    assert "from 5 Mar 2026 onwards" in opened("&month=2031-07").content.decode()


def test_each_state_is_said_in_words_and_leads_to_the_campaign(campaign, opened):
    now = timezone.now()
    hour = timedelta(hours=1)
    made = {
        "Running": campaign("A", now - hour, now + hour),
        "Scheduled": campaign("B", now + hour, now + 2 * hour),
        "Ended": campaign("C", now - 2 * hour, now - hour),
        "Off": campaign("D", now - hour, is_active=False),
    }
    page = opened(f"&month={now.astimezone(made['Off'].program.zone):%Y-%m}")
    for state, each in made.items():
        bar = next(
            bar
            for days, lanes in page.context["calendar"].weeks
            for lane in lanes
            for bar in lane
            if bar.public_id == each.public_id
        )
        assert bar.standing == state
        assert f'href="/standalone/campaigns/{each.public_id}"' in page.content.decode()


def test_months_lead_to_one_another(opened):
    page = opened("&month=2026-12").content.decode()
    for month in ("2026-11", "2027-01"):
        assert f"campaigns?view=calendar&amp;month={month}" in page


@pytest.mark.parametrize("month", ["", "&month=2026-13", "&month=soon", "&month=9999-12"])
def test_a_month_that_is_none_is_this_one_with_today_marked(opened, month):
    page = opened(month)
    assert page.context["calendar"].is_now
    assert page.content.decode().count('<td aria-current="date"') == 1


def test_the_list_leads_to_the_calendar_and_back(campaign, opened, shop):
    campaign("Spring", datetime(2026, 3, 5, 5, tzinfo=UTC))
    client = Client()
    client.login(username="ada", password="ada")
    assert 'href="/standalone/campaigns?view=calendar"' in client.get("/standalone/campaigns").content.decode()
    assert 'href="/standalone/campaigns"' in opened().content.decode()


def test_another_shop_sees_nothing_of_it(campaign, opened):
    campaign("Spring", datetime(2026, 3, 5, 5, tzinfo=UTC))
    other = AShop.new()
    set_login(program=other.program, username="eve", password="eve")
    client = Client()
    client.login(username="eve", password="eve")
    assert "Spring" not in client.get(PAGE + "&month=2026-03").content.decode()
