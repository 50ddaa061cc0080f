"""Why something cannot be done with an import; nothing has changed then."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import InvalidField, NotFound, Refusal


class ImportNotFound(NotFound):
    """No such import in this programme."""

    def __init__(self, number: int) -> None:
        super().__init__(_("Import '%(number)s' not found") % {"number": number})


class WrongMoment(Refusal):
    """The import stands elsewhere: it has begun, is over, or was taken back already."""

    code = "import_wrong_moment"

    def __init__(self, state: str) -> None:
        super().__init__(_("The import has moved on meanwhile. Look at the page again"), state=state)


class NothingToDo(InvalidField):
    """The columns chosen would change nothing, or tell nobody."""

    code = "import_columns"
