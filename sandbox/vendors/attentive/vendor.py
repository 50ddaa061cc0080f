"""Attentive's row."""

from sandbox.vendors import shelves
from sandbox.vendors.attentive import checks
from sandbox.vendors.attentive.endpoints import ENDPOINTS
from sandbox.vendors.vendor import Kept, Vendor

ATTENTIVE = Vendor(
    handle=checks.HANDLE,
    name="Attentive",
    version="API v1",
    api="/vendors/attentive/v1",
    media_type=checks.MEDIA_TYPE,
    version_header="",
    endpoints=ENDPOINTS,
    kept=(Kept("events", "event"), Kept("users", "user", by_person=True), Kept("forbidden", shelves.FORBIDDEN)),
    event_fields=("type", "occurredAt", "externalEventId"),
    key_of=checks.key_of,
    check_headers=checks.check_headers,
    windows=checks.WINDOWS,
    take=checks.take,
    written=checks.written,
)
