"""Omnisend's row."""

from sandbox.vendors.omnisend import checks
from sandbox.vendors.omnisend.endpoints import ENDPOINTS
from sandbox.vendors.vendor import Kept, Vendor

OMNISEND = Vendor(
    handle="omnisend",
    name="Omnisend",
    version=f"version {checks.VERSION}",
    api="/vendors/omnisend/api",
    media_type=checks.MEDIA_TYPE,
    version_header="omnisend-version",
    endpoints=ENDPOINTS,
    kept=(Kept("events", "event"), Kept("contacts", "contact", by_person=True), Kept("batches", "batch")),
    event_fields=("eventName", "eventTime", "eventID"),
    key_of=checks.key_of,
    check_headers=checks.check_headers,
    windows=checks.WINDOWS,
    take=checks.take,
    written=checks.written,
    own_faults={"without_retry_after": False},  # a 429 does not say how long to wait, as on some endpoints
)
