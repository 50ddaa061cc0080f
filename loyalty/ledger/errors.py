"""What the ledger refuses."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import Refusal


class InsufficientPoints(Refusal):
    """The account has fewer spendable points than asked for."""

    code = "insufficient_points"

    def __init__(self, *, available: int, asked: int) -> None:
        super().__init__(
            _("Customer has %(available)s points but %(asked)s are needed") % {"available": available, "asked": asked},
            available=available,
            asked=asked,
        )


class HoldEnded(Refusal):
    """A hold ends once: it was captured or released before."""

    code = "hold_ended"

    def __init__(self, state: str) -> None:
        super().__init__(_("These held points were already %(state)s") % {"state": state}, state=state)


class NotPending(Refusal):
    """The points are not waiting for approval any more."""

    code = "not_pending"

    def __init__(self, state: str) -> None:
        super().__init__(_("These points are not pending: they are %(state)s") % {"state": state}, state=state)


class AccountBusy(Refusal):
    """A redemption is in flight, so the account can't be merged away now."""

    code = "account_busy"

    def __init__(self) -> None:
        super().__init__(_("A redemption is in flight on this account; try again in a minute"))


class RedeemingSuspended(Refusal):
    """Points were taken back after they were spent, and the programme lets nobody redeem while such points are owed."""

    code = "redeeming_suspended"

    def __init__(self, *, debt: int) -> None:
        super().__init__(
            _("Customer owes %(debt)s points for a refunded order and cannot redeem before they are paid back")
            % {"debt": debt},
            debt=debt,
        )
