"""Builds `.venv/` from requirements-dev.txt, once per content of the requirement files."""

import hashlib
import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from config.environment import PROJECT
from config.launcher import Refusal, say

OLDEST = (3, 11)
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def ensure_environment() -> None:
    """Make `.venv/` hold just what the requirement files name; does nothing when they have not changed.

    Raises:
        Refusal: unsupported Python, no venv module, no compiler where one is needed, or no packages to be had.
    """
    if sys.version_info < OLDEST:
        raise Refusal(
            "Encore needs Python 3.11 or 3.12, this is %s: install one and run `make demo PYTHON=python3.12`."
            % platform.python_version()
        )
    wanted = fingerprint()
    stamp = VENV / "requirements.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        create_venv()
    install(VENV / "pip.log")
    stamp.write_text(wanted)


def fingerprint() -> str:
    """SHA-256 over the requirement files and the Python that will run them."""
    digest = hashlib.sha256(platform.python_version().encode())
    for name in REQUIREMENTS:
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()


def create_venv() -> None:
    """Create the virtual environment.

    Raises:
        Refusal: Debian's split packages are missing, or the folder cannot be written.
    """
    version = "%d.%d" % sys.version_info[:2]
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Refusal("Python's venv module is missing: install it with `apt-get install python%s-venv`." % version)
    say("Creating the environment in .venv/")
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refusal("The environment in .venv/ could not be created: %s" % last_line(done.stdout + done.stderr))


def install(log: Path) -> None:
    """Install the pinned packages into the virtual environment; pip's output goes to `log`.

    Raises:
        Refusal: one sentence naming the cause, a missing compiler in particular.
    """
    say("Installing the Python packages (a minute or two, only when requirements change)")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile"]
    with log.open("w") as output:
        done = subprocess.run(
            [*command, "-r", str(PROJECT / "requirements-dev.txt")],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PIP_PREFER_BINARY": "1"},
            check=False,
        )
    if done.returncode == 0:
        return
    text = log.read_text(errors="replace")
    if re.search(
        r"command '?\S*(gcc|cc|g\+\+|clang)'? failed|[Uu]nable to find (vcvarsall|a compiler)|No such file.*gcc", text
    ):
        raise Refusal(
            "A package has no ready-made build for Python %s on %s and there is no C compiler: use Python 3.11 or 3.12 "
            "on x86-64, or `apt-get install build-essential`." % (platform.python_version(), platform.machine())
        )
    raise Refusal("The Python packages could not be installed: %s (all of it in %s)" % (last_line(text), log))


def last_line(text: str) -> str:
    """The last line of a program's output that says `error`, else its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["no output"])[-1]
