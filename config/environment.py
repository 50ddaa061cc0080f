"""Which servers this process talks to: the real environment, or the demo running under ENCORE_HOME.

Only the standard library is imported here, so that the launcher can use it before the packages exist.
"""

import json
import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
SERVERS = ("DATABASE_URL", "REDIS_URL")


class NothingRuns(Exception):
    """No servers are named and no demo runs; the text is the sentence to show."""


def home(environ: MutableMapping[str, str]) -> Path:
    """The data folder: ENCORE_HOME, relative to the project when relative, else `.encore/` in the project."""
    return (PROJECT / (environ.get("ENCORE_HOME") or ".encore")).resolve()


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def running(folder: Path) -> dict[str, Any] | None:
    """What `running.json` says about the demo under `folder`, or None when its process is gone."""
    try:
        record = json.loads((folder / "running.json").read_text())
        return record if is_alive(int(record["pid"])) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def attach(environ: MutableMapping[str, str]) -> None:
    """Fill `environ` from the running demo unless both servers are named; values already there win.

    Raises:
        NothingRuns: no servers named and no demo runs.
    """
    if all(environ.get(name) for name in SERVERS) or environ.get("ENCORE_ENVIRONMENT") == "test":
        return
    folder = home(environ)
    record = running(folder)
    if record is None:
        raise NothingRuns(
            f"No demo runs under {folder}, and DATABASE_URL and REDIS_URL are not both set: start one with `make demo`."
        )
    for name, value in record["environment"].items():
        environ.setdefault(name, value)
