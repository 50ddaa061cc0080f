"""Placeholders such as `{{ first_name }}` in a merchant's text: checked when it is saved, filled when it is sent. Pure.

No template language: a placeholder is a name and nothing else, so that a text can ask for nothing but what is offered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from loyalty.errors import InvalidField

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]+)\s*\}\}")
_WITH_BLANK = re.compile(r"([ \t]?)" + _PLACEHOLDER.pattern)
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

_EXAMPLE = "{{ first_name }}"


def check(text: str, *, field: str, known: Collection[str]) -> None:
    """Accepts a text whose placeholders are all known.

    Raises:
        InvalidField: A placeholder is not offered here, or is not whole; the sentence quotes it.
    """
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            offered = ", ".join(f"{{{{ {each} }}}}" for each in known)
            sentence = _("%(placeholder)s is not known here. There are %(offered)s")
            raise InvalidField(field, sentence % {"placeholder": f"{{{{ {name} }}}}", "offered": offered})
    rest = _PLACEHOLDER.sub("", text)
    if found := _LEFT_OVER.search(rest):
        near = rest[max(0, found.start() - 10) : found.end() + 20].strip()
        sentence = _("A placeholder is a name in double braces, such as %(example)s. Look at “%(near)s”")
        raise InvalidField(field, sentence % {"example": _EXAMPLE, "near": near})


def fill(text: str, values: Mapping[str, str]) -> str:
    """Returns a text with its placeholders filled, each on one line; an empty value takes the blank before it along.

    A value is not looked through for placeholders again.
    """

    def value_of(found: re.Match[str]) -> str:
        value = one_line(values.get(found[2], ""))
        return f"{found[1]}{value}" if value else ""

    return _WITH_BLANK.sub(value_of, text)


def one_line(text: str) -> str:
    """Returns a text on one line, without control characters: fit for a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
