"""The loyalty apps whose files are read ready-made: a row each. What is not known by name the merchant matches by hand."""

from loyalty.imports.mappings import appstle, loyaltylion, mage, rivo, smile, yotpo
from loyalty.imports.mappings.source import Source

SOURCES: dict[str, Source] = {
    each.slug: each
    for each in (mage.SOURCE, smile.SOURCE, loyaltylion.SOURCE, appstle.SOURCE, rivo.SOURCE, yotpo.SOURCE)
}
OTHER = "other"
"""Another file: matched by everybody's words alone."""
