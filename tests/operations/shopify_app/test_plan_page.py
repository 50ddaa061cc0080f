"""The Plan page, and what a plan leaves out where it is used: in view, disabled, labelled, refused by the server too."""

import pytest

from loyalty.earning.models import EarningRule
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.operations import create_subscription
from loyalty.programs.models import ApiKey, Program
from shopify_app.billing.models import Contract
from tests.operations.shopify_app.test_plans import NOW, admin, ask, hosted, pays_for, shop

pytestmark = pytest.mark.django_db
__all__ = ["admin", "hosted", "shop"]
ACTION = {
    "name": "App", "action_key": "app_install", "points": "50", "frequency": "once", "approval_days": "0", "is_active": "on",
    "option_most_points": "1000",
}  # fmt: skip
KEY = {"name": "Backend", "scope": "full"}
HOOK = {"url": "https://example.com/encore", "events": ["points.earned"], "is_active": "on"}


def text(answer):
    return answer.content.decode()


def plan_of(shop):
    return Program.objects.values_list("plan", flat=True).get(pk=shop.program.pk)


class TestThePage:
    def test_shown_changes_nothing_and_asks_once_it_stands(self, shop, admin):
        answer = text(admin.get("/standalone/settings/plan"))
        assert "plan/refresh?quiet" in answer
        assert (plan_of(shop), Contract.objects.count()) == ("none", 0)

    def test_asking_shows_the_plan_and_does_not_ask_again(self, shop, admin):
        answer = text(admin.post("/standalone/settings/plan/refresh?quiet"))
        assert plan_of(shop) == "growth"
        assert "Billed by Shopify every 30 days" in answer
        assert "refresh?quiet" not in answer

    def test_a_plan_named_by_the_way_back_from_shopify_is_asked_for_and_not_believed(self, shop, admin, sandbox):
        ask(shop)
        for page in ("settings/plan", ""):
            assert "refresh?quiet" in text(admin.get(f"/standalone/{page}?plan_handle=starter"))
            assert "refresh?quiet" not in text(admin.get(f"/standalone/{page}"))
        assert plan_of(shop) == "growth"

    def test_leads_to_shopifys_own_page_of_plans_out_of_the_frame(self, shop, admin):
        answer = text(admin.get("/standalone/settings/plan"))
        handle = shop.program.shopify_domain.removesuffix(".myshopify.com")
        assert f"/store/{handle}/charges/encore/pricing_plans" in answer
        assert 'target="_top"' in answer

    def test_without_an_answer_says_since_when(self, shop, admin, sandbox):
        ask(shop)
        sandbox.faults(shop.program.shopify_domain, down=True)
        assert admin.post("/standalone/settings/plan/refresh").status_code == 303
        assert "has not answered since" in text(admin.get("/standalone/settings/plan"))
        assert plan_of(shop) == "growth"

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [("", "There is no plan for Encore"), ("growth trial", "Trial until"), ("unheard-of", "“unheard-of”")],
    )
    def test_says_what_it_is_in_words(self, shop, admin, sandbox, said, sentence):
        pays_for(sandbox, shop, said)
        ask(shop)
        assert sentence in text(admin.get("/standalone/settings/plan"))

    def test_self_hosted_says_that_everything_is_included(self, shop, admin, hosted):
        hosted.ENCORE_ASKS_FOR_PLAN = False
        admin.post("/standalone/settings/plan/refresh?quiet")
        answer = text(admin.get("/standalone/settings/plan"))
        assert "everything is included" in answer
        assert "pricing_plans" not in answer

    def test_counts_what_is_really_there(self, shop, admin):
        ask(shop)
        shop.member(7001)
        shop.action()
        answer = text(admin.get("/standalone/settings/plan"))
        assert "20 calls per second each" in answer
        assert "Up to 50" in answer


class TestWhatThePlanLeavesOut:
    @pytest.mark.parametrize(
        ("path", "sent", "model"),
        [
            ("earning-rules/new/custom", ACTION, EarningRule),
            ("settings/developer", KEY, ApiKey),
            ("webhooks/new", HOOK, WebhookSubscription),
        ],
    )
    def test_is_in_view_labelled_and_refused_until_the_plan_has_it(self, shop, admin, sandbox, path, sent, model):
        pays_for(sandbox, shop, "starter")
        ask(shop)
        shown = text(admin.get(f"/standalone/{path}"))
        assert "Growth plan" in shown
        assert "disabled" in shown
        assert "/standalone/settings/plan" in shown
        answer = admin.post(f"/standalone/{path}", sent)
        assert (answer.status_code, model.objects.count()) == (422, 0)
        assert "Your plan does not include" in text(answer)
        pays_for(sandbox, shop, "growth")
        ask(shop, minutes=1)
        assert "Growth plan" not in text(admin.get(f"/standalone/{path}"))
        assert admin.post(f"/standalone/{path}", sent).status_code in (200, 303)
        assert model.objects.count() == 1

    def test_is_labelled_in_the_choice_of_rules_and_above_the_list_of_webhooks(self, shop, admin):
        for path in ("earning-rules/new", "webhooks"):
            assert "Growth plan" in text(admin.get(f"/standalone/{path}"))

    def test_and_was_there_before_can_be_switched_off_and_deleted(self, shop, admin, sandbox):
        ask(shop)
        rule, _whole = shop.action(), shop.key()
        hook, _secret = create_subscription(
            program=shop.program, url="https://example.com/x", events=["points.earned"], description=None, now=NOW
        )
        pays_for(sandbox, shop, "")
        ask(shop, minutes=1)
        key = ApiKey.objects.get()
        for path in (
            f"earning-rules/{rule.public_id}/switch", f"settings/developer/keys/{key.pk}/revoke",
            f"webhooks/{hook.public_id}/delete",
        ):  # fmt: skip
            assert admin.post(f"/standalone/{path}").status_code == 303
        rule.refresh_from_db()
        assert not rule.is_active
        assert not WebhookSubscription.objects.exists()
