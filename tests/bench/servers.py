"""A database and a broker of a bench's own, thrown away with their folder; BENCH_FOLDER chooses where it lies."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_servers() -> Iterator[None]:
    """Starts both, sets Django up against them, and stops them again."""
    from config.launcher.postgres import Postgres
    from config.launcher.redis_server import Redis

    with tempfile.TemporaryDirectory(prefix="encore-bench-", dir=os.environ.get("BENCH_FOLDER")) as name:
        folder = Path(name)
        folder.chmod(0o755)
        servers = (
            Postgres(folder=folder, log=folder / "postgres.log"),
            Redis(folder=folder, log=folder / "redis.log"),
        )
        servers[0].start("encore")
        servers[1].start()
        os.environ.update(
            ENCORE_ENVIRONMENT="test",
            DATABASE_URL=servers[0].url("encore"),
            REDIS_URL=servers[1].url,
            LOG_LEVEL="ERROR",
        )
        try:
            start_django()
            yield
        finally:
            for server in reversed(servers):
                server.stop()


def start_django() -> None:
    """Sets Django up against the servers that the environment names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
