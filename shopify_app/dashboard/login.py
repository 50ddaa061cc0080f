"""The login of the standalone mode: Django's own, in our elements, with a limit on attempts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

ATTEMPTS_PER_NAME, ATTEMPTS_PER_ADDRESS = 5, 30
"""Failed attempts within `WINDOW_SECONDS`, after which even the right password is not looked at."""
WINDOW_SECONDS = 15 * 60


class LoginForm(AuthenticationForm):
    """Name and password of a standalone user."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": gettext_lazy("That name and password do not go together. Both are case-sensitive."),
    }
    username = forms.CharField(
        label=gettext_lazy("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": gettext_lazy("Enter the user's name.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter the password.")},
    )


class Login(LoginView):
    """The login page. Attempts are counted before the password is looked at, so that many at once are many."""

    template_name = "dashboard/login.html"
    form_class = LoginForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Logs in, or says what is wrong; 429 with a sentence when there were too many attempts."""
        limits = {
            _key("name", request.POST.get("username", "").strip().lower()): ATTEMPTS_PER_NAME,
            _key("address", request.META.get("REMOTE_ADDR", "")): ATTEMPTS_PER_ADDRESS,
        }
        counted = {key: _count(key) for key in limits}
        if any(counted[key] > most for key, most in limits.items()):
            form = self.get_form_class()(request)
            context = self.get_context_data(form=form, is_locked=True, minutes=WINDOW_SECONDS // 60)
            return self.render_to_response(context, status=429, headers={"Retry-After": str(WINDOW_SECONDS)})
        answer = super().post(request, *args, **kwargs)
        if request.user.is_authenticated:
            by_name, by_address = limits
            cache.delete(by_name)
            cache.decr(by_address)
        return answer


def _key(kind: str, value: str) -> str:
    return f"login:{kind}:{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()}"


def _count(key: str) -> int:
    cache.add(key, 0, WINDOW_SECONDS)
    return int(cache.incr(key))


def keep_no_standalone_page(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no cache keeps a page under /standalone/, refusals and errors included."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/standalone/"):
            response["Cache-Control"] = "no-store"
        return response

    return answer
