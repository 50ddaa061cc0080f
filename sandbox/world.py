"""Everything a request handler needs, made once at start."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.project import App, load
from sandbox.settings import Settings
from sandbox.store.database import Database

REMEMBERED_CALLS = 200


@dataclass
class World:
    """Settings, the stores' records, and what is remembered only while the process runs."""

    settings: Settings
    database: Database
    calls: dict[str, deque[dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=REMEMBERED_CALLS))
    )
    buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    buckets_lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def app(self) -> App:
        """The app as its manifests describe it now."""
        return load(self.settings.project, self.settings.app_url)

    def granted_scopes(self, store: dict[str, Any]) -> set[str]:
        """Scopes the app holds in a store. Writing includes reading, as at Shopify."""
        granted = {*self.app.scopes, *(store["optional_scopes"] or [])}
        return granted | {"read_" + scope.removeprefix("write_") for scope in granted if scope.startswith("write_")}


def open_world(settings: Settings) -> World:
    """Open the sandbox's records under SANDBOX_HOME."""
    return World(settings=settings, database=Database(settings.home / "sandbox.sqlite3"))
