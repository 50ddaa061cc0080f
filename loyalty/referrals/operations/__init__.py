"""What may happen to referrals."""

from loyalty.referrals.operations.claiming import Invitation, claim, invitation
from loyalty.referrals.operations.coding import make_code_again, work_on_code
from loyalty.referrals.operations.completing import complete, welcome
from loyalty.referrals.operations.deciding import decide, decide_some
from loyalty.referrals.operations.following import follow_order
from loyalty.referrals.operations.judging import judge
from loyalty.referrals.operations.keeping import (
    expire_some,
    forget_all_friends,
    forget_friend,
    forget_strangers,
    take_over_referrals,
)
from loyalty.referrals.operations.tracing import forget_traces, see_member

__all__ = [
    "Invitation",
    "claim",
    "complete",
    "decide",
    "decide_some",
    "expire_some",
    "follow_order",
    "forget_all_friends",
    "forget_friend",
    "forget_strangers",
    "forget_traces",
    "invitation",
    "judge",
    "make_code_again",
    "see_member",
    "take_over_referrals",
    "welcome",
    "work_on_code",
]
