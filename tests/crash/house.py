"""A whole Encore of its own: servers, sandbox, web, workers and scheduler, kept alive by the launcher's own supervisor."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from config.environment import PROJECT
from config.launcher import programs
from config.launcher.demo import answers, is_ready
from config.launcher.processes import Child, wait_until
from config.launcher.supervisor import Supervisor
from config.launcher.variables import child_environment
from tests.servers import DATABASE, SERVERS

MANNERS = ("the whole group", "the parent alone", "one child")


class House:
    """Everything that runs. Children are started and watched from the main thread (see `config.launcher.processes`)."""

    def __init__(self) -> None:
        self.folder = SERVERS.folder
        self.supervisor = Supervisor()
        self.web_url = os.environ["APP_URL"]

    def start(self) -> None:
        """Servers, tables, processes; returns when everything takes work."""
        SERVERS.start()
        assert DATABASE in os.environ["DATABASE_URL"]
        command = programs.python("manage.py", "migrate", "--no-input", "--verbosity", "0")
        subprocess.run(command, cwd=PROJECT, env=child_environment(os.environ), check=True)
        self.supervisor.start(programs.sandbox(os.environ, self.folder, self._log))
        self.supervisor.start(programs.web(os.environ, self._log, workers=2))
        workers = programs.workers(os.environ, self._log)
        for child in workers:
            self.supervisor.start(child)
        self.supervisor.start(programs.scheduler(os.environ, self.folder, self._log))
        for is_up in (answers(f"{self.web_url}/health"), *(is_ready(child) for child in workers)):
            assert wait_until(is_up, 60), "a process did not come up"

    def stop(self) -> None:
        """Everything, servers last."""
        self.supervisor.stop()
        SERVERS.stop()

    def watch(self) -> None:
        """Start again whoever ended."""
        self.supervisor.restart_the_dead()

    def kill(self, name: str, manner: str, rng: random.Random) -> int:
        """`kill -9`, and nothing said to anybody; returns the process id that was hit."""
        child = next(each for each in self.supervisor.children if each.name == name)
        victim = child.pid
        with suppress(ProcessLookupError):
            if manner == "the whole group":
                os.killpg(victim, signal.SIGKILL)
            else:
                family = children_of(victim) if manner == "one child" else []
                victim = rng.choice(family) if family else victim
                os.kill(victim, signal.SIGKILL)
        return victim

    def names(self, start: str) -> list[str]:
        """Children whose name begins so."""
        return [child.name for child in self.supervisor.children if child.name.startswith(start)]

    def children(self) -> list[Child]:
        """All of them."""
        return self.supervisor.children

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"


def children_of(pid: int) -> list[int]:
    """Process ids of a process's own children, where the kernel tells."""
    try:
        return sorted(int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    except OSError:
        return []
