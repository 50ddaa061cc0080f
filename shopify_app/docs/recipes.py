"""A page for each job, from the first call to the last. Every command on them is sent by a test."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@dataclass(frozen=True, slots=True)
class Recipe:
    """One job; its steps are `templates/docs/recipes/<name>.html`."""

    name: str
    title: str
    says: str


RECIPES = (
    Recipe("award", "Award points", "Something happened in your app, your game or your shop floor: give points for it once."),
    Recipe("redeem", "Redeem a reward", "Show what a member can afford, sell it for points, hand out a code that works."),
    Recipe("mage", "Move from Mage Loyalty", "Change the base address and the key; what else there is to know."),
    Recipe("lootly", "Move from Lootly", "E-mail and ActionID go on working; the rest call by call."),
    Recipe("appstle", "Move from Appstle Loyalty", "Every call of its REST API, and the one that does the same here."),
)  # fmt: skip


@require_GET
def recipe(request: HttpRequest, name: str) -> HttpResponse:
    """Shows one recipe; public, as it says nothing about any shop."""
    found = next((each for each in RECIPES if each.name == name), None)
    if found is None:
        raise Http404
    context = {"recipe": found, "recipes": RECIPES, "app_url": settings.APP_URL}
    return render(request, f"docs/recipes/{found.name}.html", context)
