"""What would it have cost? The unsaved form answered on past orders: nothing saved, errors as the form shows them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.tiers.models import Tier
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop
from tests.operations.loyalty.orders import ORDER, heard, order

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ROOT = "/standalone/"
RULE = {"name": "Order", "points": "7", "approval_days": "0", "is_active": "on", "option_per": "currency_unit",
        "option_when": "paid"}  # fmt: skip


@pytest.fixture
def shop(db):
    """Ada ordered for 100 yesterday and for 20 a hundred days ago; a rule gives 5 per currency unit."""
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    now = timezone.now()
    with made.scope():
        made.tier("Bronze", 0)
        made.member(now=now - 200 * DAY)
        made.the_rule = made.rule("place_order", 5, now=now - 300 * DAY, frequency="unlimited")
        heard(made, order(ORDER, 10000, at=now - DAY), now=now)
        heard(made, order(ORDER + 1, 2000, at=now - 100 * DAY), now=now)
        yield made


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


@pytest.fixture
def post(staff, shop):
    """Posts a form as htmx does, and looks that nothing has changed."""

    def post(path, **fields):
        with shop.nothing_changes():
            return staff.post(f"{ROOT}{path}", fields, headers={"HX-Request": "true"})

    return post


def campaign_form(shop, **changes):
    days = {"starts_on": "2026-01-01", "is_active": "on"}
    return {"name": "Double", **days, f"multiplier_{shop.the_rule.pk}": "2", **changes}


def ladder_form(shop, **changes):
    kept = {"entry": "spend", "period": "lifetime", "grace_days": "0", "name_0": "Bronze", "multiplier_0": "1",
            "name_1": "Silver", "threshold_1": "50", "multiplier_1": "2"}  # fmt: skip
    return {**kept, **changes}


def paths(shop):
    with shop.scope():
        terms = CampaignTerms("Stored", timezone.now() - DAY, {shop.the_rule.pk: Modifier(Decimal(3))})
        stored = create_campaign(program=shop.program, terms=terms, now=timezone.now())
    rule = f"earning-rules/{shop.the_rule.public_id}"
    return [
        ("earning-rules/new/place_order", RULE),
        (rule, RULE),
        ("campaigns/new", campaign_form(shop)),
        (f"campaigns/{stored.public_id}", campaign_form(shop)),
        ("vip-tiers", ladder_form(shop)),
    ]


class TestEveryForm:
    def test_has_the_button_and_its_place(self, shop, staff):
        for path, _ in paths(shop):
            html = staff.get(f"{ROOT}{path}").content.decode()
            assert f'hx-post="{ROOT}{path}/backtest"' in html, path
            assert 'id="backtest"' in html, path

    def test_is_answered_without_being_saved(self, shop, post):
        for path, fields in paths(shop):
            rows = (Tier.objects.count(), Campaign.objects.count(), list(Campaign.objects.values()))
            answer = post(f"{path}/backtest", **fields)
            html = answer.content.decode()
            assert answer.status_code == 200, path
            assert "<html" not in html and "Points per month" in html and "Last 180 days" in html, path
            assert (Tier.objects.count(), Campaign.objects.count(), list(Campaign.objects.values())) == rows
        shop.the_rule.refresh_from_db()
        assert (shop.the_rule.points, shop.the_rule.version) == (5, 1)

    def test_that_is_not_right_comes_back_whole_with_its_sentences_and_what_was_typed(self, shop, post):
        for path, fields in paths(shop):
            name = "name_0" if path == "vip-tiers" else "name"
            answer = post(f"{path}/backtest", **{**fields, name: "", "grace_days": "12", "points": "77"})
            html = answer.content.decode()
            assert answer.status_code == 422, path
            assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "innerHTML")
            assert "Give the" in html and f'action="{ROOT}{path}"' in html, path
            assert f'hx-post="{ROOT}{path}/backtest"' in html, path
            assert 'value="12"' in html or 'value="77"' in html or 'value="2026-01-01"' in html, path

    def test_is_only_asked_by_post(self, shop, staff):
        for path, _ in paths(shop):
            assert staff.get(f"{ROOT}{path}/backtest").status_code == 405


class TestARule:
    def test_shows_both_columns_the_difference_and_each_month(self, shop, post):
        with shop.scope():
            shop.reward(100, name="$5 off")
        html = post(f"earning-rules/{shop.the_rule.public_id}/backtest", **RULE).content.decode()
        assert "240 points more than today, worth about 12.00 USD; 1 member would have got another" in html
        for figure in ("600", "840", "+240", "30.00 USD", "42.00 USD", "+12.00 USD", "0"):
            assert f"<s-table-cell>{figure}</s-table-cell>" in html
        for month in {f"{timezone.now() - days * DAY:%b %Y}" for days in (1, 100)}:
            assert f"<s-table-cell>{month}</s-table-cell>" in html
        assert "“$5 off”, 5 USD for 100 points" in html

    def test_without_a_reward_says_that_there_is_no_money(self, shop, post):
        html = post("earning-rules/new/place_order/backtest", **RULE).content.decode()
        assert "No money is shown" in html and "Worth about" not in html

    def test_looks_back_as_far_as_asked(self, shop, post):
        html = post("earning-rules/new/place_order/backtest?days=90", **RULE).content.decode()
        assert "Looked at: 1 order of the last 90 days" in html
        assert "backtest?days=180" in html and "backtest?days=365" in html
        assert "Looked at: 2 orders of the last 180 days" in post(
            "earning-rules/new/place_order/backtest?days=9999", **RULE
        ).content.decode()  # fmt: skip

    def test_names_what_was_not_judged(self, shop, post):
        html = post("earning-rules/new/place_order/backtest", **RULE, option_product_tags="tea").content.decode()
        assert "Not judged, and in no figure: 2 orders whose products&#x27; tags or collections are not known." in html

    def test_of_another_kind_or_shop_is_not_there(self, shop, staff):
        other = AShop.new()
        theirs = other.rule("place_order", 5)
        with shop.scope():
            social = shop.rule()
        for path in ("new/follow_on_instagram", social.public_id, theirs.public_id):
            assert staff.post(f"{ROOT}earning-rules/{path}/backtest", RULE).status_code == 404
        assert staff.post(f"{ROOT}campaigns/camp_none/backtest", {}).status_code == 404


class TestALadder:
    def test_says_who_would_move_and_what_multipliers_cost(self, shop, post):
        html = post("vip-tiers/backtest", **ladder_form(shop)).content.decode()
        assert "Bronze → Silver: 1 member" in html
        assert "600 points more than today" in html

    def test_that_breaks_a_rule_of_the_whole_is_refused_as_saving_is(self, shop, post):
        answer = post("vip-tiers/backtest", **ladder_form(shop, name_1="bronze"))
        assert answer.status_code == 422
        assert "exists already" in answer.content.decode()
