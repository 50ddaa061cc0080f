"""Judges rendered pages by Shopify's Custom Elements Manifest (admin-ui facts, section 15).

Unknown `s-*` elements, attributes, enumerated values and slots, and boolean attributes with odd values are reported.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parents[2] / "node_modules/@shopify/polaris-types/dist/custom-elements.json"
ALWAYS = {"id", "slot", "class", "hidden", "lang", "dir", "role", "title", "tabindex", "style"}
PREFIXES = ("data-", "aria-", "hx-")
NOT_IN_MANIFEST = {"s-app-nav", "s-app-window"}
QUOTED = re.compile(r'\s*"[^"]*"(\s*\|\s*"[^"]*")*\s*')
SIZE = re.compile(r"\d+(px|%)")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path"}


def elements() -> dict[str, dict[str, Any]]:
    """Every element of the manifest with its attributes' types and its slots, names in lower case."""
    assert MANIFEST.exists(), f"{MANIFEST} is missing: run `python -m tests.provision`"
    found = {}
    for module in json.loads(MANIFEST.read_text())["modules"]:
        for declaration in module.get("declarations", []):
            if "tagName" in declaration:
                found[declaration["tagName"]] = {
                    "attributes": {
                        item["name"].lower(): item.get("type", {}).get("text", "")
                        for item in declaration.get("attributes", [])
                    },
                    "slots": {item["name"] for item in declaration.get("slots", [])},
                }
    return found


class Lint(HTMLParser):
    """Collects complaints while a page is read; `complaints` holds them afterwards."""

    def __init__(self, known: dict[str, dict[str, Any]]) -> None:
        super().__init__(convert_charrefs=True)
        self.known = known
        self.complaints: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag.startswith("s-") and tag not in NOT_IN_MANIFEST:
            self._element(tag, values)
        if values.get("slot"):
            self._slot(tag, str(values["slot"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A self-closing tag opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def _element(self, tag: str, values: dict[str, str | None]) -> None:
        if tag not in self.known:
            self.complaints.append(f"unknown element <{tag}>")
            return
        for name, value in values.items():
            if name in ALWAYS or name.startswith(PREFIXES):
                continue
            types = self.known[tag]["attributes"]
            if name not in types:
                self.complaints.append(f"<{tag}> has no attribute {name}")
                continue
            kind = types[name]
            if kind == "boolean" and value not in (None, "", "true", "false", name):
                self.complaints.append(f"<{tag} {name}> is on or off, not {value!r}")
            elif (
                QUOTED.fullmatch(kind)
                and value not in re.findall(r'"([^"]*)"', kind)
                and not (name.endswith("size") and SIZE.fullmatch(value or ""))
            ):
                self.complaints.append(f"<{tag} {name}> can't be {value!r}")

    def _slot(self, tag: str, slot: str) -> None:
        parent = next((name for name in reversed(self.open) if name.startswith("s-")), None)
        if parent is None or parent in NOT_IN_MANIFEST:
            self.complaints.append(f'slot="{slot}" on <{tag}> belongs to no element')
        elif (
            parent in self.known and slot not in self.known[parent]["slots"] and not self._is_choice_text(parent, slot)
        ):
            self.complaints.append(f'<{parent}> has no slot "{slot}" (on <{tag}>)')

    @staticmethod
    def _is_choice_text(parent: str, slot: str) -> bool:
        return parent == "s-choice" and slot in {"details", "secondary-content"}


def complaints_about(html: str) -> list[str]:
    """Returns what the manifest does not know, each complaint once."""
    lint = Lint(elements())
    lint.feed(html)
    return sorted(set(lint.complaints))
