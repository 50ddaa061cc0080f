"""The theme extension's blocks as a theme would show them: Liquid with the settings' defaults, a visitor, and words filled in.

Liquid is carried out by Jinja, whose `if`, `for`, filters and whitespace control are spelt alike; what our blocks use and Jinja
spells differently is rewritten (`assign`, `nil`, `comment`, `schema`). A filter or tag beyond that is an error, to be seen.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment

from sandbox.store.database import Database

SCHEMA = re.compile(r"\{%-?\s*schema\s*-?%\}(.*?)\{%-?\s*endschema\s*-?%\}", re.S)
COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.S)
ASSIGN = re.compile(r"(\{%-?\s*)assign\b")
NIL = re.compile(r"\bnil\b(?=[^{}]*%\})")
OWN = "$app"
"""The namespace of the app itself, as Liquid spells it; the store keeps it under `app--` and a number."""


class Figure(int):
    """A number as Liquid takes it: also 0 is true."""

    def __bool__(self) -> bool:
        """Only nil and false are not."""
        return True


@dataclass(frozen=True)
class Block:
    """An app block: its Liquid without the schema, what the schema says, and the words of each language."""

    liquid: str
    schema: dict[str, Any]
    words: dict[str, dict[str, Any]]

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
    words = {
        path.name.partition(".")[0]: json.loads(path.read_text("utf-8"))
        for path in folder.glob("locales/*.json")
        if not path.name.endswith(".schema.json")
    }
    found = []
    for path in sorted(folder.glob("blocks/*.liquid")):
        text = path.read_text("utf-8")
        schema = SCHEMA.search(text)
        parsed = json.loads(schema[1]) if schema else {}
        if parsed.get("target") == "body":
            found.append(Block(COMMENT.sub("", SCHEMA.sub("", text)), parsed, words))
    return found


def snippet(
    block: Block, *, proxy: str, locale: str = "en", visitor: Mapping[str, Any] | None = None,
    shop: Mapping[str, Any] | None = None, chosen: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """Carry a block out; `/apps` in it becomes where the sandbox's storefront keeps the proxy.

    Args:
        locale: The language of the theme.
        visitor: The customer who is logged in, as Liquid's `customer`; None is nobody.
        shop: Liquid's `shop`.
        chosen: Settings that the theme editor changed; the rest are the schema's.
    """
    defaults = {item["id"]: item.get("default") for item in block.schema.get("settings", []) if "id" in item}
    # Liquid escapes nothing by itself either: what a block forgets is to be seen.
    environment = Environment(undefined=ChainableUndefined, autoescape=False)  # noqa: S701  # pages of a stand-in, from files of this project
    environment.filters["t"] = lambda key: _word(block.words.get(locale) or block.words.get("en", {}), key)
    liquid = NIL.sub("none", ASSIGN.sub(r"\1set", block.liquid))
    html = environment.from_string(liquid).render(
        block={"settings": {**defaults, **(chosen or {})}},
        customer=visitor,
        shop=shop or {},
        request={"locale": {"iso_code": locale}},
    )
    return html.replace('"/apps/', f'"{proxy}/')


def metafields_of(database: Database, domain: str, owner: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Give an owner's metafields as Liquid reads them: namespace, key, `value`."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for item in database.list(domain, "metafield"):
        if item["owner"] == owner:
            namespace = OWN if re.fullmatch(r"app--\d+", item["namespace"]) else item["namespace"]
            found.setdefault(namespace, {})[item["key"]] = {"value": _value(item["type"], item["value"])}
    return found


def _value(kind: str, value: str) -> Any:
    if kind == "number_integer":
        return Figure(value)
    return json.loads(value) if kind == "json" else value


def _word(words: dict[str, Any], key: str) -> str:
    found: Any = words
    for part in key.split("."):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, str) else key
