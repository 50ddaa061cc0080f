"""Recipes for Flow: filled in with this shop's keys, and how they run here."""

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.outbox.models import Delivery
from shopify_app.dashboard.flow_recipes import ENCORE, RECIPES
from shopify_app.dashboard.operations import set_login
from shopify_app.shops.listening import note_listening
from shopify_app.shops.models import Shop
from tests.a_shop import AShop
from tests.contract.extensions import found

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OWN = [step for recipe in RECIPES for step in recipe.steps if step.app == ENCORE]


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    Shop.objects.create(program=made.program, domain=made.program.shopify_domain, installed_at=NOW)
    with made.scope():
        yield made


def shown(name="ada"):
    client = Client()
    client.login(username=name, password=name)
    answer = client.get("/standalone/integrations/flow")
    assert answer.status_code == 200
    return answer.content.decode()


class TestOurStepsInRecipes:
    @pytest.mark.parametrize("step", OWN, ids=lambda step: step.name)
    def test_are_those_of_the_manifests_with_their_fields(self, step):
        kind = "triggers" if step.kind == "Trigger" else "actions"
        (manifest,) = (each.manifest for each in found(kind) if each.manifest["name"] == step.name)
        if kind == "triggers":
            assert step.handle == manifest["handle"]
            return
        fields = manifest["settings"]["fields"]
        names = {field.get("name", "Customer") for field in fields}
        must = {field.get("name", "Customer") for field in fields if field.get("required")}
        assert must <= {field.name for field in step.fields} <= names


class TestThePage:
    def test_shows_every_recipe_and_the_shops_own_keys_only(self, shop):
        shop.action("app_install")
        other = AShop.new()
        other.action("theirs_alone")
        page = shown()
        assert all(str(recipe.title) in page for recipe in RECIPES)
        assert "app_install" in page
        assert "theirs_alone" not in page

    def test_without_a_custom_action_leads_to_making_one(self, shop):
        assert "Add a custom action first" in shown()

    def test_says_whether_a_workflow_listens(self, shop):
        assert "A workflow listens" not in shown()
        listener = Shop.objects.get()
        note_listening(shop=listener, trigger="loyalty-sign-up", is_listening=True, told_at=NOW)
        note_listening(shop=listener, trigger="birthday-trigger", is_listening=False, told_at=NOW)
        page = shown()
        assert "A workflow listens" in page
        assert "No workflow listens" in page

    def test_counts_what_its_trigger_sent_and_what_is_to_be_looked_at(self, shop):
        for state in ("done", "done", "dead"):
            Delivery.objects.create(
                program=shop.program,
                destination="flow:loyalty-sign-up",
                state=state,
                next_attempt_at=NOW,
                created_at=NOW,
            )
        page = shown()
        assert "Sent 2 times in 30 days" in page
        assert "1 to look at" in page

    def test_labels_what_the_plan_leaves_out(self, shop):
        assert "Growth plan" not in shown()
        shop.set(plan="starter")
        assert "Growth plan" in shown()

    def test_does_not_show_another_shops_runs(self, shop):
        other = AShop.new()
        with other.scope():
            Delivery.objects.create(
                program=other.program,
                destination="flow:loyalty-sign-up",
                state="done",
                next_attempt_at=NOW,
                created_at=NOW,
            )
        assert "in 30 days, last" not in shown()
