"""Emails as destinations of the outbox, one per kind: `email:points_earned`. Who is not to get one is skipped, and it says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from loyalty.emails import queries
from loyalty.emails.kinds import FAMILY, KINDS, Kind, common_values
from loyalty.emails.sending import Mail, send
from loyalty.emails.unsubscribing import url_for
from loyalty.emails.writing import write
from loyalty.events import EventKind
from loyalty.integrations.state import MemberState, read_state
from loyalty.members.models import Member
from loyalty.outbox.ports import Listeners, Outcome, Skipped, Telling, Waits
from loyalty.windows import Window, take


class Emails:
    """Sends what is on. A copy would be a second mail: an attempt whose end nobody saw is never repeated by itself."""

    deduplicates = False

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether there is a mail server; without one nothing gathers that would all go out later."""
        return queries.is_set_up()

    def listeners(self, *, program_id: int, kind: EventKind) -> Listeners:
        """Returns the kinds of email that are on and tell of an event."""
        on = [KINDS[slug] for slug in queries.kinds_on() if slug in KINDS and kind in KINDS[slug].events]

        def heard_by(payload: Mapping[str, Any]) -> Sequence[str]:
            return [each.destination for each in on if each.case(payload)]

        return heard_by

    def deliver(self, telling: Telling) -> Outcome:
        """Writes to the member in their language, unless somebody does not want it or there is nobody to write to."""
        kind = KINDS.get(telling.destination.removeprefix(f"{FAMILY}:"))
        member: Member | None = (
            Member.objects.living().select_related("program").filter(pk=telling.member_id or 0).first()
        )
        state = read_state(member_id=member.pk, now=telling.now) if member else None
        if member is None or state is None:
            return Skipped(error="The member is gone")
        reason = _why_not(kind, member, state, telling)
        if kind is None or reason:
            return Skipped(error=reason)
        mail = _mail(kind, member, state, telling)
        return _no_place_yet() or send(mail)


def _no_place_yet() -> Waits | None:
    """Takes a place at the mail server's pace, which all shops share; where there is none yet, when there may be one."""
    limit = settings.ENCORE_EMAILS_PER_SECOND
    if limit < 1:
        return None
    verdict = take("email", [Window(limit, 1_000)])
    if verdict.allowed:
        return None
    return Waits(error="At the mail server's pace", after=verdict.wait, every=timedelta(seconds=1) / limit)


def _why_not(kind: Kind | None, member: Member, state: MemberState, telling: Telling) -> str:
    """Why nothing is sent; empty when it is."""
    if not queries.is_set_up():
        return "There is no mail server"
    if not member.program.is_installed:
        return "The shop has uninstalled Encore"
    if kind is None or kind.slug not in queries.kinds_on():
        return "This email is switched off"
    if not member.email:
        return "no_email: the member has no e-mail address"
    if member.emails_stopped_at is not None:
        return "unsubscribed: the member wants no emails"
    if member.is_excluded:
        return "excluded: the member takes no part"
    if state.is_filtered_out:
        return "Test mode keeps this member's news inside"
    ends = telling.payload.get("expires_at")
    if kind.slug == "points_expiring" and ends and datetime.fromisoformat(str(ends)) <= telling.now:
        return "Too late: the points have ended"
    return ""


def _mail(kind: Kind, member: Member, state: MemberState, telling: Telling) -> Mail:
    program = member.program
    sender, unsubscribe_url = queries.sender_of(program), url_for(program_id=program.pk, member_id=member.pk)
    written = write(
        program=program, kind=kind, wording=queries.wording_of(kind, queries.language_of(member, program)),
        values={**common_values(state, program.name), **kind.values(telling.payload)}, payload=telling.payload,
        link=state.referral_url, unsubscribe_url=unsubscribe_url,
    )  # fmt: skip
    return Mail(
        sender=sender.header,
        to=state.email or "",
        reply_to=sender.reply_to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        message_id=f"<{telling.event_id}.{kind.slug}@{urlsplit(settings.APP_URL).hostname}>",
        headers={
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        shown={"from": sender.header, "to": state.email, "subject": written.subject, "text": written.body},
    )
