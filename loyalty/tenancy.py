"""The tenant under every row: `program`.

Every tenant row has a `program`, its indexes begin with it, and a query outside `scope(program=…)` raises. The foreign
key is named by a string here and nowhere else: this is the one thing all nouns stand on, so that even the outbox, which
lies below `programs` in the import order, can carry it (docs/adr/0002).
"""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django_scopes import ScopeError, get_scope

Row = TypeVar("Row", bound=models.Model)


def program_in_scope() -> int:
    """Returns the id of the programme in scope, for a statement that no manager makes.

    Raises:
        ScopeError: No programme is in scope.
    """
    program = get_scope().get("program")
    if program is None:
        raise ScopeError("No programme is in scope")
    return int(getattr(program, "pk", program))


class TenantManager(models.Manager[Row]):
    """A manager that sees one programme, and raises when none is in scope.

    django-scopes keeps the scope. The manager is our own because the package's lets some queries through unscoped
    (`exclude`, `exists`, `create`, a scope of None) and is made at run time, where no type checker can follow.
    """

    def get_queryset(self) -> models.QuerySet[Row]:
        """Returns the rows of the programme in scope; all rows where scopes are disabled on purpose.

        Raises:
            ScopeError: No programme is in scope.
        """
        present = get_scope()
        rows = super().get_queryset()
        if not present.get("_enabled", True):
            return rows
        if present.get("program") is None:
            raise ScopeError(f"{self.model.__name__} was queried without a programme in scope")
        return rows.filter(program=present["program"])


class TenantModel(models.Model):
    """A row that belongs to one programme."""

    program = models.ForeignKey("programs.Program", on_delete=models.CASCADE, related_name="+", db_index=False)

    objects = TenantManager()

    class Meta:
        abstract = True
