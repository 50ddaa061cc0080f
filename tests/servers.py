"""A pytest plugin, loaded before Django's settings: every test process has its own PostgreSQL and Redis.

They start when the first test asks for a database or a queue and stop with the process; unit tests never wait for them.
Durability is off here: the data is thrown away.
"""

import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from config.launcher.postgres import Postgres
from config.launcher.redis_server import Redis
from config.launcher.variables import PARTNER, demo_environment

DATABASE = "encore"
KEYS = {
    "DJANGO_SECRET_KEY": "a-key-for-tests-only-it-protects-nothing-at-all",
    "ENCORE_SECRET_KEYS": "dGVzdHMtb25seS1rZXktcHJvdGVjdHMtbm90aGluZyE=",
    "SHOPIFY_CLIENT_ID": "0123456789abcdef0123456789abcdef",
    "SHOPIFY_CLIENT_SECRETS": "shpss_current-for-tests-it-protects-nothing,shpss_retired-for-tests-it-protects-nothing",
}


class Servers:
    """The throw-away servers of this process, started once and on demand."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="encore-test-"))
        self.folder.chmod(0o755)
        self.postgres = Postgres(folder=self.folder, log=self.folder / "logs" / "postgres.log", is_durable=False)
        self.redis = Redis(folder=self.folder, log=self.folder / "logs" / "redis.log")
        self.running: list[Postgres | Redis] = []

    @property
    def sandbox_url(self) -> str:
        """Where the sandbox of this process listens once its fixture has started it."""
        return os.environ["SHOPIFY_GATEWAY"]

    def start(self) -> None:
        """Start both unless they run."""
        if not self.running:
            self.postgres.start(DATABASE)
            self.running.append(self.postgres)
            self.redis.start()
            self.running.append(self.redis)

    def stop(self) -> None:
        """Stop what runs and delete the data."""
        for server in reversed(self.running):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_ports() -> tuple[int, int, int]:
    """Ports for the web server, the sandbox and its mail; apart from one another, as nobody else may take them meanwhile."""
    with socket.socket() as one, socket.socket() as other, socket.socket() as third:
        for each in (one, other, third):
            each.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1]), int(third.getsockname()[1])


def prepare_environment(servers: Servers) -> None:
    """What config/settings.py and the processes of the stack will read."""
    web_port, sandbox_port, mail_port = free_ports()
    given = demo_environment(
        web_port=web_port,
        sandbox_port=sandbox_port,
        mail_port=mail_port,
        home=str(servers.folder),
        database_url=servers.postgres.url(DATABASE),
        redis_url=servers.redis.url,
        keys=KEYS,
    )
    # Self-hosted, but for the tests of plans.
    os.environ.update(
        {name: value for name, value in given.items() if name not in PARTNER} | {"ENCORE_ENVIRONMENT": "test"}
    )
    os.environ.update(LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS="1", LOYALTY_WEBHOOK_RETRY_DELAYS="0.2,0.4,0.8")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the tests' thread


SERVERS = Servers()
prepare_environment(SERVERS)


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The running PostgreSQL and Redis of this test process."""
    SERVERS.start()
    return SERVERS


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    SERVERS.stop()
