"""A demo of its own for a command: started in a folder that goes with it, stopped at the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Demo:
    """A running demo: the variables its processes have, and how to log in."""

    environment: dict[str, str]
    user: str
    password: str

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.environment["APP_URL"]


@contextmanager
def a_demo(**variables: str) -> Iterator[Demo]:
    """Starts a demo on free ports, waits until it is ready, and stops it again."""
    with tempfile.TemporaryDirectory(prefix="encore-demo-") as folder:
        environment = {**os.environ, "ENCORE_HOME": folder, "PORT": str(_free_port()), **variables}
        print("Starting the demo (its own data folder)", flush=True)
        log = Path(folder, "demo.log")
        with log.open("w") as output:
            demo = subprocess.Popen(
                [sys.executable, "-m", "config.launcher", "demo"], stdout=output, stderr=output, env=environment
            )
            try:
                _wait_until_ready(demo, log)
                running = json.loads(Path(folder, "running.json").read_text())["environment"]
                login = json.loads(Path(folder, "demo.json").read_text())
                yield Demo(running, login["standalone_user"], login["standalone_password"])
            finally:
                demo.send_signal(signal.SIGTERM)
                demo.wait(60)


def _free_port() -> int:
    """A port whose next one is free too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            try:
                second.bind(("127.0.0.1", first.getsockname()[1] + 1))
            except OSError:
                continue
            return int(first.getsockname()[1])


def _wait_until_ready(demo: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 300
    while "Ready:" not in log.read_text():
        if demo.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"the demo did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.5)
