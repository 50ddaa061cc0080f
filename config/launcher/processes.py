"""Child processes that never outlive their parent, whichever way it ends.

Each child leads a process group of its own, so that stopping it takes its whole family, and asks the kernel for a
signal when the thread that started it dies: `kill -9` of the parent leaves no orphan. So start children from the main
thread.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, signal_number: int = signal.SIGTERM) -> None:
    """Ask for `signal_number` when the parent ends; leaves at once when it already has."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


@dataclass(kw_only=True)
class Child:
    """One program the supervisor keeps running.

    Attributes:
        stop_signal: what asks it to end in good order.
        orphan_signal: what the kernel sends when the parent dies; `stop_signal` unless the program could not end in good
            order alone.
        stop_seconds: how long it may take before its whole group is killed.
        prepare: run in the child before the program, to change its user.
        niceness: 0 to 19; above 0 it gives way to the others when the processor is short.
    """

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals | None = None
    stop_seconds: float = 10
    prepare: Callable[[], None] | None = None
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    log_start: int = field(default=0, init=False)

    def start(self) -> None:
        """Start the program; its output is appended to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()

        def in_child() -> None:
            if self.niceness:
                os.nice(self.niceness)
            if self.prepare:
                self.prepare()
            die_with_parent(parent, self.orphan_signal or self.stop_signal)

        with self.log.open("ab") as output:
            self.log_start = output.tell()
            self.process = subprocess.Popen(
                list(self.argv),
                env=dict(self.environ),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=in_child,
            )

    @property
    def is_running(self) -> bool:
        """Whether the program itself is there; its family may still be ending when it is not."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """The program's process id."""
        assert self.process is not None, f"{self.name} was not started"
        return self.process.pid

    def log_since_start(self) -> str:
        """What it wrote since it was last started."""
        with self.log.open("rb") as output:
            output.seek(self.log_start)
            return output.read().decode(errors="replace")

    def ask_to_stop(self) -> None:
        """Send the stop signal to the program, not to its family: it ends its own in good order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_or_kill(self) -> None:
        """Wait for its end as long as it may take, then kill whoever is left of its group."""
        if self.process is None:
            return
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            with self.log.open("a") as output:  # the one trace of a program that does not end as asked
                output.write(f"{self.name} did not end within {self.stop_seconds:g} seconds of being asked: killed\n")
        self.kill()

    def kill(self) -> None:
        """`kill -9` of the whole group."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask, wait, and kill what stays."""
        self.ask_to_stop()
        self.wait_or_kill()


def wait_until(is_true: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Poll until `is_true`; False when `seconds` passed without it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(pause)
    return is_true()
