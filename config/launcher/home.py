"""The data folder: one supervisor at a time, secrets made once, and what runs written down for `manage.py`."""

import base64
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from config import environment
from config.launcher import Refusal


class Home:
    """The folder ENCORE_HOME names, held by this process through a lock that the kernel releases when it ends.

    Raises:
        Refusal: another demo holds it, or it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / "launcher.lock").open("a")
        except OSError as error:
            raise Refusal(f"The data folder {folder} cannot be written: {error.strerror}.") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            record = environment.running(folder) or {}
            where = f" at {record['url']} (process {record['pid']})" if record else ""
            raise Refusal(
                f"A demo already runs under {folder}{where}: stop it first, or choose another ENCORE_HOME and PORT."
            ) from None

    def log(self, name: str) -> Path:
        """Where the output of one child goes."""
        return self.folder / "logs" / f"{name}.log"

    def forget(self) -> None:
        """Delete everything but the lock: the next start is the first."""
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != "launcher.lock":
                path.unlink()

    def secrets(self) -> dict[str, str]:
        """The demo's own keys, made at the first start and kept, readable by their owner only."""
        path = self.folder / "secrets.json"
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        made = {
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
            "ENCORE_SECRET_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "SHOPIFY_CLIENT_ID": secrets.token_hex(16),
            "SHOPIFY_CLIENT_SECRETS": f"shpss_{secrets.token_hex(16)}",
        }
        if made.keys() - kept.keys():
            kept = {**made, **kept}
            self._write(path, kept)
        return kept

    def write_running(self, environ: Mapping[str, str], processes: Mapping[str, int]) -> None:
        """Say what runs: `manage.py` reads the environment, crash tests read the process ids."""
        record = {
            "pid": os.getpid(),
            "environment": dict(environ),
            "url": environ["APP_URL"],
            "sandbox_url": environ["SANDBOX_URL"],
            "processes": dict(processes),
        }
        self._write(self.folder / "running.json", record)

    def close(self) -> None:
        """Take back what `write_running` said, and let the next one in."""
        (self.folder / "running.json").unlink(missing_ok=True)
        self._lock.close()

    def _write(self, path: Path, content: Mapping[str, object]) -> None:
        """Replace a file in one step, mode 0600."""
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
            json.dump(content, output, indent=1)
        draft.replace(path)
