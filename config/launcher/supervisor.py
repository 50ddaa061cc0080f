"""Keeps children alive, restarts those that die, stops all of them in the reverse order of their start."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from config.launcher import Refusal, say
from config.launcher.processes import Child

QUICK_DEATHS = 5  # in a row, each within QUICK_SECONDS of its start: then it is broken, not unlucky
QUICK_SECONDS = 5.0


class Stop(Exception):
    """A signal asked the supervisor to end."""


def raise_stop(number: int, frame: FrameType | None) -> None:
    """The handler of SIGINT, SIGTERM and SIGHUP; a second signal does not interrupt the stopping."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stop


def listen_for_signals() -> None:
    """Turn the signals that mean "end" into `Stop`."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, raise_stop)


class Supervisor:
    """The children in the order of their start.

    Args:
        on_change: called after every start and restart, to write the process ids down.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.children: list[Child] = []
        self.on_change = on_change
        self._started_at: dict[str, float] = {}
        self._quick_deaths: dict[str, int] = {}

    def start(self, child: Child) -> None:
        """Start a child and watch it from now on."""
        child.start()
        self.adopt(child)
        self.on_change()

    def adopt(self, child: Child) -> None:
        """Watch a child that was started elsewhere."""
        self.children.append(child)
        self._started_at[child.name] = time.monotonic()

    def restart_the_dead(self) -> None:
        """Start again whoever ended, with a line that says so.

        Raises:
            Refusal: a child ends again and again right after its start.
        """
        for child in self.children:
            if child.is_running:
                continue
            assert child.process is not None
            ended_with = child.process.returncode
            child.kill()  # what is left of its family: orphaned pool processes would go on working
            quick = time.monotonic() - self._started_at[child.name] < QUICK_SECONDS
            deaths = self._quick_deaths.get(child.name, 0) + 1 if quick else 0
            self._quick_deaths[child.name] = deaths
            if deaths >= QUICK_DEATHS:
                raise Refusal(f"{child.name} ends right after every start: see {child.log}")
            say(f"{child.name} ended ({describe(ended_with)}); starting it again")
            child.start()
            self._started_at[child.name] = time.monotonic()
            self.on_change()

    def stop(self) -> None:
        """Ask the programs first, all at once, then stop the servers beneath them, last started first."""
        programs = [child for child in self.children if child.name not in ("postgres", "redis")]
        servers = [child for child in self.children if child.name in ("postgres", "redis")]
        for child in reversed(programs):
            child.ask_to_stop()
        for child in reversed(programs):
            child.wait_or_kill()
        for child in reversed(servers):
            child.stop()


def describe(returncode: int) -> str:
    """An exit code in words."""
    return f"signal {signal.Signals(-returncode).name}" if returncode < 0 else f"exit code {returncode}"
