"""What storefront pages say of referrals, in the language of the page. What is stored and told to others stays English."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.earning.kinds import referral as kind
from loyalty.errors import Refusal
from loyalty.programs.models import Program
from loyalty.referrals.models import Referral
from loyalty.referrals.terms import ReferralTerms
from shopify_app.display.words import points


def offer(terms: ReferralTerms, program: Program) -> str:
    """Returns what the friend gets, as the friend reads it."""
    amount = terms.friend_amount
    match terms.friend_gets:
        case kind.PERCENTAGE:
            return _("%(amount)s%% off your first order") % {"amount": amount}
        case kind.FIXED_AMOUNT:
            return _("%(amount)s %(currency)s off your first order") % {"amount": amount, "currency": program.currency}
        case kind.FREE_SHIPPING:
            return _("free shipping on your first order")
        case kind.POINTS:
            return _("%(points)s for creating an account") % {"points": points(terms.friend_points, program)}
    return _("a warm welcome")


def offer_to_friend(terms: ReferralTerms, program: Program) -> str:
    """Returns what the friend gets, as the member who invites them reads it."""
    amount = terms.friend_amount
    match terms.friend_gets:
        case kind.PERCENTAGE:
            return _("%(amount)s%% off their first order") % {"amount": amount}
        case kind.FIXED_AMOUNT:
            return _("%(amount)s %(currency)s off their first order") % {"amount": amount, "currency": program.currency}
        case kind.FREE_SHIPPING:
            return _("free shipping on their first order")
        case kind.POINTS:
            return _("%(points)s for creating an account") % {"points": points(terms.friend_points, program)}
    return _("a warm welcome")


def state(referral: Referral) -> str:
    """Returns how far a friend has come, as the member who invited them reads it."""
    return {
        Referral.State.PENDING: _("Invited"),
        Referral.State.FRIEND_CONVERTED: _("First order placed"),
        Referral.State.COMPLETED: _("Completed"),
        Referral.State.EXPIRED: _("Expired"),
    }.get(Referral.State(referral.state), _("Ended"))


def sentence(refusal: Refusal) -> str:
    """Returns why something is not to be had, without the full stop; what has no words of its own here is said as it is."""
    return {
        "referrals_closed": _("This shop does not take invitations at the moment"),
        "not_found": _("This invitation is not known"),
        "same_person": _("You can’t invite yourself: the invitation is for a friend"),
        "not_a_new_customer": _(
            "This offer is for new customers, and there is an order under this e-mail address already"
        ),
        "already_referred": _("This e-mail address has accepted another invitation already"),
        "too_many_claims": _("Too many invitations were accepted from here. Please try again in an hour"),
        "invalid_field": _("Enter a valid e-mail address"),
    }.get(refusal.code, refusal.sentence)
