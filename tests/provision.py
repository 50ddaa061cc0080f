"""Gets what the tests need beyond Python: Chromium and the pinned Node packages. `python -m tests.provision`.

Nothing here fails the run: a test that then lacks its tool fails by itself and says what is missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_SECONDS = 60  # Playwright's download; some networks swallow it without an answer
APT_SECONDS = 600
NPM_SECONDS = 600


def chromium() -> str | None:
    """CHROMIUM, else the system's own; None when Playwright must bring one."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def playwright_has_one() -> bool:
    """Whether Playwright has downloaded its Chromium already."""
    script = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    asked = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return asked.returncode == 0 and Path(asked.stdout.strip()).exists()


def run(command: list[str], seconds: int, **environ: str) -> bool:
    """Run a command quietly within a time limit; its output ends in test-results/."""
    log = PROJECT / "test-results" / f"provision-{Path(command[0]).name}.log"
    log.parent.mkdir(exist_ok=True)
    try:
        with log.open("a") as output:
            done = subprocess.run(
                command,
                cwd=PROJECT,
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        with log.open("a") as output:
            output.write(f"{error}\n")
        return False
    return done.returncode == 0


def apt_install(*packages: str) -> bool:
    """Install packages of the system where we may; False where we may not, or where it fails."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    print(f"Installing {', '.join(packages)} through apt", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], APT_SECONDS, **quiet)
    return run(["apt-get", "install", "-y", "--no-install-recommends", *packages], APT_SECONDS, **quiet)


def ensure_chromium() -> str:
    """Get a browser: CHROMIUM, the system's, the package manager's, Playwright's, in that order.

    Returns:
        The line to print.
    """
    if found := chromium():
        return f"Chromium: {found}"
    if playwright_has_one():
        return "Chromium: Playwright's"
    if apt_install("chromium") and (found := chromium()):
        return f"Chromium: {found}"
    print("Downloading Playwright's Chromium", flush=True)
    if run([sys.executable, "-m", "playwright", "install", "chromium-headless-shell", "chromium"], DOWNLOAD_SECONDS):
        return "Chromium: Playwright's"
    return "Chromium: NONE. The browser tests will fail: install it, or name one in CHROMIUM."


def ensure_node_packages() -> str:
    """`npm ci` when the lock file has changed since the last one.

    Returns:
        The line to print.
    """
    stamp = PROJECT / "node_modules" / ".lock.sha256"
    wanted = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return "Node packages: as locked"
    if shutil.which("npm") is None and not apt_install("nodejs", "npm"):
        return "Node packages: NONE, there is no npm. Tests that need them will fail: `apt-get install npm`."
    print("Installing the Node packages that tests need", flush=True)
    if not run(["npm", "ci", "--no-audit", "--no-fund"], NPM_SECONDS):
        return "Node packages: npm ci FAILED (test-results/provision-npm.log). Tests that need them will fail."
    stamp.write_text(wanted)
    return "Node packages: as locked"


if __name__ == "__main__":
    print(ensure_chromium(), flush=True)
    print(ensure_node_packages(), flush=True)
