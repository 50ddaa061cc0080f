"""What tiers refuse."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import NotFound


class TierNotFound(NotFound):
    """No VIP tier of that name."""

    def __init__(self, name: str, *, meant: str | None) -> None:
        sentence = (
            _("There is no VIP tier '%(name)s'; do you mean '%(meant)s'?")
            if meant
            else _("There is no VIP tier '%(name)s'")
        )
        super().__init__(sentence % {"name": name, "meant": meant})
