"""The tenant under every row: `program`.

Every tenant row has a `program`, its indexes begin with it, and a query outside `scope(program=…)` raises. The foreign
key is named by a string here and nowhere else: this is the one thing all nouns stand on, so that even the outbox, which
lies below `programs` in the import order, can carry it (docs/adr/0002).
"""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from django_scopes import ScopedManager


def scoped(query_set: type[models.QuerySet[Any]] = models.QuerySet) -> Any:
    """Returns a manager that raises `ScopeError` unless a programme is in scope.

    Args:
        query_set: The QuerySet class whose methods the manager offers.
    """
    manager = models.Manager.from_queryset(query_set)
    return cast(Any, ScopedManager(program="program", _manager_class=manager))


class TenantModel(models.Model):
    """A row that belongs to one programme."""

    program = models.ForeignKey("programs.Program", on_delete=models.CASCADE, related_name="+", db_index=False)

    objects = scoped()

    class Meta:
        abstract = True
