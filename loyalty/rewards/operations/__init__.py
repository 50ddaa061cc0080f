"""What may happen in rewards."""

from loyalty.rewards.operations.catalogue import RewardTerms, change_reward, create_reward, delete_reward, switch_reward
from loyalty.rewards.operations.ending import fail, finish
from loyalty.rewards.operations.forgetting import forget_purchases
from loyalty.rewards.operations.issuing import issue, remove_code
from loyalty.rewards.operations.purchase import Purchase, begin, purchase

__all__ = [
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
