"""What may happen to standalone logins."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import transaction

from loyalty.programs.models import Program
from shopify_app.dashboard.models import StandaloneLogin


@transaction.atomic
def set_login(*, program: Program, username: str, password: str) -> None:
    """Lets `username` with `password` open `program` at /standalone/. A second call changes password and programme."""
    user, _ = get_user_model().objects.get_or_create(username=username)
    user.set_password(password)
    user.save()
    StandaloneLogin.objects.update_or_create(user=user, defaults={"program": program})
