"""Postscript's row."""

from sandbox.vendors import shelves
from sandbox.vendors.postscript import checks, control
from sandbox.vendors.postscript.endpoints import ENDPOINTS
from sandbox.vendors.postscript.subscribers import HANDLE
from sandbox.vendors.vendor import Kept, Vendor

POSTSCRIPT = Vendor(
    handle=HANDLE,
    name="Postscript",
    version="API v2",
    api="/vendors/postscript/api/v2",
    media_type=checks.MEDIA_TYPE,
    version_header="",
    endpoints=ENDPOINTS,
    kept=(
        Kept("events", "event"),
        Kept("subscribers", "subscriber", by_person=True),
        Kept("forbidden", shelves.FORBIDDEN),
    ),
    event_fields=("type", "occurred_at", "external_id"),
    key_of=checks.key_of,
    check_headers=checks.check_headers,
    windows=checks.WINDOWS,
    take=checks.take,
    written=checks.written,
    control=control.ROUTES,
)
