"""A shop's plan: asked of Shopify, kept when nobody answers, followed when it changes, and never a reason to delete."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from config.launcher.variables import PARTNER
from loyalty.earning.models import EarningRule
from loyalty.programs.models import ApiKey, Program, ScheduledRun
from loyalty.programs.operations import create_api_key
from shopify_app.billing.models import Contract
from shopify_app.billing.operations import refresh_plan
from shopify_app.billing.tasks import refresh_plans
from shopify_app.dashboard.operations import set_login
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import install
from tests.a_shop import AShop
from tests.journeys.shopify_webhooks import deliver, work_off

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def hosted(settings):
    """An installation that sells Encore by Shopify App Pricing."""
    for name, value in PARTNER.items():
        setattr(settings, name, value)
    settings.ENCORE_ASKS_FOR_PLAN = True
    return settings


@pytest.fixture
def shop(hosted, sandbox):
    domain = sandbox.new_store()
    program = install(domain=domain, id_token=sandbox.id_token(domain), now=NOW).program
    set_login(program=program, username="ada", password="ada")
    made = AShop(program)
    with made.scope():
        yield made


@pytest.fixture
def admin(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def pays_for(sandbox, shop, plan):
    sandbox.call("PATCH", f"stores/{shop.program.shopify_domain}", {"plan": plan})


def ask(shop, minutes=0):
    is_changed = refresh_plan(program=shop.program, now=NOW + timedelta(minutes=minutes))
    shop.program.refresh_from_db()
    return is_changed


class TestWhatShopifySays:
    def test_before_it_was_asked_a_new_shop_pays_for_nothing(self, shop):
        assert shop.program.plan == "none"

    @pytest.mark.parametrize(
        ("said", "plan"),
        [
            ("growth", "growth"),
            ("starter", "starter"),
            ("starter, growth", "growth"),
            ("unheard-of", "starter"),
            ("unheard-of, growth", "growth"),
            ("", "none"),
            ("growth trial", "growth"),
        ],
    )
    def test_is_the_plan(self, shop, sandbox, said, plan):
        pays_for(sandbox, shop, said)
        ask(shop)
        assert (shop.program.plan, Contract.objects.get().known_at) == (plan, NOW)

    def test_is_called_by_names_of_the_installation(self, shop, sandbox, hosted):
        hosted.SHOPIFY_PLAN_HANDLES = {"plus-yearly": "growth"}
        pays_for(sandbox, shop, "plus-yearly")
        ask(shop)
        assert shop.program.plan == "growth"

    def test_of_a_trial_is_kept_with_its_end(self, shop, sandbox):
        pays_for(sandbox, shop, "growth trial")
        ask(shop)
        assert Contract.objects.get().trial_ends_at > NOW

    def test_said_again_changes_nothing(self, shop):
        assert ask(shop)
        before = Program.objects.values().get(pk=shop.program.pk)
        assert not ask(shop, minutes=5)
        assert Program.objects.values().get(pk=shop.program.pk) == before
        assert Contract.objects.count() == 1

    def test_to_an_older_question_is_dropped(self, shop, sandbox):
        ask(shop, minutes=5)
        pays_for(sandbox, shop, "starter")
        assert not ask(shop, minutes=1)
        assert shop.program.plan == "growth"


class TestWhileNobodyAnswers:
    @pytest.mark.parametrize("fault", [{"down": True}, {"down": "closed"}, {"revoked": True}, {"slow_ms": 6000}])
    def test_the_last_known_plan_stays_and_since_when_is_kept(self, shop, sandbox, fault):
        ask(shop)
        sandbox.faults(shop.program.shopify_domain, **fault)
        ask(shop, minutes=1)
        ask(shop, minutes=2)
        row = Contract.objects.get()
        assert (shop.program.plan, row.known_at, row.failing_since) == ("growth", NOW, NOW + timedelta(minutes=1))
        assert row.error

    def test_a_refused_token_of_ours_is_no_answer(self, shop, hosted):
        ask(shop)
        hosted.SHOPIFY_PARTNER_TOKEN = "ours-no-longer"
        ask(shop, minutes=1)
        assert (shop.program.plan, bool(Contract.objects.get().error)) == ("growth", True)

    def test_the_next_answer_ends_it(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, down=True)
        ask(shop)
        sandbox.faults(shop.program.shopify_domain, down=False)
        ask(shop, minutes=1)
        row = Contract.objects.get()
        assert (shop.program.plan, row.failing_since, row.error) == ("growth", None, "")


class TestEveryDay:
    def test_every_installed_shop_is_asked_about_and_a_run_is_recorded(self, shop, sandbox):
        refresh_plans()
        shop.program.refresh_from_db()
        run = ScheduledRun.objects.get(name="refresh_plan")
        assert (shop.program.plan, run.counts) == ("growth", {"changed": 1, "unreachable": 0})

    def test_a_shop_that_is_not_reached_is_counted(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, down=True)
        refresh_plans()
        assert ScheduledRun.objects.get(name="refresh_plan").counts == {"changed": 0, "unreachable": 1}


class TestSelfHosted:
    def test_the_plan_is_the_setting_and_nobody_is_asked(self, settings, sandbox):
        settings.ENCORE_PLAN = "starter"
        made = AShop.new()
        with made.scope():
            assert refresh_plan(program=made.program, now=NOW)
            made.program.refresh_from_db()
            assert (made.program.plan, Contract.objects.count()) == ("starter", 0)

    def test_everything_is_included_unless_it_says_otherwise(self, installed_shop):
        assert installed_shop.program.plan == "self_hosted"


class TestWhenShopifyTellsOfAnotherPlan:
    def test_it_is_asked_for_and_what_was_told_is_not_believed(self, shop, sandbox):
        ask(shop)
        pays_for(sandbox, shop, "starter")
        said = {"app_subscription": {"name": "growth", "status": "ACTIVE"}}
        for number in range(2):
            deliver(shop.program.shopify_domain, "app_subscriptions/update", said, webhook_id=f"plan-{number}")
            assert work_off().state == "done"
        shop.program.refresh_from_db()
        assert (shop.program.plan, Contract.objects.get().handles) == ("starter", ["starter"])

    def test_and_does_not_answer_the_last_known_plan_stays(self, shop, hosted):
        ask(shop)
        hosted.SHOPIFY_PARTNER_TOKEN = "revoked"
        deliver(shop.program.shopify_domain, "app_subscriptions/update", {"app_subscription": {"status": "CANCELLED"}})
        assert work_off().state == "done"
        shop.program.refresh_from_db()
        assert shop.program.plan == "growth"
        assert Contract.objects.get().failing_since is not None

    def test_of_a_shop_that_is_gone_nothing_is_asked(self, shop):
        ask(shop)
        Shop.objects.update(uninstalled_at=NOW)
        with shop.nothing_changes():
            deliver(shop.program.shopify_domain, "app_subscriptions/update", {})
            assert work_off().state == "ignored"


class TestAnotherPlan:
    def test_gives_the_keys_its_rate_and_leaves_those_of_other_shops(self, shop, sandbox):
        other = AShop.new()
        other.key(requests_per_second=60)
        create_api_key(program=shop.program, name="Backend", scope="full", now=NOW)
        ask(shop)
        assert ApiKey.objects.get().requests_per_second == 20
        with other.scope():
            assert ApiKey.objects.get().requests_per_second == 60

    def test_downwards_and_up_again_loses_nothing(self, shop, sandbox):
        ask(shop)
        shop.action("app_install")
        shop.member(7001)
        whole = shop.key()
        call = {"action_key": "app_install", "customer_id": 7001, "idempotency_key": "k"}
        headers = {"Authorization": f"Bearer {whole}"}
        pays_for(sandbox, shop, "")
        ask(shop, minutes=1)
        with shop.nothing_changes():
            answer = Client().post("/v1/actions", call, headers=headers, content_type="application/json")
        assert answer.status_code == 403
        assert "Growth plan" in answer.content.decode()
        pays_for(sandbox, shop, "growth")
        ask(shop, minutes=2)
        answer = Client().post(
            "/v1/actions", {**call, "idempotency_key": "k2"}, headers=headers, content_type="application/json"
        )
        assert answer.status_code < 300, answer.content
        assert EarningRule.objects.count() == 1

    def test_of_one_shop_is_not_that_of_another(self, shop, sandbox):
        domain = sandbox.new_store(plan="starter")
        other = AShop(install(domain=domain, id_token=sandbox.id_token(domain), now=NOW).program)
        ask(shop)
        with other.scope():
            ask(other)
        shop.program.refresh_from_db()
        assert (shop.program.plan, other.program.plan) == ("growth", "starter")
