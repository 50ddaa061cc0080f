"""Klaviyo's rate windows: one second and one minute, per account and endpoint."""

from sandbox.vendors.windows import Windows

IMPORT_JOBS = "profile-bulk-import-jobs"
EVENT_JOBS = "event-bulk-create-jobs"
BURST_AND_STEADY = {
    "events": (350, 3500),
    "profile-import": (75, 700),
    IMPORT_JOBS: (10, 150),
    EVENT_JOBS: (10, 150),
    "accounts": (10, 150),
    "import-job": (10, 150),
    "import-errors": (10, 150),
}
WINDOWS = Windows()


def take(key: str, endpoint: str) -> tuple[int, dict[str, str]]:
    """Count a call. Gives the seconds to wait (0: go on) and the headers of a successful answer."""
    burst, steady = BURST_AND_STEADY[endpoint]
    wait, left = WINDOWS.take((key, endpoint), ((burst, 1), (steady, 60)))
    limit = f"{burst}, {burst};w=1, {steady};w=60"
    return wait, {"RateLimit-Limit": limit, "RateLimit-Remaining": str(left), "RateLimit-Reset": "1"}
