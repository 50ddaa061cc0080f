"""How a page answers: rendered, saved, or refused with sentences at the fields (admin-ui facts, section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from loyalty.errors import Refusal
from shopify_app.dashboard.access import is_embedded
from shopify_app.dashboard.test_notice import notice_of

UP, DOWN = "up", "down"
"""Where a line of an ordered list may go, as its buttons say it."""


def link(request: HttpRequest, name: str, *args: object) -> str:
    """The address of a page of the admin, embedded or standalone as the request is."""
    match = request.resolver_match
    return reverse(f"dashboard:{name}", args=args, current_app=match.namespace if match else None)


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Renders a full page; `status` 422 for a form that was refused."""
    program = getattr(request, "program", None)
    shell = {
        "is_embedded": is_embedded(request),
        "client_id": settings.SHOPIFY_CLIENT_ID,
        "app_bridge_url": settings.APP_BRIDGE_URL,
        "polaris_url": settings.POLARIS_URL,
        "program": program,
        "test_notice": notice_of(program) if program is not None and "test_notice" not in (context or {}) else None,
    }
    return render(request, template, {**shell, **(context or {})}, status=status)


def show_form(request: HttpRequest, template: str, form: forms.BaseForm, context: Mapping[str, Any]) -> HttpResponse:
    """Renders a page with a form: 422 when the form was refused, so that the script looks for the first error."""
    return show(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)


def saved(request: HttpRequest, to: str, message: str, *, is_error: bool = False) -> HttpResponse:
    """Answers a write: a toast and the next page. Never an HTTP redirect to htmx: Safari may drop the bearer on one."""
    if not getattr(request, "htmx", False):
        (messages.error if is_error else messages.success)(request, message)
        return HttpResponse(status=303, headers={"Location": to})
    response = HttpResponse(status=204, headers={"HX-Location": to})
    return trigger_client_event(response, "toast", {"message": message, "isError": is_error})


def moved_words(name: str, *, up: bool) -> str:
    """What the toast says once something has moved in its list."""
    return (_("“%(name)s” is further up.") if up else _("“%(name)s” is further down.")) % {"name": name}


def attach(form: forms.BaseForm, refusal: Refusal, *, field: str | None = None) -> None:
    """Puts a refusal's sentence at its field when the form has it, else above the form."""
    name = field or getattr(refusal, "field", None)
    sentence = refusal.sentence if refusal.sentence.endswith(".") else f"{refusal.sentence}."
    # A rule's own options stand in its form under a name of their own.
    form.add_error(next((each for each in (name, f"option_{name}") if each in form.fields), None), sentence)
