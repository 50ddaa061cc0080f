"""What tiers refuse."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import NotFound


class TierNotFound(NotFound):
    """No VIP tier of that name."""

    def __init__(self, name: str, *, meant: str | None) -> None:
        hint = f"; do you mean '{meant}'?" if meant else ""
        super().__init__(_("There is no VIP tier '%(name)s'%(hint)s") % {"name": name, "hint": hint})
