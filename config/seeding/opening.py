"""A shop's first day in a demo: Encore is installed, and the sandbox has said what the shop pays for."""

from __future__ import annotations

from datetime import datetime

from django_scopes import scope

from config.seeding import sandbox
from loyalty.programs.models import Program
from shopify_app.billing.operations import refresh_plan
from shopify_app.shops.operations import install


def opened(domain: str, *, now: datetime) -> Program:
    """Installs Encore in a store of the sandbox and returns its programme with its plan."""
    program = install(domain=domain, id_token=sandbox.id_token(domain), now=now).program
    with scope(program=program):
        refresh_plan(program=program, now=now)
    program.refresh_from_db()
    return program
