"""The front door at `/`: in the demo everything one click away, in production a plain page or the way into the admin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

SHOPIFYS = ("shop", "id_token", "embedded")


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """What the demo's front door offers; written by `seed_demo` into `$ENCORE_HOME/demo.json`."""

    shop_domain: str
    api_key: str
    member_id: str
    action_key: str
    standalone_user: str
    standalone_password: str

    @property
    def shop_handle(self) -> str:
        """The shop's name in the sandbox's addresses."""
        return self.shop_domain.removesuffix(".myshopify.com")

    def curl(self) -> str:
        """A call that awards points, ready to paste."""
        body = json.dumps(
            {"action_key": self.action_key, "customer_id": self.member_id, "idempotency_key": "front-door-1"}
        )
        return (
            f"curl -X POST {settings.APP_URL}/v1/actions \\\n"
            f'  -H "Authorization: Bearer {self.api_key}" \\\n'
            '  -H "Content-Type: application/json" \\\n'
            f"  -d '{body}'"
        )


def read_demo(folder: Path) -> DemoDoor | None:
    """Reads what the seed wrote; None while the demo shop does not exist yet."""
    try:
        values: dict[str, Any] = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    names = DemoDoor.__dataclass_fields__
    return DemoDoor(**{name: str(values.get(name, "")) for name in names})


@require_GET
def front_door(request: HttpRequest) -> HttpResponse:
    """Shopify's visits go on to the admin; others see the demo's door, or in production what this is.

    Public on purpose: the demo's secrets are throw-away values of its own machine, and nothing else is shown.
    """
    if any(name in request.GET for name in SHOPIFYS):
        return HttpResponseRedirect(f"/app/?{request.META['QUERY_STRING']}")
    is_demo = settings.ENCORE_ENVIRONMENT != "production"
    demo = read_demo(settings.ENCORE_HOME) if is_demo else None
    return render(request, "front_door.html", {"demo": demo, "is_demo": is_demo, "sandbox_url": settings.SANDBOX_URL})
