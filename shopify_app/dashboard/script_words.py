"""What the scripts of a page say, in the page's language: one element of the head carries it, English is the key.

`tests/architecture` holds the table against every `say("…")` in static/encore.
"""

from __future__ import annotations

import json

from django.utils.translation import gettext_lazy as _

WORDS = {
    # app.js
    "Your session had ended. Please save again.": _("Your session had ended. Please save again."),
    "That is not allowed here.": _("That is not allowed here."),
    "That is no longer here. Go back to the list.": _("That is no longer here. Go back to the list."),
    "Encore could not do that just now. Nothing was changed; please try again.": _(
        "Encore could not do that just now. Nothing was changed; please try again."
    ),
    "No connection to Encore. Nothing was changed; please try again.": _(
        "No connection to Encore. Nothing was changed; please try again."
    ),
    # the stand-in of Polaris
    "Close": _("Close"),
    "Copied": _("Copied"),
    "Discard": _("Discard"),
    "Discard your changes?": _("Discard your changes?"),
    "Dismiss": _("Dismiss"),
    "Leave without saving your changes?": _("Leave without saving your changes?"),
    "Loading": _("Loading"),
    "Next page": _("Next page"),
    "Pick a colour": _("Pick a colour"),
    "Previous page": _("Previous page"),
    "Remove": _("Remove"),
    "Save": _("Save"),
    "Unsaved changes": _("Unsaved changes"),
}


def script_words() -> str:
    """Returns the table as JSON; empty in English, where the key is the text."""
    return json.dumps({key: str(text) for key, text in WORDS.items() if str(text) != key}, ensure_ascii=False)
