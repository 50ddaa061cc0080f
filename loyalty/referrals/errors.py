"""What referrals refuses."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import NotFound, Refusal


class ReferralsClosed(Refusal):
    """The shop has no referral rule that is on, or its programme is off."""

    code = "referrals_closed"

    def __init__(self) -> None:
        super().__init__(_("This shop does not take invitations at the moment"))


class InvitationUnknown(NotFound):
    """Nobody who may refer friends has this code."""

    def __init__(self, referral_code: str) -> None:
        super().__init__(_("This invitation is not known"), referral_code=referral_code[:40])


class ReferralNotFound(NotFound):
    """No such referral here."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_("Referral '%(public_id)s' not found") % {"public_id": public_id})


class SamePerson(Refusal):
    """Advocate and friend are one: the same customer, address or phone number."""

    code = "same_person"

    def __init__(self) -> None:
        super().__init__(_("You can't invite yourself: the invitation is for a friend"))


class NotNewCustomer(Refusal):
    """The friend has ordered from the shop before."""

    code = "not_a_new_customer"

    def __init__(self) -> None:
        super().__init__(_("This offer is for new customers, and there is an order under this e-mail address already"))


class AlreadyReferred(Refusal):
    """The friend has accepted another member's invitation."""

    code = "already_referred"

    def __init__(self) -> None:
        super().__init__(_("This e-mail address has accepted another invitation already"))


class TooManyClaims(Refusal):
    """Too many invitations were accepted from one place within an hour."""

    code = "too_many_claims"

    def __init__(self) -> None:
        super().__init__(_("Too many invitations were accepted from here. Please try again in an hour"))


class NothingToDecide(Refusal):
    """The referral does not wait for a decision."""

    code = "nothing_to_decide"

    def __init__(self) -> None:
        super().__init__(_("This referral does not wait for a decision"))


class NoCodeToMake(Refusal):
    """The friend's code was not refused, or nothing can come of the referral any more."""

    code = "no_code_to_make"

    def __init__(self) -> None:
        super().__init__(_("The friend's code can't be made again: Shopify did not refuse it, or the referral is over"))
