"""What may happen to test mode: it is switched, tests are taken back, and what others missed is awarded."""

from loyalty.test_mode.operations.cleaning import begin_clean_up, clean_up_some
from loyalty.test_mode.operations.missed import award_missed_some, begin_awarding, discard_missed
from loyalty.test_mode.operations.switching import ModeTerms, change_test_mode

__all__ = [
    "ModeTerms",
    "award_missed_some",
    "begin_awarding",
    "begin_clean_up",
    "change_test_mode",
    "clean_up_some",
    "discard_missed",
]
