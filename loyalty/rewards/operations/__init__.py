"""What may happen in rewards."""

from loyalty.rewards.operations.buyable import Choice
from loyalty.rewards.operations.catalogue import change_reward, create_reward, delete_reward, move_reward, switch_reward
from loyalty.rewards.operations.cleaning import forget_test_occurrences, take_back_test
from loyalty.rewards.operations.crediting import decide_credit, settle_credit
from loyalty.rewards.operations.ending import fail, finish
from loyalty.rewards.operations.entry import change_tiers, give_on_entry, keep_skipped
from loyalty.rewards.operations.expiring import expire_codes
from loyalty.rewards.operations.follow_up import ask_back, follow_up, refund_redemption
from loyalty.rewards.operations.following import follow_order
from loyalty.rewards.operations.forgetting import forget_purchases
from loyalty.rewards.operations.giving import give_again, issue_credit, issue_free
from loyalty.rewards.operations.issuing import issue, remove_code
from loyalty.rewards.operations.purchase import Purchase, begin, purchase, start
from loyalty.rewards.terms import RewardTerms

__all__ = [
    "Choice",
    "Purchase",
    "RewardTerms",
    "ask_back",
    "begin",
    "change_reward",
    "change_tiers",
    "create_reward",
    "decide_credit",
    "delete_reward",
    "expire_codes",
    "fail",
    "finish",
    "follow_order",
    "follow_up",
    "forget_purchases",
    "forget_test_occurrences",
    "give_again",
    "give_on_entry",
    "issue",
    "issue_credit",
    "issue_free",
    "keep_skipped",
    "move_reward",
    "purchase",
    "refund_redemption",
    "remove_code",
    "settle_credit",
    "start",
    "switch_reward",
    "take_back_test",
]
