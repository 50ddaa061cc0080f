"""Why a customer cannot join or redeem now, as they read it: the rules that purchases keep, said beforehand."""

from __future__ import annotations

from django.utils.translation import gettext as _

from loyalty.members.models import Member
from loyalty.programs.models import Program


def closed(program: Program) -> str:
    """Returns why the programme takes nobody in now; empty: it does."""
    return "" if program.is_enabled else _("The programme is paused at the moment")


def closed_to(*, program: Program, member: Member, debt: int = 0) -> str:
    """Returns why a member cannot redeem now; empty: they can.

    While only listed customers take part, everybody else redeems nothing in the shop (programme-rules facts, section 7).

    Args:
        debt: Points they owe.
    """
    if reason := closed(program):
        return _("%(reason)s. Your points stay yours") % {"reason": reason}
    if member.is_excluded:
        return _("You do not take part in the programme. Your points stay yours; the shop can tell you more")
    if not program.is_open_to(member.email):
        return _("The programme opens soon. Your points stay yours")
    if debt and program.refund_policy == Program.RefundPolicy.BLOCK:
        return _("Points of a returned order are still to be paid back before you can redeem again")
    return ""
