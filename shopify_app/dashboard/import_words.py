"""What imports read like: states, fields, and why a row is left out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.imports.checking import Fault
from loyalty.imports.mappings import OTHER, SOURCES
from loyalty.imports.models import Import, ImportRow

FIELD_WORDS: dict[str, Any] = {
    "email": gettext_lazy("E-mail address"),
    "shopify_customer_id": gettext_lazy("Shopify customer id"),
    "points": gettext_lazy("Points"),
    "lifetime": gettext_lazy("Points earned in all"),
    "tier": gettext_lazy("VIP tier"),
    "birthday": gettext_lazy("Birthday"),
    "expires_on": gettext_lazy("Last day of the points"),
    "happened_on": gettext_lazy("Day"),
    "note": gettext_lazy("Reason"),
}
STATES: dict[str, tuple[Any, str]] = {
    Import.State.UPLOADED: (gettext_lazy("Columns to match"), "warning"),
    Import.State.READING: (gettext_lazy("Reading"), "info"),
    Import.State.READY: (gettext_lazy("Ready to import"), "warning"),
    Import.State.RUNNING: (gettext_lazy("Importing"), "info"),
    Import.State.DONE: (gettext_lazy("Imported"), "success"),
    Import.State.UNDOING: (gettext_lazy("Being undone"), "info"),
    Import.State.UNDONE: (gettext_lazy("Undone"), "neutral"),
}
"""In words, and the badge's tone."""


def source_label(slug: str) -> str:
    """Returns where a file comes from, in words."""
    return _("Another file") if slug == OTHER or slug not in SOURCES else SOURCES[slug].label


def badge(imported: Import) -> tuple[str, str]:
    """Returns how an import stands, in a word, and its tone."""
    if imported.error and imported.state in (Import.State.READING, Import.State.RUNNING, Import.State.UNDOING):
        return _("Stopped"), "critical"
    words, tone = STATES[imported.state]
    return str(words), tone


def sentence(row: ImportRow) -> str:
    """Returns why a row is left out, and what would put it right."""
    value = row.fault_value
    found = {
        Fault.NO_PERSON: _("It names nobody: give an e-mail address or a Shopify customer id."),
        Fault.BAD_EMAIL: _("“%(value)s” is no e-mail address."),
        Fault.BAD_ID: _("“%(value)s” is no Shopify customer id: it has digits only."),
        Fault.BAD_POINTS: _("“%(value)s” is no whole number of points."),
        Fault.NEGATIVE: _("A balance can't be below 0: “%(value)s”."),
        Fault.NO_POINTS: _("It moves no points."),
        Fault.BAD_LIFETIME: _("“%(value)s” can't be the points earned in all: a whole number, 0 or more."),
        Fault.TOO_MUCH: _("“%(value)s” is more than one movement can have: 1,000,000,000 points."),
        Fault.BAD_DATE: _("“%(value)s” is no day that can be read. Write it as 2026-03-31."),
        Fault.FUTURE: _("“%(value)s” is still to come."),
        Fault.NO_DATE: _("It has no day."),
        Fault.ENDED: _("The points have ended already: “%(value)s”."),
        Fault.UNKNOWN_TIER: _("There is no VIP tier called “%(value)s”. Add it, or change its name in the file."),
        Fault.NO_CUSTOMER: _("“%(value)s” is no customer of your shop. Add them in Shopify first."),
        Fault.DUPLICATE: _("The same customer is in row %(value)s as well. Keep one of the rows."),
        Fault.EXCLUDED: _("The member is excluded: take them back in before they are given points."),
        Fault.GONE: _("The customer asked to be forgotten."),
    }.get(Fault(row.fault), "")
    return found % {"value": value} if "%(" in found else found


def who(row: ImportRow) -> str:
    """Returns whom a row is about, as the file has it."""
    return row.email or str(row.shopify_customer_id or row.customer_id or "") or _("Somebody")
