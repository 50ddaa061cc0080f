"""Rendering: one Jinja environment, and what every page needs."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sandbox.control.access import world_of
from sandbox.store import stores
from sandbox.store.database import Record

FOLDER = Path(__file__).parents[1]


def _pretty(value: Any) -> str:
    """Write JSON for people; text that holds JSON is unfolded."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, indent=2, ensure_ascii=False)


environment = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=select_autoescape())
environment.filters["pretty"] = _pretty


def handle_of(store: Record) -> str:
    """Give a store's short name, as addresses use it."""
    return str(store["domain"]).removesuffix(".myshopify.com")


def page(request: Request, name: str, *, store: Record | None = None, room: str = "", **values: Any) -> HTMLResponse:
    """Render a page. Its policy lets it frame the app and its own pages, nothing else, and nobody frame it."""
    world = world_of(request)
    shown = [{**item, "handle": handle_of(item)} for item in stores.everyone(world.database)] if not store else []
    current = [{"handle": handle_of(store)}] if store else []
    values = {"stores": shown, "stores_nav": current, "room": room, "store": store, "app": world.app, **values}
    if store:
        values["handle"] = handle_of(store)
    html = environment.get_template(name).render(**values)
    policy = f"default-src 'self'; img-src 'self' data:; frame-src 'self' {world.settings.app_origin}; frame-ancestors 'none'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})
