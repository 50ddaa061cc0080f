"""Switching test mode: which form, for whom, and whether others hear of tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField
from loyalty.events import EventKind
from loyalty.ledger.operations import note_without_tests, put_to_test
from loyalty.ledger.queries import accounts_with_tests
from loyalty.members.models import Member
from loyalty.members.operations import normal_email
from loyalty.outbox.operations import append
from loyalty.programs.models import Program
from loyalty.referrals import queries as referrals
from loyalty.rewards.queries import tests
from loyalty.tiers.operations import forget_standing, keep_standing

MAX_LISTED = 100
_Mode = Program.TestMode


@dataclass(frozen=True, slots=True)
class ModeTerms:
    """What a merchant decides about trying the programme out.

    Attributes:
        mode: `off`, `shadow` or `restrict` (programme-rules facts, section 7).
        emails: Addresses of the test customers, members already; at most 100, and at least one unless it is off, when
            they are only kept for the next time.
        sends_test_events: Whether marketing platforms, Flow and webhooks hear of tests in shadow mode.
    """

    mode: str
    emails: Sequence[str]
    sends_test_events: bool = False


@transaction.atomic
def change_test_mode(*, program_id: int, terms: ModeTerms, now: datetime) -> Program:
    """Switches test mode. In shadow mode the listed members are testing from now on, everybody else is not.

    Whoever is no longer testing keeps what their test gave them until it is cleaned up. A repeat changes nothing.

    Raises:
        InvalidField: The mode is none, an address is not a member's (it is named), or the list is empty or too long.
    """
    if terms.mode not in _Mode.values:
        raise InvalidField("mode", _("Choose one of the values offered"))
    emails = sorted({address for email in terms.emails if (address := normal_email(email))})
    if len(emails) > MAX_LISTED:
        raise InvalidField("emails", _("List at most %(most)s test customers") % {"most": MAX_LISTED})
    if terms.mode != _Mode.OFF and not emails:
        raise InvalidField("emails", _("List at least one test customer"))
    # Before any account, and beside awards: their rows refer to the programme's key.
    program = Program.objects.select_for_update(no_key=True).get(pk=program_id)
    members = _members(emails) if terms.mode != _Mode.OFF else []
    others_hear_more = terms.sends_test_events and not program.sends_test_events
    program.test_mode, program.test_mode_emails = terms.mode, emails
    program.sends_test_events, program.updated_at = terms.sends_test_events, now
    program.save(update_fields=["test_mode", "test_mode_emails", "sends_test_events", "updated_at"])
    change = put_to_test(member_ids=members if terms.mode == _Mode.SHADOW else [])
    keep_standing(member_ids=change.joined)
    forget_standing(member_ids=note_without_tests(member_ids=_without_rewards(change.left)))
    told = set(accounts_with_tests().values_list("member_id", flat=True)) if others_hear_more else set()
    for member_id in sorted(told | set(change.left)):  # whoever mirrors them may do so again
        append(program_id=program.pk, kind=EventKind.MEMBER_CHANGED, member_id=member_id, payload={}, now=now)
    return program


def _members(emails: Sequence[str]) -> list[int]:
    """Our numbers of the members who have these addresses: each must be somebody's."""
    found = dict(Member.objects.living().filter(email__in=emails).order_by("-pk").values_list("email", "pk"))
    for email in emails:
        if email not in found:
            raise InvalidField(
                "emails", _("%(email)s is not a member. Test customers must be enrolled already.") % {"email": email}
            )
    return list(found.values())


def _without_rewards(members: Sequence[int]) -> list[int]:
    """Those of some members who have no reward and no invitation from a test: neither need have moved a point."""
    bought = set(tests().filter(member_id__in=members).values_list("member_id", flat=True))
    invited = set(referrals.tests().filter(advocate_id__in=members).values_list("advocate_id", flat=True))
    return [member_id for member_id in members if member_id not in bought | invited]
