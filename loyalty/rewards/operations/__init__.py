"""What may happen in rewards."""

from loyalty.rewards.operations.buyable import Choice
from loyalty.rewards.operations.catalogue import change_reward, create_reward, delete_reward, switch_reward
from loyalty.rewards.operations.ending import fail, finish
from loyalty.rewards.operations.forgetting import forget_purchases
from loyalty.rewards.operations.issuing import issue, remove_code
from loyalty.rewards.operations.purchase import Purchase, begin, purchase
from loyalty.rewards.terms import RewardTerms

__all__ = [
    "Choice",
    "Purchase",
    "RewardTerms",
    "begin",
    "change_reward",
    "create_reward",
    "delete_reward",
    "fail",
    "finish",
    "forget_purchases",
    "issue",
    "purchase",
    "remove_code",
    "switch_reward",
]
