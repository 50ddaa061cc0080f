"""Mage Loyalty. Unverified: no export is published; these are the names of its API's customer (rest-api facts)."""

from loyalty.imports.mappings.source import Source

SOURCE = Source(
    slug="mage",
    label="Mage Loyalty",
    words={"points": ("currentpoints",), "tier": ("currentviptier",), "birthday": ("dateofbirth",)},
)
