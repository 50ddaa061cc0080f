"""The page behind the link at the foot of every email. A look changes nothing: programs that check links look, too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from loyalty.emails.queries import language_of
from loyalty.emails.unsubscribing import living, member_of
from loyalty.members.operations import choose_emails


@csrf_exempt  # the signed address is what permits it; a mail program posts without a cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what the button will do; a post ends the member's emails, or lets them come again where `again` says so."""
    named = member_of(token)
    if named is None:
        return _page(request, {"is_unknown": True}, status=404)
    program, member_id = named
    with scope(program=program):
        member = living(member_id)
        if member is None:
            return _page(request, {"is_unknown": True}, status=404)
        stopped = member.emails_stopped_at is not None
        if request.method == "POST":
            stopped = "again" not in request.POST
            choose_emails(member_id=member.pk, wants=not stopped, now=timezone.now())
        language = language_of(member, program)
    with translation.override(language):
        context = {"shop": program.name, "shop_url": program.storefront, "is_stopped": stopped}
        return _page(request, {**context, "is_again": request.method == "POST" and not stopped})


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    answer = render(
        request, "storefront/unsubscribe.html", {"language": translation.get_language(), **context}, status=status
    )
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
