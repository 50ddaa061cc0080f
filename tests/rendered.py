"""A page as people read it, and the forms on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SAID = {
    "label", "heading", "subheading", "details", "error", "placeholder", "accessibilitylabel", "aria-label", "title", "alt",
    "prefix", "suffix",
}  # fmt: skip
"""Attributes whose value is shown or read out."""
QUIET = ("script", "style", "pre", "code")


@dataclass
class Sent:
    """A form that is sent: where to, and the names of its fields."""

    action: str
    fields: list[str] = field(default_factory=list)


class Rendered(HTMLParser):
    """What a page says, and what can be sent from it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.forms: list[Sent] = []
        self._quiet = 0
        self.feed(html)

    @property
    def text(self) -> str:
        """All of it, a line for each piece."""
        return "\n".join(self.said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what attributes say, and a form's address and fields."""
        given = {name: value or "" for name, value in attrs}
        self._quiet += tag in QUIET
        self.said += [" ".join(value.split()) for name, value in given.items() if name in SAID and value]
        if tag == "form":
            self.forms.append(Sent(given["action"] if given.get("method") == "post" else ""))
        elif given.get("name") and self.forms:
            self.forms[-1].fields.append(given["name"])

    def handle_endtag(self, tag: str) -> None:
        """Listen again after a script or a piece of code."""
        self._quiet -= tag in QUIET

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if not self._quiet and data.strip():
            self.said.append(" ".join(data.split()))
