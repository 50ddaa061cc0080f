"""What a loyalty app calls things in its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Source:
    """A loyalty app.

    Attributes:
        slug: For ever; it is stored.
        label: Its name.
        words: By field, the normal headers (`fields.normal`) it is to be read by before everybody's, in the order in which
            they are taken. What the table of `fields.FIELDS` would take anyhow is not said again.
        dates: How it writes 3 April: `mdy` or `dmy`; "" is not known, and judged by the file.
    """

    slug: str
    label: str
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dates: str = ""
