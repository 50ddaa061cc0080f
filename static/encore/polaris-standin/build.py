"""Joins the numbered sources into the one classic script that pages load: `python static/encore/polaris-standin/build.py`."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "polaris-standin.js"


def bundle() -> str:
    """The text of the built script; every source is a block of its own, so order is all that matters."""
    return "".join(source.read_text(encoding="utf-8") for source in sorted(HERE.glob("[0-9]*.js")))


if __name__ == "__main__":
    OUTPUT.write_text(bundle(), encoding="utf-8")
