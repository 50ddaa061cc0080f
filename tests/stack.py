"""Encore's own processes over the test database, started by the launcher's code."""

import os
import signal
from pathlib import Path

from django.db import connections

from config.celery import app
from config.launcher import programs
from config.launcher.demo import answers, is_ready
from config.launcher.processes import Child, wait_until
from tests.sandbox_client import Sandbox

VARIABLES = (
    "ENCORE_ENVIRONMENT", "REDIS_URL", "PORT", "APP_URL", "SANDBOX_URL", "SANDBOX_PORT", "SANDBOX_MAIL_PORT",
    "EMAIL_URL", "EMAIL_FROM", "SHOPIFY_GATEWAY",
    "ENCORE_VENDORS_URL", "APP_BRIDGE_URL", "POLARIS_URL", "FRAME_ANCESTORS", "SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRETS",
    "DJANGO_SECRET_KEY", "ENCORE_SECRET_KEYS", "LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS", "LOYALTY_WEBHOOK_RETRY_DELAYS",
)  # fmt: skip


def start_sandbox(folder: Path) -> Child:
    """Start the sandbox on the port this test process chose, and wait for it."""
    child = programs.sandbox(os.environ, folder, lambda name: folder / "logs" / f"{name}.log")
    child.start()
    up = wait_until(answers(f"http://127.0.0.1:{os.environ['SANDBOX_PORT']}/"), 30)
    assert up, f"the sandbox did not start:\n{child.log_since_start()[-3000:]}"
    return child


class Stack:
    """Web server, workers and scheduler. `base_url` answers like production; `environment` starts more of the same."""

    def __init__(self, *, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.environment = {name: os.environ[name] for name in VARIABLES}
        self.base_url = self.environment["APP_URL"]
        self.sandbox_url = sandbox.url
        self.children: dict[str, Child] = {}

    def start(self) -> None:
        """Start everything and wait until it can work."""
        from tests.servers import SERVERS

        name = str(connections["default"].settings_dict["NAME"])
        self.environment["DATABASE_URL"] = SERVERS.postgres.url(name)
        app.control.purge()  # nudges of tests that are over
        self._start(programs.web(self.environment, self._log, workers=2))
        self.start_workers()
        self._start(programs.scheduler(self.environment, self.folder, self._log))
        up = wait_until(answers(f"{self.base_url}/health"), 60)
        assert up, f"the web server did not start:\n{self.children['web'].log_since_start()[-3000:]}"

    def start_workers(self) -> None:
        """Start both workers and wait until they take tasks."""
        workers = programs.workers(self.environment, self._log)
        for child in workers:
            self._start(child)
        for child in workers:
            up = wait_until(is_ready(child), 60)
            assert up, f"{child.name} did not start:\n{child.log_since_start()[-3000:]}"

    def stop_workers(self) -> None:
        """Kill both workers, as a crash would."""
        for name in [name for name in self.children if name.startswith("worker")]:
            self.children.pop(name).kill()

    def rest_workers(self) -> None:
        """Make the workers stand still at a moment when no process is in the database.

        The flush after a test, which locks every table, would else meet them in a deadlock.
        """
        assert wait_until(self._is_at_rest, 15, pause=0.03), "the workers never came to rest"

    def wake_workers(self) -> None:
        """Let the workers go on."""
        self._signal_workers(signal.SIGCONT)

    def log(self, name: str) -> str:
        """What a process wrote since its start."""
        return self.children[name].log_since_start()

    def stop(self) -> None:
        """Stop everything, newest first."""
        self.wake_workers()  # who stands still does not hear that it is to end
        for child in self.children.values():
            child.ask_to_stop()
        for child in reversed(list(self.children.values())):
            child.stop_seconds = 5
            child.wait_or_kill()

    def _is_at_rest(self) -> bool:
        """Two looks: what a worker sent as it was stopped may lie unread before PostgreSQL, and begins afterwards."""
        self._signal_workers(signal.SIGSTOP)
        if self._nobody_is_in() and not wait_until(lambda: not self._nobody_is_in(), 0.06, pause=0.02):
            return True
        self.wake_workers()
        return False

    def _nobody_is_in(self) -> bool:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                """SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
            )
            return cursor.fetchone() == (0,)

    def _signal_workers(self, number: signal.Signals) -> None:
        for name, child in self.children.items():
            if name.startswith("worker"):
                os.killpg(child.pid, number)

    def _start(self, child: Child) -> None:
        child.start()
        self.children[child.name] = child

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"
