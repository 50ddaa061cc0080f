"""The languages of what customers read: storefront pages and emails. Pure; a further language is a row, and its texts.

Django's catalogue (`locale/`) has the words of pages; `loyalty.emails.texts` those of emails.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from loyalty.errors import InvalidField

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Each language by its own name."""


def language_for(languages: list[str], locale: str) -> str:
    """Returns which of a programme's languages somebody reads: their own, by a locale such as `de-AT`, else the first."""
    own = locale.strip().replace("_", "-").lower().partition("-")[0]
    return own if own in languages else languages[0]


def languages_of(main: str, further: Iterable[str]) -> list[str]:
    """Returns a programme's languages, the main one first, each once, in the order of the table.

    Raises:
        InvalidField: There is no such language.
    """
    wanted = {main, *further}
    if unknown := wanted - LANGUAGES.keys():
        raise InvalidField(
            "main" if main in unknown else "further", _("There is no language '%(min)s'") % {"min": min(unknown)}
        )
    return [main, *(code for code in LANGUAGES if code in wanted and code != main)]
