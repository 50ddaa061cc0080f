"""The loyalty panel in a shop: what the programme offers, and to a member what is theirs; joining, and saying a birthday.

Each answer is a piece of HTML that the theme extension's script (`encore-loyalty.js`) puts into its dialog.
"""

from __future__ import annotations

from functools import partial

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loyalty.earning.operations import enrol, knowing_products
from loyalty.errors import InvalidField
from loyalty.members.models import Member
from loyalty.members.operations import update_profile
from loyalty.members.ports import ShopUnreachable
from loyalty.members.ports import customer_directory as directory
from shopify_app.display.closing import closed
from shopify_app.display.offer import offer_to_guest
from shopify_app.display.operations import note_opened
from shopify_app.display.queries import display_of
from shopify_app.display.standing import panel_of
from shopify_app.storefront.access import StorefrontRequest, fragment, member_of, visitor_page

YEARS = 120  # the oldest birthday that is believed


class BirthdayForm(forms.Form):
    """A member's birthday, as a date field sends it."""

    date_of_birth = forms.DateField()


@require_GET
@visitor_page("locale")
def panel(request: StorefrontRequest) -> HttpResponse:
    """Shows the panel, and notes that it was opened in the shop: the sign that the theme shows it."""
    note_opened(display=display_of(request.program), now=timezone.now())
    return shown(request, member_of(request))


@require_POST
@visitor_page("locale")
def join(request: StorefrontRequest) -> HttpResponse:
    """Makes the customer who is logged in a member. Who is one already stays as they are."""
    program, now, customer_id = request.program, timezone.now(), request.visit.shopify_customer_id
    member = member_of(request)
    if member is not None or customer_id is None or closed(program):
        return shown(request, member)
    try:
        customer = directory().find(shopify_domain=program.shopify_domain, shopify_customer_id=customer_id)
    except ShopUnreachable:
        return shown(request, None, fault=_("That did not work just now. Please try again in a moment."), status=503)
    if customer is None:
        return shown(request, None, fault=_("The shop does not know this account any more."), status=404)
    with translation.override(settings.LANGUAGE_CODE):  # what is stored is not in the visitor's language
        work = partial(enrol, program=program, customer=customer, now=now, source="storefront")
        made, _is_new = knowing_products(program=program, work=work, now=now)
    return shown(request, made)


@require_POST
@visitor_page("locale")
def birthday(request: StorefrontRequest) -> HttpResponse:
    """Writes down a member's birthday, once: who changed it at will could have a birthday every month."""
    now, member = timezone.now(), member_of(request)
    if member is None or member.date_of_birth is not None:
        return shown(request, member)
    form = BirthdayForm(request.POST)
    if not form.is_valid() or form.cleaned_data["date_of_birth"].year < now.year - YEARS:
        return shown(request, member, fault=_("Enter your whole date of birth."), status=422)
    try:
        update_profile(member_id=member.pk, date_of_birth=form.cleaned_data["date_of_birth"], now=now)
    except InvalidField:
        return shown(request, member, fault=_("A date of birth lies in the past."), status=422)
    member.refresh_from_db()
    return shown(request, member)


def shown(request: StorefrontRequest, member: Member | None, *, fault: str = "", status: int = 200) -> HttpResponse:
    """Returns the whole panel as it is now, for a member, a customer who is none, or a visitor."""
    program, now = request.program, timezone.now()
    language, display = translation.get_language() or "", display_of(program)
    context = {
        "is_customer": request.visit.shopify_customer_id is not None,
        "closed": closed(program) or ("" if program.is_open_to(None) else _("The programme opens soon")),
        "fault": fault,
        "own": None,
    }
    if member is None:
        offer = offer_to_guest(program=program, display=display, language=language, now=now)
        return fragment(request, "storefront/panel.html", {**context, "offer": offer}, status=status)
    offer, own = panel_of(program=program, display=display, member=member, language=language, now=now)
    return fragment(request, "storefront/panel.html", {**context, "offer": offer, "own": own}, status=status)
