"""Every Flow action by its handle. A test holds this table, the folders and their manifests together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flow_extensions.actions.add_points.handler import add_points
from flow_extensions.actions.add_store_credits.handler import add_store_credits
from flow_extensions.actions.approve_pending_points.handler import approve_pending_points
from flow_extensions.actions.assign_vip_tier.handler import assign_vip_tier
from flow_extensions.actions.award_custom_action.handler import award_custom_action
from flow_extensions.actions.issue_reward.handler import issue_reward
from flow_extensions.actions.remove_points.handler import remove_points
from flow_extensions.actions.remove_store_credits.handler import remove_store_credits
from flow_extensions.actions.reward_points_for_reviews.handler import reward_points_for_reviews
from flow_extensions.actions.runs import Run

HANDLERS: dict[str, Callable[[Run, datetime], bytes]] = {
    "add-points": add_points,
    "add-store-credits": add_store_credits,
    "approve-pending-points": approve_pending_points,
    "assign-vip-tier": assign_vip_tier,
    "award-custom-action": award_custom_action,
    "issue-reward": issue_reward,
    "remove-points": remove_points,
    "remove-store-credits": remove_store_credits,
    "reward-points-for-reviews": reward_points_for_reviews,
}
