"""What the vendors' stand-ins received, a tab for each."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.control.access import ControlError, world_of
from sandbox.pages.templates import page
from sandbox.store.database import Database
from sandbox.vendors import shelves
from sandbox.vendors.faults import FAULTS, faults_of
from sandbox.vendors.table import VENDORS
from sandbox.vendors.vendor import Vendor

SHOWN = 50


async def show(request: Request) -> Response:
    """Show one vendor's events, people and requests, newest first; the first of the table unless `?vendor=` names one."""
    handle = request.query_params.get("vendor", next(iter(VENDORS)))
    if handle not in VENDORS:
        raise ControlError(404, f"There is no vendor {handle}.")
    vendor, database, key = VENDORS[handle], world_of(request).database, request.query_params.get("key")

    def rendered() -> Response:
        tabs = [
            {"handle": each.handle, "name": each.name, "events": shelves.count(database, each, "event")}
            for each in VENDORS.values()
        ]
        return page(request, "vendors.html", room="vendors", tabs=tabs, **_content(database, vendor, key))

    return await run_in_threadpool(rendered)


def _content(database: Database, vendor: Vendor, key: str | None) -> dict[str, Any]:
    found, faults = shelves.read(database, vendor, key), faults_of(database, vendor)
    usual = {**FAULTS, **vendor.own_faults}
    people = next(kept.name for kept in vendor.kept if kept.by_person)
    others = [kept.name for kept in vendor.kept if not kept.by_person and kept.name != "events"]
    return {
        "vendor": vendor,
        "key": key,
        "accounts": shelves.accounts(database, vendor),
        "events": _newest(found["events"]),
        "event_count": len(found["events"]),
        "people_name": people,
        "people": sorted(_newest(list(found[people].values())), key=_changed, reverse=True),
        "people_count": len(found[people]),
        "others": {name: _newest(found[name]) for name in others if found[name]},
        "requests": _newest(found["requests"]),
        "request_count": len(found["requests"]),
        "faults": {name: value for name, value in faults.items() if value != usual[name]},
        "shown": SHOWN,
    }


def _newest(items: list[Any]) -> list[Any]:
    return items[: -SHOWN - 1 : -1]


def _changed(person: dict[str, Any]) -> str:
    return str(person.get("updated") or person.get("updated_at"))


ROUTES: list[BaseRoute] = [Route("/vendors", show)]
