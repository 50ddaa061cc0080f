"""What may be asked of the on-site display from outside."""

from __future__ import annotations

from django.db.models import QuerySet

from loyalty.programs.models import Program
from shopify_app.display.models import Display


def display_of(program: Program) -> Display:
    """Returns what a programme's panel shows; that of one that has decided nothing is not stored."""
    found: Display | None = Display.objects.filter(program=program).first()
    return found or Display(program=program, updated_at=program.created_at)


def opened() -> QuerySet[Display]:
    """Returns the display of the programme in scope if its panel was ever opened in the shop."""
    found: QuerySet[Display] = Display.objects.filter(opened_last_at__isnull=False)
    return found
