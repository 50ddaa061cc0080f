"""What stands above every page while the programme is tried out, or while a test is left to be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from loyalty.programs.models import Program
from loyalty.test_mode.queries import has_tests


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner: its tone, its heading and one sentence."""

    tone: str
    heading: str
    text: str


def notice_of(program: Program) -> Notice | None:
    """Returns what to say of the programme in scope; None when nothing is tried out."""
    listed = len(program.test_mode_emails)
    who = "1 test customer" if listed == 1 else f"{listed:,} test customers"
    if program.test_mode == Program.TestMode.SHADOW:
        return Notice("info", "Shadow test is on", f"{who}. Everybody else earns and redeems as usual.")
    if program.test_mode == Program.TestMode.RESTRICT:
        return Notice("warning", "Only test customers earn", f"{who}. Everybody else earns nothing meanwhile.")
    if has_tests():
        return Notice("warning", "A test is left to clean up", "Points and rewards of the last test are still there.")
    return None
