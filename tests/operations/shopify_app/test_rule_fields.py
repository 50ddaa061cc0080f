"""Each field of a rule's form, changed alone: what a member has in the end, or what a storefront reads, differs.

Of every kind but those with a file of their own: orders (test_order_rule_fields), referrals (test_referral_fields) and
custom actions (test_rules, test_points_override).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.errors import AlreadyAwarded, EarningLimitReached, RuleNotFound
from loyalty.earning.facts import RuleReference
from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.review import Review
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import celebrate
from loyalty.members.operations import update_profile
from shopify_app.dashboard.operations import set_login
from shopify_app.dashboard.rule_forms import OftenForm, kind_form
from tests.a_shop import AShop
from tests.operations.loyalty.orders import heard, order
from tests.operations.shopify_app.test_rule_forms import add

pytestmark = pytest.mark.django_db
TESTED = [action for action in KINDS if action not in ("custom", "place_order", "referral")]
LIMITED = {"frequency": "limited", "limit_count": "1"}
Case = tuple[dict[str, str], dict[str, Any], Any, Any, Any]
"""What is filled in for both, what besides for the second, what is looked at, and what it is without and with."""


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hundreds of logins: a hash made to be slow would take most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Life:
    """A shop whose staff added one rule by its form, and a member to whom what the rule is for happens."""

    def __init__(self, action: str, fields: dict[str, Any]) -> None:
        self.shop, self.action = AShop.new(), action
        set_login(program=self.shop.program, username="ada", password="ada")
        staff = Client()
        staff.login(username="ada", password="ada")
        self.enrolled_at = timezone.now() - timedelta(minutes=1)
        if action != "signup":
            self.member = self.shop.member(now=self.enrolled_at)
        answer, _ = add(staff, action, **fields)
        assert answer.status_code == 303, answer.context["form"].errors
        with self.shop.scope():
            self.rule = EarningRule.objects.get()
        self.now = self.rule.created_at + timedelta(hours=1)

    def points(self, *days: int, review: Review | None = None) -> int:
        """What the member may spend when it has happened on each of these days, the rule's first being 0."""
        for day in days or (0,):
            self.happens(self.now + timedelta(days=day), review)
        self.shop.assert_sound()
        return self.shop.balances(self.member, self.at).available

    def happens(self, at: datetime, review: Review | None) -> None:
        self.at, shop = at, self.shop
        if self.action in ("birthday", "anniversary"):
            self.at = at + timedelta(days=60)
            kept: dict[str, Any] = {"birthday": "date_of_birth", "anniversary": "anniversary_date"}
            day = date(1992, self.at.month, self.at.day)
            update_profile(member_id=self.member.pk, now=self.enrolled_at, **{kept[self.action]: day})
            celebrate(program=shop.program, now=self.at)
        elif self.action == "signup":
            self.member = shop.member(now=at)
        elif self.action in ("order_milestone", "spend_milestone"):
            heard(shop, *(order(each, 10000, at=at) for each in range(1, 6)), now=at)
        else:
            rule = RuleReference(public_id=self.rule.public_id)
            parts_of = KINDS["review"].parts
            assert parts_of is not None
            parts = parts_of(self.rule.points, self.rule.options, review) if review else None
            with suppress(AlreadyAwarded, EarningLimitReached, RuleNotFound):
                shop.award(rule=rule, now=at, parts=parts)

    def read(self, name: str) -> Any:
        """What the storefront reads of the rule, over REST."""
        answer = Client().get(f"/v1/earning-rules/{self.rule.public_id}", headers={"Authorization": self.shop.key()})
        return answer.json()["data"]["attributes"][name]


def happening(*days: int, **what: Any) -> Any:
    return lambda life: life.points(*days, **what)


def reading(name: str) -> Any:
    return lambda life: life.read(name)


def cases(action: str) -> dict[str, Case]:
    """By the form's field."""
    kind = KINDS[action]
    usual, once = kind.suggested_points, happening()
    found: dict[str, Case] = {
        "name": ({}, {"name": "Come and see"}, reading("name"), kind.label, "Come and see"),
        "points": ({}, {"points": "70"}, once, usual, 70),
        "approval_days": ({}, {"approval_days": "90"}, once, usual, 0),
        "is_active": ({}, {"is_active": ...}, once, usual, 0),
        "customer_facing_label": (
            {}, {"customer_facing_label": "For you"}, reading("customer_facing_label"), None, "For you",
        ),
        "call_to_action_url": (
            {},
            {"call_to_action_url": "https://tea.example/a"},
            reading("call_to_action_url"),
            None,
            "https://tea.example/a",
        ),
    }  # fmt: skip
    if issubclass(kind_form(kind), OftenForm):
        found |= {
            "frequency": ({}, {"frequency": "unlimited"}, happening(0, 1), usual, 2 * usual),
            "limit_count": (LIMITED, {"limit_count": "2"}, happening(0, 0, 0), usual, 2 * usual),
            "limit_window": (LIMITED, {"limit_window": "lifetime"}, happening(0, 1), 2 * usual, usual),
            "limit_days": (
                {**LIMITED, "limit_window": "days", "limit_days": "2"},
                {"limit_days": "7"},
                happening(0, 3),
                2 * usual,
                usual,
            ),
        }
    return found | OWN.get(action, {})


PICTURED, FILMED = Review("OKENDO", photos=1), Review("OKENDO", videos=1)
OWN: dict[str, dict[str, Case]] = {
    "review": {
        "option_photo_points": ({}, {"option_photo_points": "80"}, happening(0, review=PICTURED), 50, 80),
        "option_video_points": ({}, {"option_video_points": "90"}, happening(0, review=FILMED), 50, 90),
        "option_platforms": ({}, {"option_platforms": "LOOX"}, happening(0, review=PICTURED), 50, 0),
    },
    "order_milestone": {"option_orders": ({}, {"option_orders": "6"}, happening(), 250, 0)},
    "spend_milestone": {"option_spent": ({}, {"option_spent": "501"}, happening(), 250, 0)},
}


@pytest.mark.parametrize("action", TESTED)
def test_every_field_of_the_form_has_its_case(action):
    assert set(cases(action)) == set(kind_form(KINDS[action]).base_fields)


@pytest.mark.parametrize(
    ("action", "field"), [(action, field) for action in TESTED for field in kind_form(KINDS[action]).base_fields]
)
def test_a_field_alone_makes_a_difference(action, field):
    for_both, change, outcome, without, with_it = cases(action)[field]
    found = []
    for fields in (for_both, {**for_both, **change}):
        life = Life(action, fields)
        with life.shop.scope():
            found.append(outcome(life))
    assert found == [without, with_it]
    assert without != with_it
