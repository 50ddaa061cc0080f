"""Integrations > Shopify Flow: recipes to copy, filled in with the shop's own keys, and how they run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from loyalty.earning import queries
from loyalty.outbox.sent import Sent, sent_since
from loyalty.programs.plans import Feature
from shopify_app.dashboard.access import AdminRequest, page
from shopify_app.dashboard.flow_recipes import ENCORE, OWN_KEYS, RECIPES, Recipe, Step
from shopify_app.dashboard.pages import show
from shopify_app.dashboard.plan_lock import PlanLock, lock_of
from shopify_app.shops.listening import listening

WITHIN = timedelta(days=30)
SHOWN_KEYS = 5


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as the page shows it: what to copy (several, where the shop has several keys), or what to pick."""

    name: str
    values: list[tuple[str, str]]
    pick: str
    wants_action: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """A step with its fields; `is_own` is one of Encore's."""

    kind: str
    app: str
    name: str
    is_own: bool
    fields: list[FieldView]


@dataclass(frozen=True, slots=True)
class RecipeView:
    """A recipe, whether a workflow listens, and what its trigger sent in the last 30 days."""

    slug: str
    title: str
    about: str
    handle: str
    steps: list[StepView]
    badge: str
    tone: str
    sent: Sent
    lock: PlanLock | None


def _step(recipe: Recipe, number: int, step: Step, keys: list[str]) -> StepView:
    fields = []
    for place, field in enumerate(step.fields):
        values = keys if field.value == OWN_KEYS else [field.value] if field.value else []
        named = [(f"{recipe.slug}-{number}-{place}-{index}", value) for index, value in enumerate(values)]
        fields.append(FieldView(field.name, named, str(field.pick), field.value == OWN_KEYS and not keys))
    return StepView(step.kind, step.app, step.name, step.app == ENCORE, fields)


def _badge(handle: str, heard: dict[str, bool]) -> tuple[str, str]:
    if not handle:
        return "", ""
    if handle not in heard:
        return _("Flow has not said yet"), "neutral"
    return (_("A workflow listens"), "success") if heard[handle] else (_("No workflow listens"), "neutral")


@require_GET
@page
def flow(request: AdminRequest) -> HttpResponse:
    """Shows the recipes."""
    active = queries.rules().filter(action="custom", is_active=True)
    keys = [str(rule.action_key) for rule in active[:SHOWN_KEYS]]
    heard = listening(program_id=request.program.pk)
    handles = {recipe.handle for recipe in RECIPES if recipe.handle}
    sent = sent_since(destinations=[f"flow:{each}" for each in handles], since=timezone.now() - WITHIN)
    lock = lock_of(request, Feature.CUSTOM_ACTIONS)
    recipes = []
    for recipe in RECIPES:
        badge, tone = _badge(recipe.handle, heard)
        steps = [_step(recipe, number, step, keys) for number, step in enumerate(recipe.steps)]
        recipes.append(
            RecipeView(
                slug=recipe.slug, title=str(recipe.title), about=str(recipe.about), handle=recipe.handle, steps=steps,
                badge=badge, tone=tone, sent=sent.get(f"flow:{recipe.handle}", Sent()),
                lock=lock if recipe.has_own_keys else None,
            )
        )  # fmt: skip
    return show(request, "dashboard/integrations/flow.html", {"heading": _("Shopify Flow"), "recipes": recipes})
