"""`make demo` as a developer meets it: one line per step, Ready, crashes mended, stopped cleanly, sentences for trouble."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from config.environment import PROJECT, is_alive
from config.launcher.demo import answers
from config.launcher.processes import wait_until

START_SECONDS = 170  # the promise is three minutes
SOON_SECONDS = 40  # the promise is 15 on a machine that does nothing else; tests run on busy ones


def free_pair() -> int:
    """A port whose next one is free too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Demo:
    """One demo under a home of its own, started without anything from the tests' environment."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_pair()
        self.output = home.parent / f"{home.name}.out"
        self.process: subprocess.Popen[bytes] | None = None

    def environ(self, **more: str) -> dict[str, str]:
        """What a developer's shell would hold."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**kept, "PORT": str(self.port), "ENCORE_HOME": str(self.home), **more}

    def start(self, **more: str) -> None:
        """Start it and wait for its last line."""
        with self.output.open("ab") as output:
            start = output.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.launcher", "demo"],
                cwd=PROJECT, env=self.environ(**more), stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        up = wait_until(lambda: b"Ready: " in self.output.read_bytes()[start:] or self.ended, START_SECONDS)
        assert up, self.said()
        assert not self.ended, self.said()

    @property
    def ended(self) -> bool:
        """Whether the supervisor is gone."""
        return self.process is None or self.process.poll() is not None

    def said(self) -> str:
        """All it printed."""
        return self.output.read_text()

    def running(self) -> dict:
        """running.json."""
        return json.loads((self.home / "running.json").read_text())

    def again(self, **more: str) -> subprocess.CompletedProcess[str]:
        """Another start beside it, which is to end by itself."""
        return subprocess.run(
            [sys.executable, "-m", "config.launcher", "demo"],
            cwd=PROJECT, env=self.environ(**more), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(signal_number)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("demo") / "home")
    yield made
    if not made.ended:
        made.stop()


@pytest.mark.live
@pytest.mark.timeout(400)
class TestTheDemo:
    """In the order of a developer's day; each step stands on the one before."""

    def test_starts_with_one_line_per_step_and_ready_as_the_last(self, demo):
        demo.start()
        lines = demo.said().splitlines()
        assert lines[-1] == f"Ready: http://127.0.0.1:{demo.port}"
        assert "Starting PostgreSQL" in lines

    def test_answers_and_so_does_its_sandbox(self, demo):
        assert answers(f"http://127.0.0.1:{demo.port}/health")()
        assert answers(f"http://localhost:{demo.port + 1}/")()
        assert requests.get(f"http://127.0.0.1:{demo.port}/", timeout=10).status_code == 200

    def test_has_members_who_have_earned_and_spent(self, demo):
        key = json.loads((demo.home / "demo.json").read_text())["api_key"]
        url = f"http://127.0.0.1:{demo.port}/v1/customers"
        answer = requests.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=10)
        members = [each["attributes"] for each in answer.json()["data"]]
        assert len(members) > 10
        assert any(each["redeemed_points"] > 0 for each in members)
        assert all(each["lifetime_points"] > 0 for each in members)

    def test_keeps_its_secrets_to_its_owner(self, demo):
        for name in ("secrets.json", "running.json"):
            assert (demo.home / name).stat().st_mode & 0o077 == 0

    def test_lets_manage_py_attach(self, demo):
        command = [sys.executable, "manage.py", "migrate", "--check"]
        done = subprocess.run(command, cwd=PROJECT, env=demo.environ(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def test_says_that_it_runs_already(self, demo):
        refused = demo.again(PORT=str(free_pair()))
        assert refused.returncode == 1
        assert refused.stdout.strip().count("\n") == 0
        assert "already runs" in refused.stdout

    def test_says_which_port_is_in_use(self, demo, tmp_path):
        refused = demo.again(ENCORE_HOME=str(tmp_path / "other"))
        assert refused.returncode == 1
        assert f"Port {demo.port} is in use" in refused.stdout

    @pytest.mark.parametrize("name", ["web", "worker", "worker-purchase", "scheduler", "sandbox", "redis", "postgres"])
    def test_mends_a_crash_of_each_of_its_processes(self, demo, name):
        before = demo.running()["processes"][name]
        os.kill(before, signal.SIGKILL)
        assert wait_until(lambda: demo.running()["processes"][name] != before, 20)
        assert f"{name} ended (signal SIGKILL); starting it again" in demo.said()
        assert wait_until(answers(f"http://127.0.0.1:{demo.port}/health"), 30)

    def test_leaves_no_orphan_when_it_is_killed(self, demo):
        children = demo.running()["processes"].values()
        demo.stop(signal.SIGKILL)
        assert wait_until(lambda: not any(is_alive(pid) for pid in children), 40)

    def test_starts_again_after_that_soon_and_with_its_data(self, demo):
        seeded = (demo.home / "demo.json").stat().st_mtime
        began = time.monotonic()
        demo.start()
        assert time.monotonic() - began < SOON_SECONDS
        assert (demo.home / "demo.json").stat().st_mtime == seeded

    def test_recovers_from_a_lock_whose_process_is_another_by_now(self, demo):
        children = demo.running()["processes"].values()
        demo.stop(signal.SIGKILL)
        assert wait_until(
            lambda: not any(is_alive(pid) for pid in children), 40
        )  # the web holds the port until it ends
        (demo.home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{demo.home}/postgres\n")
        demo.start()

    def test_stops_every_child_on_sigterm_and_says_so(self, demo):
        children = demo.running()["processes"].values()
        assert demo.stop() == 0
        assert demo.said().splitlines()[-1] == "Stopping"
        assert not any(is_alive(pid) for pid in children)
        assert not (demo.home / "running.json").exists()
