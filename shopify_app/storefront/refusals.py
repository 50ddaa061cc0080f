"""Why a reward is not to be had, as the customer reads it in the loyalty panel."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.errors import Refusal


def sentence(refusal: Refusal) -> str:
    """Returns what a customer reads of a refusal; never what was written for the merchant or a system."""
    return {
        "insufficient_points": _("You do not have enough points for this reward any more."),
        "not_found": _("This reward is not to be had any more."),
        "not_for_sale": _("This reward is not to be had for points."),
        "limit_reached": _("This reward has been redeemed as often as it can be."),
        "tier_required": _("This reward is for another tier."),
        "product_unavailable": _("The shop has none left of it at the moment. Please choose another reward."),
        "program_disabled": _("The programme is paused at the moment. Your points stay yours."),
        "customer_excluded": _("You do not take part in the programme. Your points stay yours."),
        "redeeming_suspended": _("Points of a returned order are still to be paid back before you can redeem again."),
        "shopify_unavailable": _("That did not work just now, and no points were spent. Please try again in a moment."),
        "idempotency_key_reused": _("This was redeemed before. Open the reward again to redeem it once more."),
        "invalid_field": _("Choose a number of points within the limits."),
    }.get(refusal.code, _("That did not work. No points were spent."))
