"""What the code says to people, gathered for translation: from templates as Django parses them, from Python by its calls.

Django's own `makemessages` needs programs that a fresh machine lacks, and reads templates by pattern; here the very
nodes that speak at run time are asked for their message ids, so that none can be missed or spelt otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from django.conf import settings
from django.template import Node, NodeList, engines
from django.template.base import FilterExpression, Template
from django.template.exceptions import TemplateSyntaxError
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.functional import Promise
from django.utils.translation import trim_whitespace

PACKAGES = ("config", "loyalty", "shopify_app")
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the code: its id, or both of its forms, its context, and the file that says it."""

    id: str | tuple[str, str]
    context: str | None
    file: str


def gather() -> Catalog:
    """Returns everything said, with the files that say it, in the order of the files."""
    catalog = Catalog(project="Encore", charset="utf-8")
    for said in [*_in_python(), *_in_templates()]:
        catalog.add(said.id, context=said.context, locations=[(said.file, 1)])
    return catalog


def placeholders(text: str) -> set[str]:
    """Returns the names that `text` leaves a place for: `%(points)s` names points."""
    return set(_PLACEHOLDER.findall(text))


def _in_python() -> Iterator[Said]:
    root = Path(settings.BASE_DIR)
    for path in sorted(path for package in PACKAGES for path in (root / package).rglob("*.py")):
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            yield Said(message, context, str(path.relative_to(root)))  # type: ignore[arg-type]  # two forms come as a tuple


def _in_templates() -> Iterator[Said]:
    engine = engines["django"].engine  # type: ignore[attr-defined]  # the Django backend has it
    root = Path(settings.BASE_DIR) / "templates"
    for path in sorted(root.rglob("*.html")):
        name = str(path.relative_to(root))
        try:
            template = Template(path.read_text(), engine=engine)
        except TemplateSyntaxError as error:
            raise ValueError(f"{name}: {error}") from error
        for node in _nodes(template.nodelist):
            yield from _said_by(node, f"templates/{name}")


def _nodes(nodes: NodeList) -> Iterator[Node]:
    for node in nodes:
        yield node
        for name in node.child_nodelists:
            yield from _nodes(getattr(node, name, None) or NodeList())


def _said_by(node: Node, file: str) -> Iterator[Said]:
    if isinstance(node, TranslateNode):
        yield Said(str(node.filter_expression.var.literal).replace("%", "%%"), None, file)
    elif isinstance(node, BlockTranslateNode):
        one = _block(node, node.singular)
        if node.plural and node.countervar:
            yield Said((one, _block(node, node.plural)), None, file)
        else:
            yield Said(one, None, file)
    for expression in (getattr(node, "filter_expression", None), *_bound(node)):
        if isinstance(expression, FilterExpression):
            yield from _constants(expression, file)


def _bound(node: Node) -> list[Any]:
    """What a block or an include gives names to: `{% blocktranslate with who=name|default:_("Nobody") %}`."""
    return [*(getattr(node, "extra_context", None) or {}).values()]


def _constants(expression: FilterExpression, file: str) -> Iterator[Said]:
    """The `_("…")` of a variable and of its filters' arguments: Django has them as texts yet to be spoken."""
    for found in (expression.var, *(each for _filter, args in expression.filters for _is_variable, each in args)):
        if isinstance(found, Promise):
            yield Said(str(found), None, file)


def _block(node: BlockTranslateNode, tokens: list[Any]) -> str:
    text: str = node.render_token_list(tokens)[0]
    return trim_whitespace(text) if node.trimmed else text
