"""Redeeming in the loyalty panel: a question before points are spent, the purchase under a key of its page, and its code.

The key is drawn with the question, so a second click, a retry after a lost answer and a reload of the answer are the same
purchase; and it is signed for the member, so that no page of somebody else's can send a form in their name. The customer is
who Shopify says is logged in, and never what a form says.
"""

from __future__ import annotations

import re
from uuid import uuid4

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from loyalty.errors import Refusal
from loyalty.ledger.queries import balances_of
from loyalty.members.models import Member
from loyalty.money import exponent
from loyalty.rewards.errors import RedemptionNotFound
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.offering import for_sale
from loyalty.rewards.operations import Choice, start
from loyalty.rewards.queries import redemption_of
from shopify_app.display import words
from shopify_app.display.closing import closed_to
from shopify_app.display.offer import note_of
from shopify_app.storefront import refusals
from shopify_app.storefront.access import StorefrontRequest, fragment, member_of, visitor_page

PAUSES_MS = (700, 1000, 1500, 2000, 3000, 4000, 6000, 8000)
"""How long the panel waits before it asks again for a code that is being made; after the last it asks no more by itself."""


@require_http_methods(["GET", "POST"])
@visitor_page("locale")
def reward(request: StorefrontRequest, public_id: str) -> HttpResponse:
    """Asks whether points are to be spent on a reward; a post spends them, once."""
    now, member = timezone.now(), member_of(request)
    found = next((each for each in for_sale(now=now) if each.public_id == public_id), None)
    if member is None:
        return _message(request, _("Log in to redeem your points."), status=403)
    if request.method == "POST":
        return _redeem(request, member, public_id, found)
    if found is None:
        return _message(request, _("This reward is not to be had any more."), status=404)
    return _question(request, member, found, once=_signer(member).sign(uuid4().hex))


@require_GET
@visitor_page("locale", "tries")
def code(request: StorefrontRequest, public_id: str) -> HttpResponse:
    """Shows one redemption of the member who is logged in; while its code is being made the panel asks again."""
    member, tries = member_of(request), request.visit.values.get("tries", "")
    try:
        found = redemption_of(member_id=member.pk if member else 0, public_id=public_id)
    except RedemptionNotFound:
        return _message(request, _("There is no such code of yours."), status=404)
    return _redeemed(request, found, tries=min(int(tries), 99) if re.fullmatch(r"[0-9]{1,2}", tries) else 0)


def _redeem(request: StorefrontRequest, member: Member, public_id: str, found: Reward | None) -> HttpResponse:
    now, once, points = timezone.now(), request.POST.get("once", ""), request.POST.get("points", "")
    try:
        drawn = _signer(member).unsign(once)
    except BadSignature:
        return _message(request, _("This page is out of date. Open the reward again."), status=422)
    # What was bought under the key stays bought, whatever has changed since: so the key is asked first.
    key = f"storefront:{member.pk}:{drawn}"
    is_new = not Redemption.objects.filter(idempotency_key=key).exists()
    if is_new and (reason := closed_to(program=request.program, member=member)):
        return _message(request, f"{reason}.", status=409)
    choice = Choice(points=int(points) if re.fullmatch(r"[0-9]{1,9}", points) else None)
    try:
        with translation.override(settings.LANGUAGE_CODE):  # what is stored is not in the visitor's language
            bought = start(
                member=member, reward_id=public_id, now=now, source="storefront", key=key, choice=choice
            ).redemption
    except Refusal as refusal:
        status = 404 if refusal.code == "not_found" else 503 if refusal.code == "shopify_unavailable" else 409
        if found is not None and refusal.code in ("invalid_field", "shopify_unavailable"):
            return _question(
                request,
                member,
                found,
                once=_signer(member).sign(uuid4().hex),
                fault=refusals.sentence(refusal),
                status=status,
            )
        return _message(request, refusals.sentence(refusal), status=status)
    return _redeemed(request, bought, tries=0)


def _signer(member: Member) -> Signer:
    return Signer(salt=f"storefront.redeem.{member.pk}")


def _question(
    request: StorefrontRequest, member: Member, found: Reward, *, once: str, fault: str = "", status: int = 200
) -> HttpResponse:
    program, now = request.program, timezone.now()
    available = balances_of(member_id=member.pk, now=now).available
    most = min(found.max_points or found.points_cost, max(available, found.points_cost))
    context = {
        "reward": found,
        "price": words.price(found, program),
        "note": note_of(found, program),
        "balance": words.points(available, program),
        "left": words.points(max(0, available - found.points_cost), program),
        "missing": words.points(found.points_cost - available, program) if available < found.points_cost else "",
        "most": most,
        "range": _("%(least)s to %(most)s")
        % {"least": number_format(found.points_cost, force_grouping=True), "most": words.points(most, program)},
        "places": exponent(program.currency),
        "per_point": f"{found.amount_per_point:f}" if found.amount_per_point else "",
        "once": once,
        "fault": fault,
    }
    return fragment(request, "storefront/redeem.html", context, status=status)


def _redeemed(request: StorefrontRequest, found: Redemption, *, tries: int) -> HttpResponse:
    terms, state = found.terms, found.state_at(timezone.now())
    is_credit = terms.get("discount_type") == Reward.DiscountType.STORE_CREDIT
    is_unclear = found.credit_state in (Redemption.Credit.SENT, Redemption.Credit.UNCLEAR)
    is_waiting = state == Redemption.State.HOLDING
    context = {
        "redemption": found,
        "state": state,
        "gives": words.gives(str(terms["discount_type"]), terms.get("discount_amount"), str(terms["currency"])),
        "name": terms["reward_name"],
        "spent": words.points(found.points_spent, request.program),
        "is_credit": is_credit,
        "is_unclear": is_waiting and is_unclear,
        "again_ms": PAUSES_MS[tries] if is_waiting and tries < len(PAUSES_MS) else 0,
        "tries": tries + 1,
    }
    return fragment(request, "storefront/redeemed.html", context)


def _message(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    return fragment(request, "storefront/message.html", {"sentence": sentence}, status=status)  # type: ignore[arg-type]  # a StorefrontRequest
