"""The form of an earning rule: made from what its kind declares, and each field changes what is stored and earned."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.errors import EarningLimitReached
from loyalty.earning.kinds import KINDS, Category
from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import EarningRule
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
OFFERED = [kind.action for kind in KINDS.values() if kind.category != Category.CUSTOM]


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def filled(form, **changes):
    """What a browser would send of a form that was just opened, with some fields changed."""
    sent = {}
    for field in form:
        value = field.value()
        if value is True:
            sent[field.html_name] = "on"
        elif value is not None and value is not False:
            sent[field.html_name] = value
    return {name: value for name, value in {**sent, **changes}.items() if value is not ...}


def add(staff, action, **changes):
    url = f"/standalone/earning-rules/new/{action}" if action != "custom" else "/standalone/earning-rules/new/custom"
    return staff.post(url, filled(staff.get(url).context["form"], **changes)), url


class TestAdding:
    @pytest.mark.parametrize("action", OFFERED)
    def test_a_rule_of_each_kind_takes_what_the_form_begins_with(self, shop, staff, action):
        answer, _ = add(staff, action)
        assert answer.status_code == 303
        rule = EarningRule.objects.get()
        assert (rule.action, rule.name, rule.options) == (action, KINDS[action].label, {})

    @pytest.mark.parametrize("action", OFFERED)
    def test_shows_every_field_the_kind_declares(self, staff, action):
        _, url = add(staff, action)
        page = staff.get(url).content.decode()
        for field in KINDS[action].fields:
            assert f'name="option_{field.name}"' in page


class TestALimit:
    def test_by_days_is_stored_shown_again_and_holds(self, shop, staff):
        add(staff, "visit_page", frequency="limited", limit_count="2", limit_window="days", limit_days="7")
        rule = EarningRule.objects.get()
        assert rule.limit == Limit(2, Window.DAYS, 7)
        form = staff.get(f"/standalone/earning-rules/{rule.public_id}").context["form"]
        assert [form[name].value() for name in ("frequency", "limit_count", "limit_days")] == ["limited", 2, 7]
        assert "2 times in 7 days" in staff.get("/standalone/earning-rules").content.decode()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"limit_count": ""}, "limit_count"),
            ({"limit_count": "0"}, "limit_count"),
            ({"limit_count": "1", "limit_window": "days", "limit_days": ""}, "limit_days"),
        ],
        ids=["no number", "zero times", "no days"],
    )
    def test_that_is_not_whole_is_refused_at_its_field(self, shop, staff, changes, field):
        answer, _ = add(staff, "visit_page", frequency="limited", **changes)
        assert answer.status_code == 422
        assert answer.context["form"].errors[field]
        assert not EarningRule.objects.exists()

    def test_of_a_custom_action_is_kept_by_an_edit_of_something_else(self, shop, staff):
        rule = shop.action(limit=Limit(1, Window.LIFETIME))
        url = f"/standalone/earning-rules/{rule.public_id}"
        staff.post(url, filled(staff.get(url).context["form"], points="70"))
        rule.refresh_from_db()
        assert (rule.points, rule.limit) == (70, Limit(1, Window.LIFETIME))
        shop.member(7001)
        shop.award(now=timezone.now())
        with pytest.raises(EarningLimitReached):
            shop.award(now=timezone.now() + timedelta(days=1))

    def test_taken_away_is_gone(self, shop, staff):
        rule = shop.action(limit=Limit(1, Window.LIFETIME))
        url = f"/standalone/earning-rules/{rule.public_id}"
        staff.post(url, filled(staff.get(url).context["form"], frequency="unlimited"))
        rule.refresh_from_db()
        assert (rule.limit, rule.frequency) == (None, "unlimited")


class TestOptions:
    def test_of_a_review_are_stored_and_shown_again(self, shop, staff):
        add(staff, "review", option_photo_points="80", option_platforms="OKENDO, LOOX")
        rule = EarningRule.objects.get()
        assert rule.options == {"photo_points": 80, "platforms": ["OKENDO", "LOOX"]}
        form = staff.get(f"/standalone/earning-rules/{rule.public_id}").context["form"]
        assert form["option_platforms"].value() == "OKENDO, LOOX"

    def test_that_break_a_rule_are_refused_at_their_field(self, shop, staff):
        answer, _ = add(staff, "order_milestone", option_orders="0")
        assert answer.status_code == 422
        assert answer.context["form"].errors["option_orders"]

    def test_emptied_mean_the_default_again(self, shop, staff):
        rule = shop.rule("order_milestone", options={"orders": 9}, now=NOW)
        url = f"/standalone/earning-rules/{rule.public_id}"
        staff.post(url, filled(staff.get(url).context["form"], option_orders=""))
        rule.refresh_from_db()
        assert rule.options == {}


class TestTheSummary:
    def said(self, staff, rule):
        return staff.get(f"/standalone/earning-rules/{rule.public_id}").context["summary"]

    def test_says_the_points_or_what_is_given_in_their_place(self, shop, staff):
        rule = shop.rule("referral", points=500)
        assert self.said(staff, rule)[0] == "500 points"
        options = {"advocate_gets": "reward", "advocate_reward": shop.reward(0).public_id}
        EarningRule.objects.update(options=options)
        said = self.said(staff, rule)
        assert said[0] == "The reward you choose, without paying points"
        assert not any("multipliers" in line for line in said)
