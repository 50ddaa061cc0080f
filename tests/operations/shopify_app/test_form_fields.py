"""Each field of the forms about people, keys, webhooks and test mode, changed alone: what is stored beside the form differs.

`REGISTERED` says for every other form of the admin where its fields have such tests; a new field fails until it has one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from django.test import Client

import shopify_app.dashboard
from loyalty.earning.models import Award, EarningRule
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.ledger.models import Account
from loyalty.outbox.models import Event
from loyalty.programs.models import ApiKey, Program
from loyalty.tiers.models import TierMembership
from loyalty.tiers.operations import requalify
from shopify_app.dashboard.campaign_forms import CampaignForm
from shopify_app.dashboard.operations import set_login
from shopify_app.dashboard.polaris import PolarisForm
from shopify_app.dashboard.tier_forms import LadderForm
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
TESTS = Path(__file__).parents[2]
KEY = {"name": "Till", "scope": "full"}
HOOK = {"url": "https://hooks.example/a", "events": ["points.earned"], "is_active": "on"}
ADJUST: dict[str, Any] = {"points": "50", "note": "Sorry", "update_lifetime": "on", "once": "o-1"}
TIER = {"tier": "gold", "lock": "on", "reason": "A friend"}
ACTION = {
    "name": "Visit", "action_key": "visit", "points": "10", "frequency": "once", "approval_days": "0", "is_active": "on",
    "option_most_points": "1000",
}  # fmt: skip
MODE = {"mode": "shadow", "emails": "ada@example.com"}
PATHS: dict[str, tuple[str, dict[str, Any]]] = {
    "rule_forms.CustomActionForm": ("earning-rules/new/custom", ACTION),
    "starting.StartForm": ("start/coffee", {"state": "on", "once": "o-1"}),
    "developer.KeyForm": ("settings/developer", KEY),
    "webhooks.SubscriptionForm": ("webhooks/new", HOOK),
    "member_forms.AdjustForm": ("members/{member}/adjust", ADJUST),
    "member_forms.TierForm": ("members/{member}/tier", TIER),
    "test_mode.ModeForm": ("settings/test-mode", MODE),
}
"""Where each form is sent, and what is filled in for both."""


def rule(column: str) -> Any:
    return lambda shop: EarningRule.objects.values_list(column, flat=True).get()


def rules_on(shop: AShop) -> bool:
    return EarningRule.objects.filter(is_active=True).exists()


def key(column: str) -> Any:
    return lambda shop: ApiKey.objects.values_list(column, flat=True).get()


def hook(column: str) -> Any:
    return lambda shop: WebhookSubscription.objects.values_list(column, flat=True).get()


def mode(column: str) -> Any:
    return lambda shop: Program.objects.filter(pk=shop.program.pk).values_list(column, flat=True).get()


def adjusted(column: str) -> Any:
    return lambda shop: Award.objects.filter(source="staff").values_list(column, flat=True).get()


def lifetime(shop: AShop) -> int:
    return Account.objects.values_list("lifetime", flat=True).get()


def standing(column: str) -> Any:
    return lambda shop: TierMembership.objects.values_list(column, flat=True).get()


def told(shop: AShop) -> Any:
    return Event.objects.filter(kind="tier.changed").latest("pk").payload.get("note")


OPS = "operations/shopify_app"
REGISTERED = {
    "approvals.AwardsForm": f"{OPS}/test_approvals_page.py",
    "campaign_forms.CampaignForm": f"{OPS}/test_campaign_pages.py",
    "email.TestForm": "journeys/test_emails.py",
    "email.TextForm": "journeys/test_emails.py",
    "emails.LanguagesForm": "journeys/test_emails.py",
    "emails.SenderForm": "journeys/test_emails.py",
    "import_matching.MatchForm": "journeys/test_import_fields.py",
    "imports.UploadForm": "journeys/test_import_fields.py",
    "analytics_worth.WorthForm": f"{OPS}/test_analytics_page.py",
    "integration.ChoiceForm": f"{OPS}/test_integration_pages.py",
    "integration.KeyForm": f"{OPS}/test_integration_pages.py",
    "integration.TestForm": f"{OPS}/test_integration_pages.py",
    "member_forms.MergeForm": f"{OPS}/test_member_actions.py",
    "onsite.DisplayForm": "journeys/test_onsite_display.py",
    "referrals.ReferralsForm": f"{OPS}/test_referrals_page.py",
    "reward_forms.RewardForm": f"{OPS}/test_reward_form.py",
    "rule_forms.CustomActionForm": f"{OPS}/test_rule_fields.py",
    "rule_forms.OftenForm": f"{OPS}/test_rule_fields.py",
    "rule_forms.RuleForm": f"{OPS}/test_rule_fields.py",
    "rule_forms.TryForm": f"{OPS}/test_member_page.py",
    "settings_forms.SettingsForm": f"{OPS}/test_settings_page.py",
    "tier_forms.LadderForm": f"{OPS}/test_tiers_page.py",
    "webhooks.ReplayForm": f"{OPS}/test_webhook_replay_form.py",
}
"""By form, the file whose tests change its fields one by one."""
QUESTIONS = {"is_confirmed"}
"""A yes that is asked for before something happens: without it nothing does, which the page's own tests show."""


CASES: dict[str, tuple[dict[str, Any], Any, Any, Any]] = {
    "rule_forms.CustomActionForm.action_key": ({"action_key": "call"}, rule("action_key"), "visit", "call"),
    "rule_forms.CustomActionForm.is_hidden_on_storefront": (
        {"is_hidden_on_storefront": "on"}, rule("is_hidden_on_storefront"), False, True,
    ),
    "starting.StartForm.state": ({"state": "draft"}, rules_on, True, False),
    "developer.KeyForm.name": ({"name": "Server"}, key("name"), "Till", "Server"),
    "developer.KeyForm.scope": ({"scope": "read_only"}, key("scope"), "full", "read_only"),
    "developer.KeyForm.expires_on": ({"expires_on": "2099-01-31"}, lambda shop: key("expires_at")(shop) is None, True, False),
    "developer.KeyForm.may_set_points": ({"may_set_points": "on"}, key("may_set_points"), False, True),
    "webhooks.SubscriptionForm.url": (
        {"url": "https://hooks.example/b"}, hook("url"), "https://hooks.example/a", "https://hooks.example/b",
    ),
    "webhooks.SubscriptionForm.description": ({"description": "Till"}, hook("description"), None, "Till"),
    "webhooks.SubscriptionForm.events": (
        {"events": ["points.redeemed"]}, hook("events"), ["points.earned"], ["points.redeemed"],
    ),
    "webhooks.SubscriptionForm.keeps_trying": ({"keeps_trying": "on"}, hook("keeps_trying"), False, True),
    "webhooks.SubscriptionForm.is_active": ({"is_active": ""}, hook("is_active"), True, False),
    "member_forms.AdjustForm.points": ({"points": "-5"}, adjusted("points"), 50, -5),
    "member_forms.AdjustForm.note": ({"note": "A gift"}, adjusted("note"), "Sorry", "A gift"),
    "member_forms.AdjustForm.update_lifetime": ({"update_lifetime": ""}, lifetime, 60, 10),
    "member_forms.TierForm.tier": ({"tier": "bronze"}, standing("tier__name"), "Gold", "Bronze"),
    "member_forms.TierForm.lock": ({"lock": ""}, standing("is_locked"), True, False),
    "member_forms.TierForm.reason": ({"reason": "Won it"}, told, "A friend", "Won it"),
    "test_mode.ModeForm.mode": (
        {"mode": "restrict", "is_confirmed": "on"}, mode("test_mode"), "shadow", "restrict",
    ),
    "test_mode.ModeForm.emails": (
        {"emails": "bob@example.com"}, mode("test_mode_emails"), ["ada@example.com"], ["bob@example.com"],
    ),
    "test_mode.ModeForm.sends_test_events": ({"sends_test_events": "on"}, mode("sends_test_events"), False, True),
}  # fmt: skip
"""What is filled in besides for the second, what is looked at, and what it is without and with."""


@pytest.mark.parametrize("name", CASES)
def test_a_field_alone_makes_a_difference(name):
    change, look, without, with_it = CASES[name]
    assert [found(name, {}, look), found(name, change, look)] == [without, with_it]


def found(name: str, change: dict[str, Any], look: Any) -> Any:
    """What a new shop has once its form was sent."""
    shop = AShop.new()
    user = f"ada{shop.program.pk}"
    set_login(program=shop.program, username=user, password=user)
    client = Client()
    client.login(username=user, password=user)
    path, usual = PATHS[name.rpartition(".")[0]]
    with shop.scope():
        tiers = {"bronze": shop.tier("Bronze", 0).public_id, "gold": shop.tier("Gold", 1000).public_id}
        if "{member}" in path:
            member = shop.member(7001, points=10)
            requalify(member_id=member.pk, now=NOW)
            path = path.format(member=member.pk)
        elif name.startswith("test_mode."):
            shop.member(7001, email="ada@example.com"), shop.member(7002, email="bob@example.com")
        sent = {
            field: tiers.get(value, value) if field == "tier" else value for field, value in {**usual, **change}.items()
        }
        assert client.post(f"/standalone/{path}", sent).status_code in (200, 303)
        return look(shop)


def forms_of_the_admin() -> Iterator[tuple[str, type[PolarisForm]]]:
    """Every form, by its module and class."""
    for module in iter_modules(shopify_app.dashboard.__path__):
        loaded = import_module(f"shopify_app.dashboard.{module.name}")
        for form in vars(loaded).values():
            if isinstance(form, type) and issubclass(form, PolarisForm) and form.__module__ == loaded.__name__:
                yield f"{module.name}.{form.__name__}", form


def fields() -> Iterator[tuple[str, str]]:
    """Every visible field that a form of the admin declares: the form, and the field."""
    for name, form in forms_of_the_admin():
        for field_name, field in form.base_fields.items():
            if not field.widget.is_hidden and field_name not in QUESTIONS:
                yield name, field_name


def made(shop: AShop) -> Iterator[tuple[str, str]]:
    """Every field that a form gets when it is made, of forms as a shop with two tiers and a rule has them."""
    tiers, rule = [shop.tier("Bronze", 0), shop.tier("Gold", 1000)], shop.action()
    forms = {
        "tier_forms.LadderForm": LadderForm(program=shop.program, tiers=tiers, rewards=[], given={}),
        "campaign_forms.CampaignForm": CampaignForm(rules=[rule], tiers=tiers),
    }
    for name, form in forms.items():
        for field_name in form.fields.keys() - type(form).base_fields.keys():
            yield name, re.sub(r"\d+$", "", field_name)


def changed_in(test: str) -> set[str]:
    """What a file of tests names, to the letter: in tables of cases, in what is sent, and as arguments."""
    tree = ast.parse((TESTS / test).read_text())
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}
    return texts | arguments | {re.sub(r"\d+$", "", each) for each in texts | arguments}


@pytest.mark.parametrize(("form", "field"), fields())
def test_every_field_of_the_admin_has_a_test_that_changes_it(form, field):
    if f"{form}.{field}" not in CASES:
        assert form in REGISTERED, f"say in CASES or REGISTERED what changes with {form}.{field}"
        assert field in changed_in(REGISTERED[form]), f"{REGISTERED[form]} does not change {field}"


def test_every_field_that_a_form_gets_when_it_is_made_has_one_too():
    shop = AShop.new()
    with shop.scope():
        found = set(made(shop))
    assert len(found) > 6
    missing = {(form, field) for form, field in found if field not in changed_in(REGISTERED[form])}
    assert missing == set()


def test_no_other_form_gets_fields_when_it_is_made():
    """Options of rules are declared by their kinds, and test_rule_fields goes through every kind's form.

    The columns of a file are what its lines are read by, which tests of imports read in every kind of file.
    """
    walked = {"tier_forms", "campaign_forms", "import_matching", "rule_forms"}
    for name, form in forms_of_the_admin():
        source = Path(str(import_module(form.__module__).__file__)).read_text()
        if re.search(r"self\.fields\[[^]]+\] = ", source):
            assert name.partition(".")[0] in walked, name
