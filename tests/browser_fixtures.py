"""Chromium for the browser tests: the one tests.provision found, with no request leaving the machine."""

from pathlib import Path
from typing import Any

import pytest

from tests.provision import chromium

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one; none: Playwright's own."""
    found = chromium()
    chosen = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **chosen, "headless": True, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """One language, one time zone, no animations: the same pixels everywhere."""
    size = {"width": 1280, "height": 800}
    return {
        **browser_context_args, "viewport": size, "locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce",
    }  # fmt: skip


@pytest.fixture
def axe_check() -> Any:
    """A function that fails when axe-core finds anything on a page."""

    def check(page: Any) -> None:
        page.evaluate(AXE.read_text())
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
        assert not found, [(v["id"], v["nodes"][0]["target"], v["help"]) for v in found]

    return check
