"""What stands above every page while the programme is tried out, or while a test is left to be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from loyalty.programs.models import Program
from loyalty.test_mode.queries import has_tests
from shopify_app.dashboard.reading import number


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner: its tone, its heading and one sentence."""

    tone: str
    heading: str
    text: str


def notice_of(program: Program) -> Notice | None:
    """Returns what to say of the programme in scope; None when nothing is tried out."""
    listed = len(program.test_mode_emails)
    who = _("1 test customer") if listed == 1 else _("%(listed)s test customers") % {"listed": number(listed)}
    if program.test_mode == Program.TestMode.SHADOW:
        return Notice(
            "info", _("Shadow test is on"), _("%(who)s. Everybody else earns and redeems as usual.") % {"who": who}
        )
    if program.test_mode == Program.TestMode.RESTRICT:
        return Notice(
            "warning",
            _("Only test customers earn"),
            _("%(who)s. Everybody else earns nothing meanwhile.") % {"who": who},
        )
    if has_tests():
        return Notice(
            "warning", _("A test is left to clean up"), _("Points and rewards of the last test are still there.")
        )
    return None
