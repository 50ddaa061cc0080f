"""What a merchant chooses for an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is taken.

    Attributes:
        sets_balance: A balance of the file is the one to reach; else it is added.
        locks_tiers: A tier of the file is given and locked; else the rules decide, and the column changes nothing.
        day_first: 03/04 is the third of April; else the fourth of March.
        is_silent: Nobody is told of what the import changes.
    """

    sets_balance: bool = True
    locks_tiers: bool = True
    day_first: bool = False
    is_silent: bool = True

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Reads what is stored; what is missing is as usual."""
        return cls(**{each.name: bool(kept[each.name]) for each in fields(cls) if each.name in kept})

    def kept(self) -> dict[str, Any]:
        """Returns it as it is stored."""
        return asdict(self)
