"""Klaviyo's row."""

from sandbox.vendors.klaviyo import checks, limits
from sandbox.vendors.klaviyo.endpoints import ENDPOINTS
from sandbox.vendors.vendor import Kept, Vendor

KLAVIYO = Vendor(
    handle="klaviyo",
    name="Klaviyo",
    version=f"revision {checks.REVISION}",
    api="/vendors/klaviyo/api",
    media_type=checks.MEDIA_TYPE,
    version_header="revision",
    endpoints=ENDPOINTS,
    kept=(Kept("events", "event"), Kept("profiles", "profile", by_person=True), Kept("jobs", "job")),
    event_fields=("metric", "time", "unique_id"),
    key_of=checks.key_of,
    check_headers=checks.check_headers,
    windows=limits.WINDOWS,
    take=limits.take,
    written=checks.written,
    own_faults={"retry_after_as_date": False, "without_retry_after": False},  # as an HTTP date, or left out
)
