"""Pictures of every page of the demo at 1280 and 390 px, into docs/screenshots: `make screenshots`."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.a_demo import a_demo
from tests.provision import chromium
from tests.showing.rooms import addresses, log_in

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WIDTHS = {"desk": 1280, "phone": 390}
TALLEST = 2600
"""CSS pixels of a page that are shown: what follows is more of the same list."""
QUALITY = 55


def main() -> int:
    """Starts a demo, looks into every room, and writes what it saw."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    with a_demo() as demo, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        for size, width in WIDTHS.items():
            page = log_in(browser, demo, width)
            for room, address in addresses(page, demo):
                page.goto(address)
                page.wait_for_load_state("networkidle")
                height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                page.set_viewport_size({"width": width, "height": max(900, height)})
                page.screenshot(path=FOLDER / f"{room.name}-{size}.jpg", type="jpeg", quality=QUALITY)
                page.set_viewport_size({"width": width, "height": 900})
                print(f"{room.name}-{size}.jpg", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
