"""The theme extension's blocks as a theme would show them: markup with its settings' defaults and its words filled in.

Only what our blocks use is understood: `{{ block.settings.x }}`, `{{ 'key' | t }}`, `{{ 'file' | asset_url }}` with
`escape` behind it, and the `{% schema %}`. Anything else stays as it is, to be seen.
"""

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

SCHEMA = re.compile(r"\{%-?\s*schema\s*-?%\}(.*?)\{%-?\s*endschema\s*-?%\}", re.S)
COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.S)
SETTING = re.compile(r"\{\{-?\s*block\.settings\.(\w+)(?:\s*\|\s*escape)?\s*-?\}\}")
WORDS = re.compile(r"\{\{-?\s*'([\w.]+)'\s*\|\s*t(?:\s*\|\s*escape)?\s*-?\}\}")


@dataclass(frozen=True)
class Block:
    """An app block: its markup without the schema, and what the schema says."""

    markup: str
    schema: dict[str, Any]
    words: dict[str, Any]

    @property
    def javascript(self) -> str:
        """The file its schema loads with it."""
        return str(self.schema.get("javascript", ""))

    @property
    def stylesheet(self) -> str:
        """Likewise."""
        return str(self.schema.get("stylesheet", ""))


def blocks(project: Path) -> list[Block]:
    """Read the embed blocks of a project's theme extension; none without one."""
    folder = project / "theme_extension"
    locale = folder / "locales" / "en.default.json"
    words = json.loads(locale.read_text("utf-8")) if locale.exists() else {}
    found = []
    for path in sorted(folder.glob("blocks/*.liquid")):
        text = path.read_text("utf-8")
        schema = SCHEMA.search(text)
        parsed = json.loads(schema[1]) if schema else {}
        if parsed.get("target") == "body":
            found.append(Block(COMMENT.sub("", SCHEMA.sub("", text)), parsed, words))
    return found


def snippet(block: Block, *, proxy: str) -> str:
    """Fill a block's markup in; `/apps` in it becomes where the sandbox's storefront keeps the proxy."""
    defaults = {item.get("id"): item.get("default", "") for item in block.schema.get("settings", [])}
    html = SETTING.sub(lambda found: escape(str(defaults.get(found[1], ""))), block.markup)
    html = WORDS.sub(lambda found: escape(_word(block.words, found[1])), html)
    return html.replace('"/apps/', f'"{proxy}/')


def _word(words: dict[str, Any], key: str) -> str:
    found: Any = words
    for part in key.split("."):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, str) else key
