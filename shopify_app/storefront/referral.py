"""Referrals in the storefront: an invitation that a friend accepts, and a member's own link with the friends it brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from loyalty.errors import InvalidField, Refusal
from loyalty.members.models import Member
from loyalty.members.ports import ShopUnreachable
from loyalty.referrals import operations, queries
from loyalty.referrals.errors import ReferralNotFound, ReferralsClosed
from loyalty.referrals.models import Referral
from loyalty.referrals.terms import terms_from, terms_of_rule
from shopify_app.display.words import points
from shopify_app.storefront import words
from shopify_app.storefront.access import StorefrontRequest, address_of, in_the_theme, member_of, visitor_page

FRIENDS_SHOWN = 20


class ClaimForm(forms.Form):
    """What a friend types in; the device's own name comes along when the theme's script knows it."""

    email = forms.CharField(max_length=254, error_messages={"required": gettext_lazy("Enter your e-mail address.")})
    device = forms.CharField(max_length=64, required=False)


@dataclass(frozen=True, slots=True)
class Friend:
    """One friend as the advocate sees them: never a whole address."""

    name: str
    state: str
    at: datetime


@require_http_methods(["GET", "POST"])
@visitor_page("referral_code", "device")
def referral(request: StorefrontRequest) -> HttpResponse:
    """Shows an invitation, or without one the member's own link; a post accepts the invitation."""
    now, code = timezone.now(), request.visit.values.get("referral_code", "")
    member = member_of(request)
    if member is not None:
        device = request.visit.values.get("device", "")[:64]
        operations.see_member(member=member, device=device, address=address_of(request), now=now)
    if request.method == "POST":
        return _claim(request, code, now)
    if not code or (member is not None and code.strip().upper() == member.referral_code):
        return _own_link(request, member)
    return _invite(request, code)


@require_GET
@visitor_page("device")
def accepted(request: StorefrontRequest, public_id: str) -> HttpResponse:
    """Shows what a friend got; while the code is being made, the page comes again by itself."""
    try:
        return _shown(request, queries.referral(public_id=public_id))
    except ReferralNotFound as refusal:
        return in_the_theme(request, "storefront/closed.html", {"sentence": words.sentence(refusal)}, status=404)


def _invite(request: StorefrontRequest, code: str, *, email: str = "", error: str = "") -> HttpResponse:
    try:
        offered = operations.invitation(program=request.program, referral_code=code)
    except Refusal as refusal:
        return in_the_theme(request, "storefront/closed.html", {"sentence": words.sentence(refusal)}, status=404)
    context = {
        "advocate": offered.advocate.first_name,
        "offer": words.offer(offered.terms, request.program),
        "days": offered.terms.claim_days,
        "code": code,
        "device": request.visit.values.get("device", "")[:64],
        "email": email,
        "error": error,
    }
    return in_the_theme(request, "storefront/invitation.html", context, status=422 if error else 200)


def _claim(request: StorefrontRequest, code: str, now: datetime) -> HttpResponse:
    form = ClaimForm(request.POST)
    code, typed = code or request.POST.get("referral_code", "")[:40], request.POST.get("email", "")[:254]
    if not form.is_valid():
        return _invite(request, code, email=typed, error=_("Enter your e-mail address."))
    try:
        with translation.override(
            settings.LANGUAGE_CODE
        ):  # the page is in the visitor's language, what is stored is not
            made = operations.claim(
                program=request.program,
                referral_code=code,
                email=form.cleaned_data["email"],
                device=form.cleaned_data["device"],
                address=address_of(request),
                now=now,
            )[0]
    except InvalidField as refusal:
        return _invite(request, code, email=typed, error=f"{words.sentence(refusal)}.")
    except ShopUnreachable:
        return _invite(request, code, email=typed, error=_("That did not work just now. Please try again in a moment."))
    except Refusal as refusal:
        return in_the_theme(request, "storefront/closed.html", {"sentence": words.sentence(refusal)}, status=409)
    return _shown(request, made)


def _shown(request: StorefrontRequest, made: Referral) -> HttpResponse:
    terms = terms_from(made.terms)
    storefront = request.program.storefront
    context = {
        "referral": made,
        "offer": words.offer(terms, request.program),
        "points": points(terms.friend_points, request.program),
        "is_being_made": made.code_state == Referral.CodeState.WANTED,
        "is_code": terms.has_code and made.code_state == Referral.CodeState.MADE,
        "is_for_account": terms.friend_gets == "points",
        "shop_url": f"{storefront}/discount/{quote(made.code)}?redirect=/" if made.code else storefront,
    }
    return in_the_theme(request, "storefront/accepted.html", context)


def _own_link(request: StorefrontRequest, member: Member | None) -> HttpResponse:
    rule = queries.open_rule()
    if rule is None or not request.program.is_enabled:
        sentence = words.sentence(ReferralsClosed())
        return in_the_theme(request, "storefront/closed.html", {"sentence": sentence}, status=404)
    if member is None:
        return in_the_theme(request, "storefront/log_in.html", {})
    link = queries.link_of(member, request.program)
    terms = terms_of_rule(rule)
    text = f"{request.program.name}: {words.offer(terms, request.program)}"
    context = {
        "link": link,
        "rule": rule,
        "earns": points(rule.points, request.program),
        "terms": terms,
        "offer": words.offer_to_friend(terms, request.program),
        "figures": queries.figures(advocate_id=member.pk),
        "friends": [_friend(each) for each in queries.referrals_of(member_id=member.pk)[:FRIENDS_SHOWN]],
        "shares": [
            ("WhatsApp", f"https://wa.me/?text={quote(f'{text} {link}')}"),
            ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={quote(link, safe='')}"),
            ("X", f"https://x.com/intent/post?text={quote(text)}&url={quote(link, safe='')}"),
            (_("E-mail"), f"mailto:?subject={quote(request.program.name)}&body={quote(f'{text} {link}')}"),
            ("SMS", f"sms:?&body={quote(f'{text} {link}')}"),
        ],
    }
    return in_the_theme(request, "storefront/own_link.html", context)


def _friend(each: Referral) -> Friend:
    local, at, domain = (each.friend_email or "").partition("@")
    name = f"{local[:1]}…@{domain}" if at else _("A friend")
    return Friend(name, words.state(each), each.claimed_at)
