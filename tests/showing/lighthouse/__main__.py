"""What Lighthouse says of every standalone page: accessibility and best practices, each to be 1.0. `make lighthouse`.

Not a part of the tests: it measures in a browser of its own, for minutes, and is run before a release.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.a_demo import a_demo
from tests.provision import chromium
from tests.showing.rooms import addresses, log_in

HERE = Path(__file__).resolve().parent
WANTED = ("accessibility", "best-practices")


def main() -> int:
    """Starts a demo, asks about every page, prints the scores and what is below 1.0, and fails when anything is."""
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    low = 0
    with a_demo() as demo, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        path = chromium() or play.chromium.executable_path
        page = log_in(browser, demo, 1280)
        cookie = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
        for room, address in [*addresses(page, demo)]:
            scores, faults = _ask(address, cookie, path)
            low += any(score != 1 for score in scores.values())
            print(
                f"{room.name:24} " + "  ".join(f"{name} {score}" for name, score in scores.items()), *faults, flush=True
            )
        browser.close()
    return 1 if low else 0


def _ask(address: str, cookie: str, browser: str) -> tuple[dict[str, float | None], list[str]]:
    command = [
        str(HERE / "node_modules" / ".bin" / "lighthouse"), address, "--quiet", "--output=json",
        f"--only-categories={','.join(WANTED)}", "--preset=desktop", f"--extra-headers={json.dumps({'Cookie': cookie})}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": browser}
    )
    if done.returncode != 0:
        return dict.fromkeys(WANTED), [done.stderr[-400:]]
    told = json.loads(done.stdout)
    scores = {name: told["categories"][name]["score"] for name in WANTED}
    audits = told["audits"]
    names = {ref["id"] for name in WANTED for ref in told["categories"][name]["auditRefs"] if ref["weight"]}
    faults = [
        f"\n  {name}: {audits[name]['title']}" for name in sorted(names) if audits[name]["score"] not in (1, None)
    ]
    return scores, faults


if __name__ == "__main__":
    raise SystemExit(main())
