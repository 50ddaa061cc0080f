"""Encore's own processes: sandbox, web, workers, scheduler. The tests start the same ones."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from config.environment import PROJECT
from config.launcher.processes import Child
from config.launcher.variables import child_environment

Logs = Callable[[str], Path]

WEB_THREADS = 2
"""Threads of each web process. Calls that wait for Shopify hold at most half of them (`ENCORE_WAITING_CALLS`)."""


def python(*arguments: str) -> list[str]:
    """A command run by this environment's Python."""
    return [sys.executable, *arguments]


def sandbox(variables: Mapping[str, str], folder: Path, log: Logs) -> Child:
    """Shopify in a box. It gets its own variables and nothing of Encore's database or keys."""
    names = ("SANDBOX_PORT", "SANDBOX_MAIL_PORT", "APP_URL", "SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRETS")
    given = {name: variables[name] for name in names}
    machine = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    (folder / "sandbox").mkdir(parents=True, exist_ok=True)
    own = {"SANDBOX_HOME": str(folder / "sandbox"), "SANDBOX_PROJECT": str(PROJECT), "PYTHONUNBUFFERED": "1"}
    environ = {**machine, **given, **own}
    return Child(name="sandbox", argv=python("-m", "sandbox"), environ=environ, log=log("sandbox"), folder=PROJECT)


def web(variables: Mapping[str, str], log: Logs, *, workers: int = 3) -> Child:
    """The web server: `workers` processes of a few threads. One is fastest while nothing waits; a purchase waits.

    Each thread has a database connection for its life, so threads that idle are kept as long as the server can.
    """
    listen = ("--host", "127.0.0.1", "--port", variables["PORT"])
    threads = ("--blocking-threads", str(WEB_THREADS), "--blocking-threads-idle-timeout", "600")
    # a process asked to stop while it still starts misses the question, and granian would wait for it for ever
    stopping = ("--workers-kill-timeout", "8")
    shape = ("--workers", str(workers), *threads, "--no-ws", "--respawn-failed-workers", *stopping)
    command = python("-m", "granian", "--interface", "wsgi", *listen, *shape, "config.wsgi:application")
    environ = child_environment(variables)
    return Child(name="web", argv=command, environ=environ, log=log("web"), folder=PROJECT, stop_seconds=12)


def worker(
    variables: Mapping[str, str], log: Logs, name: str, queues: str, *, processes: int = 2, niceness: int = 0
) -> Child:
    """A Celery worker for some queues. Purchases have their own: a customer waits for them, and no slow vendor may."""
    shape = (
        "--pool",
        "prefork",
        "--concurrency",
        str(processes),
        "--hostname",
        f"{name}@encore",
        "--loglevel",
        "WARNING",
    )
    quiet = ("--without-gossip", "--without-mingle")
    return Child(
        name=name,
        argv=python("-m", "celery", "-A", "config.celery", "worker", "-Q", queues, *shape, *quiet),
        environ=child_environment(variables),
        log=log(name),
        folder=PROJECT,
        niceness=niceness,
        orphan_signal=signal.SIGKILL,  # with its broker gone too it would wait for ever; what it did stands in rows
        stop_seconds=25,  # the soft shutdown lets running tasks finish for 20
    )


def workers(variables: Mapping[str, str], log: Logs) -> list[Child]:
    """Both workers of a small installation."""
    return [
        # Nobody waits for these: on a small machine they give way to whoever is waiting for the web.
        worker(variables, log, "worker", "ledger,webhooks,delivery,maintenance", niceness=10),
        worker(variables, log, "worker-purchase", "purchase", processes=4),
    ]


def scheduler(variables: Mapping[str, str], folder: Path, log: Logs) -> Child:
    """Celery beat. Its schedule file is a cache: a damaged one is removed."""
    cache = folder / "celerybeat-schedule"
    for path in folder.glob(f"{cache.name}*"):
        path.unlink(missing_ok=True)
    command = python("-m", "celery", "-A", "config.celery", "beat", "--schedule", str(cache), "--pidfile=")
    environ = child_environment(variables)
    return Child(
        name="scheduler",
        argv=command,
        environ=environ,
        log=log("scheduler"),
        folder=PROJECT,
        orphan_signal=signal.SIGKILL,  # all it knows is the cache, and its broker goes with it
    )
