"""The tag that names a customer's VIP tier: exactly one of them, and no other tag is ever touched. Pure.

Source: programme-rules facts, section 5. Shopify's tags are a set without regard to case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PREFIX = "Encore VIP: "


@dataclass(frozen=True, slots=True)
class TagChanges:
    """What to remove and what to add, as Shopify spells it; the one before the other, so that there are never two."""

    removed: list[str]
    added: list[str]


def tag_for(tier: str | None) -> str | None:
    """Returns the tag of a tier's members; None for no tier. A comma would make two tags of it."""
    return PREFIX + " ".join(tier.replace(",", " ").split()) if tier else None


def is_ours(tag: str) -> bool:
    """Whether a tag names a tier of ours."""
    return tag.casefold().startswith(PREFIX.casefold())


def changes(carried: Sequence[str], wanted: str | None) -> TagChanges:
    """Returns how the tags a customer carries become those with the wanted one."""
    removed = [tag for tag in carried if is_ours(tag) and tag != wanted]
    return TagChanges(removed, [wanted] if wanted is not None and wanted not in carried else [])
